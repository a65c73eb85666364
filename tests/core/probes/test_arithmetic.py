"""Any number of any layer: what is shown adds up to what the network computed."""

from __future__ import annotations

import base64
import gc
import json
import random
import weakref
from typing import Any

import pytest
import torch
from torch import nn

from core.errors import LiveTorchError
from core.probes import look
from core.probes.arithmetic.looks import LAYERS, arithmetic, kind_of, layer_maps, layers
from core.probes.arithmetic.loss import ADVERSARIAL, ELEMENTWISE, adversarial, brier, cross_entropy, elementwise
from core.probes.arithmetic.place import Place, place_in
from core.probes.arithmetic.way import Station, way_through
from core.probes.inside import inside
from core.training.gan_losses import GAN_LOSSES
from core.training.losses import LOSSES
from core.training.plane_losses import PLANE_LOSSES
from tests.core.probes.subjects import SMALL, task

RESIDUAL = {
    "blocks": [
        {"channels": 8, "convolutions": 2, "skip": True, "normalization": "layer", "pooling": "average", "activation": "gelu"},
        {"channels": 8, "skip": True, "stride": 2, "convolution": "depthwise", "normalization": "batch", "activation": "silu"},
        {"channels": 8, "normalization": "group", "pooling": "global", "activation": "elu"},
    ],
    "hidden": [6],
    "dropout": 0.3,
}  # fmt: skip
MORE: dict[str, tuple[str, dict[str, Any]]] = {
    "cnn_residual": ("cnn", {"model": RESIDUAL, "loss": {"name": "mse", "label_smoothing": 0.1}}),
    "mlp_normalised": ("mlp", {"model": {"normalization": "layer", "skip": True, "layers": [{"neurons": 4}, {"neurons": 4}]}}),
    "mlp_batch": ("mlp", {"model": {"normalization": "batch"}, "loss": {"name": "hinge"}, "penalty": {"l1": 0.01, "l2": 0.02}}),
    "rnn_both_ways": ("rnn_rows", {"model": {"cell": "gru", "hidden": 6, "layers": 2, "bidirectional": True}}),
    "rnn_relu": ("rnn_copy", {"model": {"cell": "rnn_relu", "hidden": 6, "layers": 2}}),
    "gan_growing": (
        "gan_digits",
        {"generator": {"kind": "dcgan"}, "discriminator": {"kind": "dcgan", "spectral_norm": True}, "loss": {"name": "hinge"}},
    ),
}  # fmt: skip
ALL = [*SMALL, *MORE]
SIDES = {
    "maps": ("channel", "row", "column"),
    "sequence": ("step", "channel"),
    "vector": ("channel",),
    "tokens": ("step",),
    "loss": ("step",),
}


def subject_of(name: str) -> Any:
    base, changed = MORE.get(name, (name, {}))
    return task(base, **changed)


def places(row: dict[str, Any], count: int) -> list[dict[str, int]]:
    """The corners and some places between, by the shape of a layer."""
    draw, names = random.Random(row["key"]), SIDES[row["layout"]]
    found = [dict.fromkeys(names, 0), dict(zip(names, (side - 1 for side in row["shape"]), strict=True))]
    return found + [
        {name: draw.randrange(side) for name, side in zip(names, row["shape"], strict=True)} for _ in range(count)
    ]


@pytest.mark.parametrize("name", ALL)
def test_every_number_shown_adds_up_to_what_the_network_computed(name: str) -> None:
    subject = subject_of(name)
    for part in inside(subject).parts:
        for member in range(len(inside(subject, part).inputs)):
            shown = layers(subject, part, 1, member)
            for row in shown["layers"][:-1]:
                for place in places(row, 2):
                    answer = arithmetic(subject, part, 1, member, layer=row["key"], **place)
                    assert answer["how"]["form"] != "unknown", row
                    for one in (answer, *answer["then"]):
                        assert one["result"] == pytest.approx(one["value"], rel=1e-5, abs=2e-6), (row["title"], place)


@pytest.mark.parametrize("name", ALL)
def test_values_are_those_of_the_layers_themselves(name: str) -> None:
    subject = subject_of(name)
    for part in inside(subject).parts:
        seen = inside(subject, part, 1)
        made: dict[str, Any] = {}

        def keep(key: str, into: dict[str, Any]) -> Any:
            return lambda _module, _given, output: into.setdefault(key, output)

        hooks = [module.register_forward_hook(keep(key, made)) for key, module in seen.model.named_modules()]
        with seen.opened(), torch.no_grad():
            outputs = seen.model(seen.inputs)
            total = float(seen.loss_of(outputs))
        for hook in hooks:
            hook.remove()
        for station in way_through(seen, 0).stations.values():
            if station.module is not None and isinstance(made[station.key.split(".l")[0]], torch.Tensor):
                assert torch.equal(station.made, made[station.key][0])
        loss = arithmetic(subject, part, 1, layer="loss")
        assert loss["how"]["total"] == pytest.approx(total, rel=1e-6)


@pytest.mark.parametrize("name", ALL)
def test_the_losses_of_all_steps_and_penalties_make_the_loss_that_is_trained(name: str) -> None:
    subject = subject_of(name)
    for part in inside(subject).parts:
        steps = layers(subject, part)["layers"][-1]["shape"][0]
        answers = [arithmetic(subject, part, layer="loss", step=step)["how"] for step in range(steps)]
        values = [answer["value"] for answer in answers if answer["value"] is not None]
        assert len(values) == answers[-1].get("counted", 1)
        total = sum(values) / len(values) + sum(answers[-1].get("penalties", {}).values())
        assert total == pytest.approx(answers[-1]["total"], rel=1e-5)


@pytest.mark.parametrize("name", ALL)
def test_answers_are_small_and_plain_and_leave_the_run_as_it_was(name: str) -> None:
    left_alone, looked_at = subject_of(name), subject_of(name)
    draws = torch.get_rng_state()
    for part in inside(looked_at).parts:
        shown = look(looked_at, "layers", {"part": part, "example": 2})
        assert len(json.dumps(shown, allow_nan=False)) < 60_000
        for row in shown["layers"]:
            maps = look(looked_at, "layer_maps", {"part": part, "example": 2, "layer": row["key"]})
            assert len(json.dumps(maps, allow_nan=False)) < 300_000
            found = look(looked_at, "arithmetic", {"part": part, "example": 2, "layer": row["key"], "rows": 64})
            assert len(json.dumps(found, allow_nan=False)) < 100_000
            known = {one["key"] for one in shown["layers"]}
            assert set(row["sources"]) <= known and (row["sources"] or row["key"] == "input")
    assert torch.equal(torch.get_rng_state(), draws)
    for mine, other in zip(left_alone.weights().values(), looked_at.weights().values(), strict=True):
        assert torch.equal(mine, other)
    for part in inside(looked_at).parts:
        ours, theirs = inside(left_alone, part).model, inside(looked_at, part).model
        assert [module.training for module in ours.modules()] == [module.training for module in theirs.modules()]
        assert not any(module._forward_hooks for module in theirs.modules())


def test_a_later_step_is_seen_anew() -> None:
    subject = task("mlp", 1)
    before = arithmetic(subject, layer="output")["value"]
    for batch in subject.batches(1):
        subject.training_step(batch)
        break
    after = arithmetic(subject, layer="output")
    assert after["value"] != before
    assert after["result"] == pytest.approx(after["value"], rel=1e-5)


@pytest.mark.parametrize("name", SMALL)
def test_what_is_kept_of_a_run_goes_with_it(name: str) -> None:
    subject = task(name, 0)
    arithmetic(subject)
    gone = weakref.ref(subject)
    del subject
    gc.collect()
    assert gone() is None


def station(module: nn.Module, x: torch.Tensor) -> Station:
    with torch.no_grad():
        made = module.eval()(x[None])[0]
    return Station("layer", type(module).__name__, module, ("input",), (x,), made)


def test_a_convolution_by_hand() -> None:
    layer = nn.Conv2d(1, 1, 2, padding=1)
    layer.weight.data = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    layer.bias.data = torch.tensor([0.5])
    at = station(layer, torch.tensor([[[1.0, 2.0], [3.0, -1.0]]]))
    with torch.no_grad():
        how, result = LAYERS[nn.Conv2d](at, Place(0, 1, 1, 0), 6)
        corner, result_there = LAYERS[nn.Conv2d](at, Place(0, 0, 0, 0), 6)
    assert result == 1 + 4 + 9 - 4 + 0.5
    assert how["rows"][0] == {
        "channel": 0,
        "patch": [[1.0, 2.0], [3.0, -1.0]],
        "kernel": [[1.0, 2.0], [3.0, 4.0]],
        "products": [[1.0, 4.0], [9.0, -4.0]],
        "sum": 10.0,
    }
    assert (corner["lines"], corner["columns"], result_there) == (
        [-1, 0],
        [-1, 0],
        4.5,
    )  # all but one of the patch is padding


def test_a_batch_norm_and_an_lstm_cell_by_hand() -> None:
    norm = nn.BatchNorm2d(1, eps=0.25)
    norm.running_mean.fill_(1.0)
    norm.running_var.fill_(3.75)
    norm.weight.data.fill_(3.0)
    norm.bias.data.fill_(-1.0)
    with torch.no_grad():
        how, result = LAYERS[nn.BatchNorm2d](station(norm, torch.full((1, 1, 1), 5.0)), Place(0, 0, 0, 0), 6)
    assert (how["normal"], result) == (2.0, 5.0)
    subject = task("rnn_rows", 0)
    rnn = subject.model.rnn
    for weight in rnn.parameters():
        weight.data.zero_()
    rnn.bias_ih_l0.data[16] = 20.0  # candidate of unit 0: tanh(20) = 1; all gates 1/2
    how = arithmetic(subject, layer="rnn.l0", step=1)["how"]
    gates = {gate["name"]: gate["value"] for gate in how["gates"]}
    assert gates == {"input": 0.5, "forget": 0.5, "candidate": 1.0, "output": 0.5}
    assert (how["previous_cell"], how["new_cell"]) == (0.5, 0.75)
    assert how["new"] == pytest.approx(0.5 * torch.tensor(0.75).tanh().item(), rel=1e-6)


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(4, 6, 3, stride=2, padding=1, dilation=2, groups=2),
        nn.Conv2d(4, 4, (2, 3), padding=(1, 0), groups=4, bias=False),
        nn.Conv2d(4, 3, 3, padding="same"),
        nn.ConvTranspose2d(4, 6, 4, stride=2, padding=1),
        nn.ConvTranspose2d(4, 6, 3, stride=3, padding=1, output_padding=1, dilation=2, groups=2),
        nn.MaxPool2d(3, stride=2, padding=1),
        nn.MaxPool2d(2, stride=1, dilation=2),
        nn.MaxPool2d(2, ceil_mode=True),
        nn.AvgPool2d(3, stride=2, padding=1),
        nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False, ceil_mode=True),
        nn.AvgPool2d(2, divisor_override=3),
        nn.AdaptiveAvgPool2d((3, 2)),
        nn.AdaptiveMaxPool2d(2),
        nn.GroupNorm(2, 4),
        nn.LayerNorm([4, 7, 5]),
    ],
    ids=str,
)
def test_layers_with_unusual_settings(layer: nn.Module) -> None:
    draw = torch.Generator().manual_seed(0)
    at = station(layer, torch.randn(4, 7, 5, generator=draw))
    kind = kind_of(at)
    assert kind is not None
    channels, height, width = at.made.shape
    for row in range(height):
        for column in range(width):
            place = Place(min(row, channels - 1), row, column, 0)
            with torch.no_grad():
                result = kind(at, place, 3)[1]
            assert result == pytest.approx(float(at.made[place.channel, row, column]), rel=1e-5, abs=1e-6)


def test_losses_are_torchs() -> None:
    draw = torch.Generator().manual_seed(0)
    logits, label = torch.randn(1, 30, generator=draw) * 4, torch.tensor([7])
    for how, name in ((cross_entropy, "cross_entropy"), (brier, "mse")):
        for smoothing in (0.0, 0.2):
            found = how(logits[0], 7, [], smoothing)
            assert found["value"] == pytest.approx(float(LOSSES[name](logits, label, smoothing)), rel=1e-5)
            assert any(row["index"] == 7 for row in found["rows"])
            assert sum(row["p"] for row in found["rows"]) + found["more"]["p"] == pytest.approx(1)
    outputs = torch.randn(1, 3, generator=draw)
    for name in ELEMENTWISE:
        target = torch.tensor([[0.0, 1.0, 1.0]])
        expected = nn.functional.mse_loss(outputs, target) if name == "mse" else PLANE_LOSSES[name](outputs, target)
        assert elementwise(name, outputs[0], target[0], [])["value"] == pytest.approx(float(expected), rel=1e-5)
    real, fake = torch.tensor([[0.7]]), torch.tensor([[-1.3]])
    for name, (of_d, of_g) in GAN_LOSSES.items():
        both = adversarial(name, "discriminator", torch.cat([real, fake]), 0.9)
        assert both["value"] == pytest.approx(float(of_d(real, fake, 0.9)), rel=1e-5)
        assert adversarial(name, "generator", fake, 0.9)["value"] == pytest.approx(float(of_g(fake)), rel=1e-5)
    assert set(ADVERSARIAL) == set(GAN_LOSSES)


def test_a_drawing_and_a_point_of_ones_own() -> None:
    drawing = base64.b64encode(bytes([0] * 24 + [255] * 16 + [0] * 24)).decode()
    cnn = task("cnn", 0)
    answer = arithmetic(cnn, drawing=drawing, layer="input", row=4, column=4)["how"]
    assert answer["pixel"] == 16
    loss = arithmetic(cnn, drawing=drawing, layer="loss")["how"]
    assert loss["value"] is loss["total"] is None and len(loss["rows"]) == 10
    mlp = task("mlp", 0)
    assert layers(mlp, x1=1.5, x2=-2.0)["point"] == [1.5, -2.0]
    assert arithmetic(mlp, x1=1.5, x2=-2.0, layer="input", channel=1)["value"] == -2.0
    with pytest.raises(LiveTorchError, match="pictures can be given a drawing"):
        layers(mlp, drawing=drawing)
    with pytest.raises(LiveTorchError, match="reads points of the plane"):
        layers(cnn, x1=0.0, x2=0.0)
    with pytest.raises(LiveTorchError, match="x2 is None"):
        layers(mlp, x1=0.0)


def test_weights_that_are_not_finite_are_shown_as_such() -> None:
    subject = task("cnn", 0)
    next(subject.model.parameters()).data.fill_(float("nan"))
    answer = arithmetic(subject, layer="0", row=4, column=4)
    assert answer["value"] == answer["result"] == "nan"
    assert answer["then"][0]["value"] == "nan"
    assert arithmetic(subject, layer="loss")["how"]["value"] == "nan"
    shown = layers(subject)
    assert shown["layers"][1]["maps"]["block"]["broken"]
    json.dumps([answer, shown], allow_nan=False)


def test_refuses_what_there_is_not() -> None:
    subject = task("cnn", 0)
    with pytest.raises(LiveTorchError, match="no layer xyz"):
        arithmetic(subject, layer="xyz")
    with pytest.raises(LiveTorchError, match="row is 8; it must be a whole number from 0 to 7"):
        arithmetic(subject, layer="0", row=8)
    with pytest.raises(LiveTorchError, match="channel is a"):
        arithmetic(subject, layer="0", channel="a")  # type: ignore[arg-type]
    with pytest.raises(LiveTorchError, match="rows is 0"):
        arithmetic(subject, rows=0)
    with pytest.raises(LiveTorchError, match="member is 1"):
        layers(subject, member=1)
    with pytest.raises(LiveTorchError, match="example is 99999"):
        layers(subject, example=99_999)
    with pytest.raises(LiveTorchError, match="first is -1"):
        layer_maps(subject, layer="0", first=-1)
    with pytest.raises(LiveTorchError, match="step is 1"):
        arithmetic(subject, layer="loss", step=1)
    assert place_in((), "number", 0, 0, 0, 0) == Place(0, 0, 0, 0)
