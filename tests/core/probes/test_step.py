"""The next update of a run, explained: its numbers are those of the run, and the run does not notice."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import torch

from core.config import load
from core.errors import LiveTorchError
from core.probes import look
from core.probes.rest import Rest
from core.probes.step.looks import update
from core.probes.step.loss import LOSSES, answer_of
from core.probes.step.products import Spot, laid, products
from core.probes.step.true import alone, next_batch, players, taken
from core.runs.log import finite
from core.training.events import Edit
from core.training.loop import train
from core.training.optimizers import OPTIMIZERS
from core.training.task import make_task
from tests.core.probes.subjects import SMALL, task

CONSTANTS = {"momentum": 0.6, "nesterov": True, "beta1": 0.8, "beta2": 0.95, "alpha": 0.9, "rho": 0.8}
OPTIMIZER = CONSTANTS | {"learning_rate": 0.02, "weight_decay": 0.01}
RANDOM = {
    "cnn": {"model": {"dropout": 0.4}, "ema_decay": 0.9, "data": {"augmentation": "shift"}},
    "mlp": {"model": {"dropout": 0.3, "normalization": "batch"}},
    "rnn_stdlib": {"data": {"length": 16, "carry": True}, "model": {"dropout": 0.2}},
    "gan_digits": {"discriminator": {"kind": "dcgan", "spectral_norm": True}, "generator": {"kind": "dcgan"}},
}


def one_later(subject: Any) -> Any:
    subject.training_step(next_batch(subject))
    return subject


def same(one: Any, other: Any) -> bool:
    return all(
        torch.equal(mine, its) for mine, its in zip(one.weights().values(), other.weights().values(), strict=True)
    )


def weight_at(model: Any, chosen: dict[str, Any]) -> float:
    layer = model.get_submodule(chosen["layer"])
    number = laid(layer, dict(layer.named_parameters())[chosen["parameter"]].detach())
    return float(number[chosen["unit"], chosen["source"], chosen["place"]])


@pytest.mark.parametrize("name", SMALL)
def test_shows_the_weights_that_the_run_has_one_step_later(name: str) -> None:
    subject, later = task(name, 4), one_later(task(name, 4))
    for part, player in players(later).items():
        first = update(subject, part)
        layers = [row for row in first["layers"] if row["own"] and row["parameters"]]
        for row in layers:
            for parameter in row["parameters"]:
                found = update(subject, part, row["id"], parameter)
                assert found["after"] == weight_at(player.model, found["chosen"])
                assert found["agrees"] and found["formula"] == pytest.approx(found["after"], rel=1e-6, abs=1e-12)
                if found["products"] is not None:
                    assert found["products"]["total"] == pytest.approx(found["gradient"], rel=2e-5, abs=1e-8)
    assert same(one_later(subject), later)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", ["cnn", "mlp", "rnn_forecast", "gan_ring"])
def test_follows_every_optimizer_to_the_last_digit(name: str, optimizer: str) -> None:
    rule = OPTIMIZER | {"name": optimizer}
    changed = {"optimizer": rule, "clip_norm": 0.1, "schedule": {"name": "constant"}} | (
        {"discriminator_optimizer": rule} if name == "gan_ring" else {}
    )
    subject, later = task(name, 5, **changed), one_later(task(name, 5, **changed))
    for part, player in players(later).items():
        found = update(subject, part)
        assert found["rule"] == optimizer and found["after"] == weight_at(player.model, found["chosen"])
        assert found["after"] != found["before"] and found["agrees"]
        assert found["lines"][-1]["value"] == pytest.approx(found["after"], rel=1e-6)
        for line in found["lines"]:
            if line["state"]:
                assert line["value"] == pytest.approx(line["after"], rel=1e-5, abs=1e-12)
                assert line["before"] != line["after"]
        clip = found["clip"]
        assert found["given"] == pytest.approx(found["gradient"] * clip["factor"], rel=1e-5)
        assert found["constants"]["lr"] == pytest.approx(0.02)


def test_plain_descent_is_done_by_hand_and_equals_autograd() -> None:
    subject = task("mlp", 5, penalty={"l2": 0.01})
    found = taken(subject, "network")
    [(x, target)] = subject._gathered(found.batch)
    by_hand = {}
    before = {name: one.clone() for name, one in found.before.items()}
    for name, gradient in zip(before, subject.steps.autograd(x, target), strict=True):
        by_hand[name] = gradient
        assert torch.equal(found.raw[name], gradient)
        assert torch.equal(found.after[name], before[name].add(gradient, alpha=-0.03))
    shown = update(subject)
    extras = {one["name"]: one["value"] for one in shown["extras"]}
    assert extras["l2"] == pytest.approx(0.01 * shown["before"])
    assert shown["products"]["total"] + extras["l2"] == pytest.approx(shown["gradient"], rel=1e-5)


@pytest.mark.parametrize("name", SMALL)
def test_a_run_that_is_looked_at_goes_on_as_if_it_were_not(name: str) -> None:
    config = load(SMALL[name] | RANDOM.get(name, {})).resolved(device="cpu", threads=1)
    ends = []
    for looks in (False, True):
        subject = make_task(config)
        subject.single = True
        for seen, _event in enumerate(train(subject)):
            if looks and seen % 2 == 0:
                for part in players(subject):
                    update(subject, part, example=-1 if seen % 4 else 0)
            if subject.step >= 6 and (name not in ("mlp", "cnn") or subject.epoch > 1 or subject.step > 60):
                break
        ends.append(subject)
    assert same(*ends)
    assert ends[0].optimizers().keys() == ends[1].optimizers().keys()
    assert torch.equal(*(next(iter(one.generators().values())).get_state() for one in ends))


def test_an_epoch_that_ends_and_a_schedule_that_stalls_are_gone_through() -> None:
    subject = task("mlp", 25, schedule={"name": "plateau", "patience": 0})
    assert len(subject.left) == 0  # the epoch's last step was taken, its end not told
    later = task("mlp", 25, schedule={"name": "plateau", "patience": 0})
    assert update(subject)["after"] == weight_at(one_later(later).model, update(subject)["chosen"])
    assert subject.open and subject.plateau.factor == 1


def test_a_run_that_has_ended_takes_no_further_step() -> None:
    subject = task("mlp", 0, epochs=1)
    for batch in subject.batches(1):
        subject.training_step(batch)
    with pytest.raises(LiveTorchError, match="ended after step"):
        update(subject)
    subject.end_epoch(1, {})
    with pytest.raises(LiveTorchError, match="ended after step"):
        update(subject)


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("example", [-1, 1])
def test_the_loss_begins_the_way_back(name: str, example: int) -> None:
    subject = task(name, 3)
    for part in players(subject):
        found = taken(subject, part) if example < 0 else alone(subject, part, example)
        count = len(found.calls[-1].made) * (2 if part == "discriminator" and example < 0 else 1)
        for row in {0, count - 1}:
            answer = answer_of(
                found, row, None if found.calls[-1].made.dim() < 3 else found.calls[-1].made.shape[1] - 1
            )
            slope = LOSSES[answer.key].slope
            assert slope is not None
            assert slope(answer.z, answer.y) / answer.over == pytest.approx(answer.delta.numpy(), rel=1e-4, abs=1e-7)


@pytest.mark.parametrize("loss", ["minimax", "non_saturating", "least_squares", "hinge", "wgan_clip", "wgan_gp"])
def test_every_game_is_explained(loss: str) -> None:
    subject = task("gan_ring", 2, loss={"name": loss}, steps_d=2)
    for part in players(subject):
        found = taken(subject, part)
        answer = answer_of(found, len(found.calls[-1].made) - 1, None)
        slope = LOSSES[answer.key].slope
        assert slope is not None
        assert slope(answer.z, answer.y) / answer.over == pytest.approx(answer.delta.numpy(), rel=1e-4, abs=1e-7)
        later = one_later(task("gan_ring", 2, loss={"name": loss}, steps_d=2))
        shown = update(subject, part)
        assert shown["after"] == weight_at(players(later)[part].model, shown["chosen"]) and shown["agrees"]
    extra = {one["name"] for one in update(subject, "discriminator")["extras"]}
    assert extra == ({"gradient_penalty"} if loss == "wgan_gp" else set())
    words = [line["word"] for line in update(subject, "discriminator")["lines"]]
    assert ("clamped" in words) == (loss == "wgan_clip")


def test_a_player_that_stands_still_has_no_update() -> None:
    subject = task("gan_ring", 1, players="discriminator")
    with pytest.raises(LiveTorchError, match="generator stands still"):
        update(subject, "generator")


RECURRENT = [
    ("rnn_rows", {"model": {"cell": "gru", "hidden": 5, "layers": 2, "bidirectional": True}}),
    ("rnn_copy", {"data": {"length": 6, "bptt": 5}, "model": {"cell": "lstm", "hidden": 5, "layers": 2}}),
    ("rnn_stdlib", {"data": {"length": 16, "carry": True}, "model": {"cell": "rnn_relu", "hidden": 6}}),
]
OTHERS = [
    ("gan_digits", {"generator": {"kind": "dcgan"}, "discriminator": {"kind": "dcgan"}}),
    (
        "cnn",
        {
            "model": {
                "blocks": [
                    {"convolution": "depthwise", "normalization": "batch", "stride": 2, "pooling": "average"},
                    {"normalization": "group", "skip": True, "convolutions": 2},
                ]
            }
        },
    ),
    ("mlp", {"model": {"normalization": "layer", "skip": True, "layers": [{"neurons": 3}, {"neurons": 3}]}}),
]


@pytest.mark.parametrize(("name", "changed"), [*RECURRENT, *OTHERS])
def test_every_weight_is_a_sum_of_products(name: str, changed: dict[str, Any]) -> None:
    subject = task(name, 3, **changed)
    for part in players(subject):
        for found in (taken(subject, part), alone(subject, part, 1)):
            for full, gradient in found.raw.items():
                layer, _, parameter = full.rpartition(".")
                calls = [call for call in found.calls if call.network == part and call.name == layer]
                numbers = laid(calls[0].module, gradient)
                unit, source, place = (int(at) for at in torch.unravel_index(numbers.abs().argmax(), numbers.shape))
                made = products(calls, Spot(parameter, unit, source, place))
                assert made is not None, full
                total, true = float((made.delta * made.value).sum()), float(numbers[unit, source, place])
                assert total == pytest.approx(true, rel=1e-4, abs=1e-7), full


@pytest.mark.parametrize(("name", "changed"), [*((name, {}) for name in SMALL), *OTHERS])
def test_every_link_of_the_chain_gives_the_gradient_before_it(name: str, changed: dict[str, Any]) -> None:
    subject = task(name, 3, **changed)
    kinds = set()
    for part in players(subject):
        for row in update(subject, part)["layers"]:
            if not row["own"] or not row["parameters"]:
                continue
            for example in (-1, 0):
                found = update(subject, part, row["id"], term=2, example=example)
                links = found.get("route", [])
                for link, behind in zip(links, [*links[1:], None][: len(links)], strict=True):
                    kinds.add(link["kind"])
                    if link["kind"] == "sum":
                        assert behind is None or behind["value"] == link["terms"][0]["delta"]
                        assert link["total"] == pytest.approx(link["value"], rel=1e-4, abs=1e-8)
                    elif link.get("gradient") is not None and "derivative" in link:
                        assert link["derivative"] * link["gradient"] == pytest.approx(link["value"], rel=1e-4, abs=1e-9)
                        assert behind is None or behind["value"] == link["gradient"]
                    elif link["kind"] == "normalization":
                        inner = link["gradient"] - link["mean"] - link["normalized"] * link["product"]
                        assert link["scale"] / link["deviation"] * inner == pytest.approx(
                            link["value"], rel=1e-3, abs=1e-8
                        )
                if found.get("forward") is not None:
                    assert found["forward"]["total"] == pytest.approx(found["forward"]["value"], rel=1e-4, abs=1e-5)
    assert kinds <= {
        "activation",
        "sum",
        "loss",
        "max",
        "average",
        "reshape",
        "dropout",
        "normalization",
        "other",
        "layer",
    }


def test_one_neuron_by_hand() -> None:
    """Two inputs, one hidden tanh neuron, squared error: dL/dw = mean of (z - y) v (1 - h²) x."""
    subject = task("mlp", 2, batch_size=1, model={"layers": [{"neurons": 1}]}, dataset="plane")
    found = update(subject, layer="hidden.0.linear", unit=0, source=1)
    layers = found["neurons"]["layers"]
    hidden, output = layers[0]["values"][0], layers[1]["values"][0]
    target = found["loss"]["rows"][0]["target"]
    x, v = found["neurons"]["inputs"][1], layers[1]["weights"][0][0]
    assert found["gradient"] == pytest.approx((output - target) * v * (1 - hidden**2) * x, rel=1e-4)
    assert [link["kind"] for link in found["route"]] == ["activation", "sum", "loss"]
    assert found["after"] == pytest.approx(found["before"] - found["constants"]["lr"] * found["gradient"], rel=1e-6)


@pytest.mark.parametrize("name", SMALL)
def test_answers_are_small_and_can_be_said(name: str) -> None:
    subject = task(name, 3)
    for part in players(subject):
        for example in (-1, 2):
            said = json.dumps(finite(look(subject, "update", {"part": part, "example": example})))
            assert len(said) < 100_000


def test_a_diverged_network_is_shown_as_such() -> None:
    subject = task("mlp", 3)
    with torch.no_grad():
        subject.model.output.weight.fill_(math.inf)
    said = finite(update(subject))
    assert (
        said["gradient"] is None or not math.isfinite(said["gradient"] or math.nan) or said["agrees"] in (True, False)
    )
    json.dumps(said, allow_nan=False)


def test_an_edit_holds_from_the_next_step() -> None:
    subject = task("cnn", 3)
    subject.apply(Edit("optimizer.learning_rate", 0.5))
    assert update(subject)["constants"]["lr"] == pytest.approx(0.5)


def test_refuses_in_words() -> None:
    subject = task("cnn", 2)
    for args, said in (
        ({"part": "generator"}, "part is generator"),
        ({"layer": "xyz"}, "layer is xyz"),
        ({"parameter": "gamma"}, "parameter is gamma"),
        ({"unit": 999}, "unit is 999"),
        ({"source": "a"}, "source is a"),
        ({"place": 9}, "place is 9"),
        ({"example": 99_999}, "example is 99999"),
        ({"example": True}, "example is True"),
        ({"term": 8}, "term is 8"),
    ):
        with pytest.raises(LiveTorchError, match=said):
            look(subject, "update", args)
    rest = Rest(subject.config, subject.data, subject.model, 2)
    with pytest.raises(LiveTorchError, match="Choose a moment"):
        look(rest, "update", {})
