"""The loss around the weights, and the run's path through it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn

from core.errors import LiveTorchError
from core.probes.inside import Inside, inside
from core.probes.landscape.looks import axes_of, landscape, landscape_row, random_axes
from core.probes.landscape.path import chosen
from core.training.moments import capture, packed
from core.training.past import Past
from core.training.past_names import moment_name
from tests.core.probes.subjects import SMALL, task


def with_past(name: str, folder: Path, steps: int = 6) -> Any:
    """A task with moments kept after every second step."""
    for step in range(2, steps + 1, 2):
        (folder / moment_name(step)).write_bytes(packed(capture(task(name, step))))
    subject = task(name, steps)
    subject.past = Past(subject.config, [], folder)
    return subject


def test_numbers_of_a_network_of_one_weight() -> None:
    """loss = (w x - t)^2 with w = 2, x = 3, t = 4: along a direction as long as the weight itself."""
    model = nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        model.weight.fill_(2.0)
    inputs = torch.tensor([[3.0]])
    seen = Inside(
        model,
        inputs,
        None,
        lambda outputs: (outputs - 4).square().mean(),
        ("network",),
        "network",
        (),
        "point",
        ("",),
        1,
    )
    axes = random_axes(seen, 0, 1.0)
    assert axes.first["weight"].abs().item() == pytest.approx(2.0)
    from core.probes.landscape.looks import _moving

    sign = float(axes.first["weight"].sign())
    with _moving(seen) as loss_at:
        assert loss_at({}) == pytest.approx(4.0)
        assert loss_at(axes.moved(sign * 0.5, 0.0)) == pytest.approx((3 * 3 - 4) ** 2)
    assert model.weight.item() == 2.0


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("kind", ["path", "random"])
def test_every_network_has_a_landscape_that_leaves_it_alone(name: str, kind: str, tmp_path: Path) -> None:
    subject = with_past(name, tmp_path)
    before = {key: value.clone() for key, value in subject.weights().items()}
    draws = torch.get_rng_state()
    for part in inside(subject).parts:
        plan = landscape(subject, part, kind, side=9)
        row = landscape_row(subject, part, kind, side=9)
        assert len(plan["x"]) == len(plan["y"]) == len(row["losses"]) == 9
        if kind == "random":
            assert row["losses"][4] == pytest.approx(
                plan["centre"], rel=1e-5
            )  # the middle of the row is where it stands
    assert torch.equal(torch.get_rng_state(), draws)
    assert all(torch.equal(value, before[key]) for key, value in subject.weights().items())


@pytest.mark.parametrize("name", ["cnn", "mlp", "rnn_rows", "gan_ring"])
def test_the_path_goes_through_the_moments_it_is_made_of(name: str, tmp_path: Path) -> None:
    subject = with_past(name, tmp_path)
    seen = inside(subject, "", 0, 16, "train")
    axes = axes_of(subject, seen, "path", 0, 100)
    assert [step for step, _x, _y in axes.path] == [0, 2, 4, 6]
    assert axes.path[-1][1:] == (0.0, 0.0)
    assert 0 <= axes.explained[1] <= axes.explained[0] <= 1
    x_low, x_high = axes.extent[0]
    assert all(x_low <= x <= x_high for _step, x, _y in axes.path)
    first = torch.cat([axes.first[key].flatten() for key in axes.first])
    second = torch.cat([axes.second[key].flatten() for key in axes.second])
    assert first.norm().item() == pytest.approx(1.0, abs=1e-4) and abs((first @ second).item()) < 1e-4
    now = torch.cat([value.detach().flatten() for value in seen.model.parameters()])
    names = [key for key, _value in seen.model.named_parameters()]
    networks = subject.past.networks_at(2)
    state = networks.get("model") or {
        key.removeprefix(f"{seen.part}."): value for key, value in networks["players"].items()
    }
    moment = torch.cat([state[key].flatten() for key in names]) - now
    assert axes.path[1][1] == pytest.approx((moment @ first).item(), abs=1e-5)


def test_filters_of_random_directions_are_as_long_as_the_weights(tmp_path: Path) -> None:
    seen = inside(task("cnn"))
    axes = random_axes(seen, 3, 1.0)
    for name, weights in seen.model.named_parameters():
        direction = axes.first[name]
        if weights.dim() < 2:
            assert not direction.any()
        else:
            assert torch.allclose(direction.flatten(1).norm(dim=1), weights.flatten(1).norm(dim=1), rtol=1e-4)
    assert not torch.equal(next(iter(axes.first.values())), next(iter(axes.second.values())))


def test_what_cannot_be_drawn_is_said(tmp_path: Path) -> None:
    subject = task("mlp")
    with pytest.raises(LiveTorchError, match="kept moments"):
        landscape(subject)
    subject.past = SimpleNamespace(steps=(0,))
    with pytest.raises(LiveTorchError, match="too young"):
        landscape(subject)
    for wrong in (
        {"kind": "other"},
        {"kind": "random", "side": 1000},
        {"kind": "random", "seed": -1},
        {"kind": "random", "reach": 0},
    ):
        with pytest.raises(LiveTorchError):
            landscape(subject, **wrong)
    with pytest.raises(LiveTorchError, match="row is 25"):
        landscape_row(subject, kind="random", row=25)


def test_many_moments_are_spread_evenly() -> None:
    assert chosen(tuple(range(5)), 10) == (0, 1, 2, 3, 4)
    assert chosen(tuple(range(101)), 11) == tuple(range(0, 101, 10))
