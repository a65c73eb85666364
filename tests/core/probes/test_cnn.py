"""Looks into a network: what they show, that they leave no trace, that they refuse what they cannot answer."""

from __future__ import annotations

import base64
import copy
import io
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from sklearn.metrics import confusion_matrix
from torch import Tensor, nn

from core.config import CNNRunConfig, load
from core.datasets.images import ImageData
from core.errors import LiveTorchError
from core.families import FAMILIES
from core.models.cnn import build, layer_specs, named_leaves
from core.probes import look
from core.probes.drawing import as_picture, decoded, fitted, usual_extent
from core.probes.pictures import numbers, sprite, tensor_block
from core.probes.rest import look_at_rest
from core.probes.subject import named_layers
from core.training.assessment import Assessment, assess, looking
from core.training.task import make_task
from core.training.updates import UpdateMeter
from tests.test_boundaries import loaded_after

PLAIN = {"blocks": [{"channels": 2, "activation": "relu"}], "hidden": []}
RICH = {
    "blocks": [
        {"channels": 4, "normalization": "batch", "pooling": "max"},
        {"channels": 8, "convolutions": 2, "convolution": "depthwise", "normalization": "group", "skip": True},
    ],
    "hidden": [12],
    "dropout": 0.3,
}


def config(model: dict[str, Any] = PLAIN, **changed: Any) -> CNNRunConfig:
    return load({"model": model} | changed).resolved(device="cpu", threads=1)


def few_pictures(count: int = 50, channels: int = 1) -> ImageData:
    """Random digits-like pictures; the label of picture i is i modulo 10, but nothing shows a 9."""
    draw = torch.Generator().manual_seed(1)
    images = torch.randint(0, 17, (count, channels, 8, 8), dtype=torch.uint8, generator=draw)
    labels = torch.arange(count) % 9
    zero, one = torch.zeros(channels, 1, 1), torch.ones(channels, 1, 1)
    return ImageData(images, labels, images, labels, tuple("0123456789"), 16, zero, one, labels)


@dataclass
class Standing:
    """A subject made by hand."""

    config: CNNRunConfig
    data: ImageData
    model: nn.Module
    step: int = 5
    assessment: Assessment | None = None
    meter: UpdateMeter | None = None

    @property
    def evaluated(self) -> nn.Module:
        return self.model


def standing(model: dict[str, Any] = PLAIN, data: ImageData | None = None) -> Standing:
    torch.manual_seed(0)
    settings = config(model)
    network = build(settings.model, (1, 8, 8), 10, editable=True)
    subject = Standing(settings, data or few_pictures(), network)
    subject.meter = UpdateMeter(named_layers(subject))
    return subject


def answering(classes: list[int], confidences: list[float]) -> Standing:
    """A subject whose last validation gave these answers, and that has taken no step since."""
    subject = standing(data=few_pictures(len(classes)))
    subject.assessment = Assessment(5, torch.tensor(classes), torch.tensor(confidences))
    return subject


def zeroed(subject: Standing, value: float = 0.0) -> Standing:
    for parameter in subject.model.parameters():
        parameter.data.fill_(value)
    return subject


def decode(block: dict[str, Any]) -> Tensor:
    """The values of a tensor block (n, h, w)."""
    steps = numpy.frombuffer(base64.b64decode(block["values"]), dtype=numpy.uint8).astype(numpy.float64)
    values = block["low"] + steps / 255 * (block["high"] - block["low"])
    return torch.from_numpy(values).view(block["count"], block["height"], block["width"])


def opened(made: dict[str, Any]) -> numpy.ndarray:
    return numpy.asarray(Image.open(io.BytesIO(base64.b64decode(made["png"]))))


def drawn(ink: Tensor) -> str:
    """What the browser sends for ink (h, w) from 0 to 255."""
    return base64.b64encode(ink.to(torch.uint8).numpy().tobytes()).decode()


LINE = drawn(torch.zeros(8, 8).index_fill(1, torch.tensor([5]), 255))


# How tensors and pictures travel


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("scale", [1e-12, 1.0, 3e38])
def test_a_tensor_block_gives_the_tensor_back_within_half_a_step(signed, scale):
    values = (torch.rand(5, 4, 3, generator=torch.Generator().manual_seed(0)) - 0.25) * scale
    block = tensor_block(values, signed)
    assert not block["broken"] and block["signed"] is signed
    if signed:
        assert block["low"] == -block["high"] == -values.abs().max().item()
    else:
        assert (block["low"], block["high"]) == (values.min().item(), values.max().item())
    half_step = (block["high"] - block["low"]) / 255 / 2
    assert (decode(block) - values.double()).abs().max().item() <= half_step * 1.000001


def test_a_tensor_of_one_value_and_broken_values():
    assert decode(tensor_block(torch.full((1, 2, 2), 3.0), signed=False)).tolist() == [[[3.0, 3.0], [3.0, 3.0]]]
    block = tensor_block(torch.tensor([[[math.nan, math.inf, -math.inf, -2.0]]]), signed=True)
    assert block["broken"] is True
    assert (block["low"], block["high"]) == (-2.0, 2.0)
    assert decode(block).abs().flatten().tolist() == pytest.approx([0, 0, 0, 2], abs=0.01)
    assert json.dumps(block, allow_nan=False)


def test_a_sprite_shows_every_picture_at_its_place():
    pixels = torch.arange(9, dtype=torch.uint8).view(9, 1, 1, 1).expand(9, 1, 8, 8) * 20
    made = sprite(pixels)
    assert (made["columns"], made["rows"], made["tile"]) == (8, 2, 32)
    seen = opened(made)
    assert seen.shape == (64, 256)
    assert seen[16, 16::32].tolist() == [0, 20, 40, 60, 80, 100, 120, 140]
    assert seen[48, 16::32].tolist() == [160, 0, 0, 0, 0, 0, 0, 0]


def test_a_sprite_keeps_colours():
    seen = opened(sprite(torch.tensor([10, 20, 30], dtype=torch.uint8).view(1, 3, 1, 1).expand(1, 3, 32, 32)))
    assert seen.shape == (32, 256, 3)
    assert seen[0, 0].tolist() == [10, 20, 30]


def test_numbers_that_are_not_finite_are_missing():
    assert numbers([0.123456789, math.nan, math.inf, 1e-9]) == [0.123457, None, None, 1e-9]


# Predictions


def test_predictions_are_those_of_the_present_network():
    subject = standing()
    seen = look(subject, "predictions", {"count": 12})
    with torch.no_grad():
        surest = subject.model(subject.data.validation_images[:12].float()).softmax(1).max(1)
    assert seen["index"] == list(range(12))
    assert seen["predicted"] == surest.indices.tolist()
    assert seen["confidence"] == pytest.approx(surest.values.tolist(), abs=1e-4)
    assert seen["labels"] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2]
    assert (seen["wrong"], seen["total"], seen["assessed"]) == (None, 50, None)
    assert seen["sprite"]["rows"] == 2


def test_a_network_of_zeros_finds_all_classes_equally_likely():
    seen = look(zeroed(standing()), "predictions", {"order": "wrong", "count": 50})
    assert set(seen["predicted"]) == {0}
    assert set(seen["confidence"]) == {0.1}
    assert seen["wrong"] == 44  # of 50 pictures, numbers 0, 9, 18, 27, 36 and 45 show a 0


def test_the_surest_mistakes_come_first_then_what_was_nearly_one():
    #                     labels: 0    1    2    3    4    5
    subject = answering([0, 2, 2, 4, 5, 5], [0.9, 0.6, 0.3, 0.8, 0.6, 0.7])
    seen = look(subject, "predictions", {"order": "wrong"})
    assert seen["index"] == [3, 1, 4, 2, 5, 0]
    assert (seen["wrong"], seen["total"], seen["assessed"]) == (3, 6, 5)
    assert look(subject, "predictions", {"order": "wrong", "count": 2})["index"] == [3, 1]


def test_mistakes_are_told_apart_to_the_last_digit():
    subject = answering([1, 2, 3], [1 - 2**-24, 1.0, 1 - 2**-23])
    assert look(subject, "predictions", {"order": "wrong"})["index"] == [1, 0, 2]


def test_the_least_sure_come_first():
    subject = answering([0, 2, 2, 4, 5, 5], [0.9, 0.6, 0.3, 0.8, 0.6, 0.7])
    assert look(subject, "predictions", {"order": "unsure"})["index"] == [2, 1, 4, 5, 3, 0]


def test_a_cell_of_the_confusion_matrix():
    subject = answering([0, 1, 2, 2, 4, 5, 6, 7, 8, 5, 5, 1], [0.5] * 12)  # labels 0-8, 0, 1, 2
    assert look(subject, "predictions", {"predicted": 5})["index"] == [5, 9, 10]
    assert look(subject, "predictions", {"true": 1})["index"] == [1, 10]
    assert look(subject, "predictions", {"true": 1, "predicted": 5, "order": "wrong"})["index"] == [10]
    nothing = look(subject, "predictions", {"true": 9, "predicted": 9})
    assert nothing["index"] == nothing["predicted"] == nothing["confidence"] == []


def test_few_pictures_are_assessed_anew_and_many_are_not():
    subject = standing()
    old = Assessment(2, torch.zeros(50, dtype=torch.int64), torch.ones(50))
    subject.assessment = old
    assert look(subject, "classes", {})["assessed"] == 5
    many = standing(data=few_pictures(1001))
    many.assessment = Assessment(2, torch.zeros(1001, dtype=torch.int64), torch.ones(1001))
    assert look(many, "classes", {})["assessed"] == 2
    many.assessment = None
    assert look(many, "classes", {})["assessed"] == 5


# Classes


def test_the_confusion_matrix_is_scikit_learns():
    subject = standing()
    seen = look(subject, "classes", {})
    predicted = assess(subject.model, subject.data, "cpu", 5).predicted
    true = subject.data.validation_labels
    assert seen["matrix"] == confusion_matrix(true, predicted, labels=range(10)).tolist()
    for number in range(9):
        share = (predicted[true == number] == number).double().mean().item()
        assert seen["accuracy"][number] == pytest.approx(share)
    assert seen["accuracy"][9] is None  # nothing shows a 9
    assert seen["classes"] == list("0123456789")


def test_an_assessment_covers_all_batches():
    subject = standing(data=few_pictures(300))
    known = assess(subject.model, subject.data, "cpu", 5)
    with torch.no_grad():
        surest = subject.model(subject.data.validation_images.float()).softmax(1).max(1)
    assert torch.equal(known.predicted, surest.indices)
    torch.testing.assert_close(known.confidence, surest.values)


# One picture through the network


def test_a_picture_and_what_every_layer_makes_of_it():
    subject = standing()
    seen = look(subject, "picture", {"index": 7})
    x = subject.data.validation_images[7:8].float()
    names = [layer["name"] for layer in seen["layers"]]
    assert names == ["block1.conv", "block1.activation", "flatten", "logits"]  # dropout with p = 0 does nothing
    shown = iter(seen["layers"])
    for module in subject.model:
        x = module(x)
        if isinstance(module, nn.Dropout):
            continue
        layer = next(shown)
        assert layer["kind"] == type(module).__name__
        assert layer["shape"] == list(x.shape[1:])
        assert layer["zeros"] == pytest.approx((x == 0).float().mean().item(), abs=1e-4)
        block = layer["maps"]
        assert block["signed"] == bool((x < 0).any())
        half_step = (block["high"] - block["low"]) / 255 / 2
        assert (decode(block).flatten() - x.detach().flatten()).abs().max() <= half_step + 1e-5
    assert seen["layers"][-1]["maps"]["height"] == 1
    assert seen["probabilities"] == pytest.approx(x.softmax(1)[0].tolist(), abs=1e-6)
    assert seen["label"] == 7
    assert opened(seen["input"]).tolist() == subject.data.pixels(subject.data.validation_images[7])[0].tolist()


def test_layers_of_a_skip_connection_and_active_dropout_are_seen():
    subject = standing(RICH)
    names = [layer["name"] for layer in look(subject, "picture", {"index": 0})["layers"]]
    layers = layer_specs(subject.config.model, (1, 8, 8), 10, editable=True)
    assert names == [name for name, _ in named_leaves(subject.model, layers)]
    assert any("shortcut" in name for name in names)
    assert any(name.endswith("dropout") for name in names)


def test_a_picture_without_maps_hooks_nothing():
    assert look(standing(), "picture", {"index": 0, "maps": False})["layers"] == []


def test_at_most_sixteen_maps_travel():
    subject = standing({"blocks": [{"channels": 20}], "hidden": []})
    conv, *_, flat, _logits = look(subject, "picture", {"index": 0})["layers"]
    assert conv["shape"] == [20, 8, 8] and conv["maps"]["count"] == 16
    assert flat["shape"] == [1280] and flat["maps"]["width"] == 1024


# Drawings


def mass_centre(ink: Tensor) -> tuple[float, float]:
    rows, columns = torch.arange(ink.shape[0]), torch.arange(ink.shape[1])
    return float((ink.sum(1) * rows).sum() / ink.sum()), float((ink.sum(0) * columns).sum() / ink.sum())


@pytest.mark.parametrize("seed", range(5))
def test_a_drawing_is_centred_by_mass_within_half_a_pixel(seed):
    draw = torch.Generator().manual_seed(seed)
    ink = torch.zeros(28, 28)
    top, left = torch.randint(0, 12, (2,), generator=draw).tolist()
    ink[top : top + 12, left : left + 6] = torch.rand(12, 6, generator=draw) * torch.linspace(0.3, 1, 12)[:, None]
    made = fitted(ink, 28, 28, 20)
    assert mass_centre(made) == pytest.approx((13.5, 13.5), abs=0.51)
    seen = made.nonzero()
    assert (seen.amax(0) - seen.amin(0) + 1).tolist() == [20, 10]  # the longer side of 12 x 6 became 20
    assert made.max() == 1


def test_no_ink_is_lost_where_the_mass_lies_at_one_end():
    ink = torch.zeros(28, 28)
    ink[5:25, 10] = 0.05
    ink[5, 10] = 1.0
    made = fitted(ink, 28, 28, 20)
    assert made[8:28].count_nonzero() == made.count_nonzero() == 20  # pushed down as far as all of it fits


def test_one_dot_fills_the_middle():
    ink = torch.zeros(28, 28)
    ink[0, 27] = 0.2
    made = fitted(ink, 28, 28, 20)
    assert made[4:24, 4:24].eq(1).all() and made.sum() == 400


def test_how_large_things_are_in_a_data_set():
    images = torch.zeros(3, 1, 8, 8, dtype=torch.uint8)
    images[0, 0, 1:7, 3:5] = 9  # 6 high
    images[1, 0, 2, 1:6] = 9  # 5 wide
    images[2, 0, 4, 4] = 9
    data = few_pictures(3)
    data.validation_images.copy_(images)
    assert usual_extent(data) == 5
    data.validation_images.zero_()
    assert usual_extent(data) == 1


def test_a_drawing_may_be_finer_than_the_pictures():
    ink = torch.zeros(32, 32)
    ink[3, 4] = 255
    fine = decoded(drawn(ink), 8, 8)
    assert fine.shape == (32, 32)
    assert fine[3, 4] == 1 and fine.sum() == 1


def test_ink_is_repeated_for_a_colour_set_and_scaled_as_stored():
    stored = as_picture(torch.full((8, 8), 0.5), few_pictures(channels=3))
    assert stored.shape == (3, 8, 8)
    assert stored.dtype == torch.uint8 and stored.eq(8).all()


def test_the_network_is_asked_about_the_fitted_drawing():
    subject = standing()
    seen = look(subject, "picture", {"pixels": LINE})
    expected = torch.zeros(1, 1, 8, 8)
    expected[..., 4] = 16  # a line of one pixel stays one, eight high as digits are; 3.5 is rounded to 4
    with torch.no_grad():
        probabilities = subject.model(expected).softmax(1)[0].tolist()
    assert seen["label"] is None
    assert opened(seen["input"])[:, 4].tolist() == [255] * 8
    assert seen["probabilities"] == pytest.approx(probabilities, abs=1e-6)


# Filters and updates


def test_filters_are_the_kernels_row_by_row():
    subject = standing({"blocks": [{"channels": 20}, {"channels": 3, "convolution": "depthwise"}], "hidden": []})
    seen = {layer["name"]: layer for layer in look(subject, "filters", {})["layers"]}
    weights = {name: module.weight.detach() for name, module in named_layers(subject) if isinstance(module, nn.Conv2d)}
    assert list(seen) == list(weights)
    assert [layer["shape"][:2] for layer in seen.values()] == [[20, 1], [20, 1], [3, 20]]
    assert [(layer["rows"], layer["columns"]) for layer in seen.values()] == [(16, 1), (16, 1), (3, 8)]
    for name, weight in weights.items():
        layer = seen[name]
        assert layer["shape"] == list(weight.shape)
        shown = weight[:16, :8].flatten(0, 1)
        torch.testing.assert_close(decode(layer["tensor"]).float(), shown, rtol=0, atol=layer["tensor"]["high"] / 254)
        assert layer["tensor"]["signed"] is True


def test_updates_ask_for_the_next_step_and_tell_what_was_measured():
    subject = standing()
    assert subject.meter is not None
    empty = look(subject, "updates", {})
    assert empty == {
        "layers": ["block1.conv", "logits"],
        "step": [],
        "ratio": [[], []],
        "gradient": [[], []],
        "weight": [[], []],
    }
    assert subject.meter.wanted
    zeroed(subject, 2.0)
    subject.model(subject.data.train_images[:4].float()).sum().backward()
    for parameter in subject.model.parameters():
        parameter.grad.fill_(1.0)
    optimizer = torch.optim.SGD(subject.model.parameters(), lr=0.01)
    with subject.meter.measuring(6):
        optimizer.step()
    seen = look(subject, "updates", {})
    assert seen["step"] == [6]
    assert seen["ratio"] == [[pytest.approx(0.005)], [pytest.approx(0.005)]]  # 0.01 x 1 / 2 for every weight
    assert seen["gradient"][0] == [pytest.approx(math.sqrt(20), rel=1e-5)]  # 2 x 1 x 3 x 3 weights and 2 biases
    assert seen["weight"][0] == [pytest.approx(2 * math.sqrt(20), rel=1e-5)]


# What holds for every look

ASKED = [
    ("predictions", {}),
    ("predictions", {"order": "wrong"}),
    ("predictions", {"order": "unsure", "true": 3, "predicted": 3}),
    ("classes", {}),
    ("picture", {"index": 49}),
    ("picture", {"pixels": LINE}),
    ("filters", {}),
    ("updates", {}),
]


def test_every_look_is_tried_below():
    assert {name for name, _ in ASKED} == set(FAMILIES["cnn"].looks)


@pytest.mark.parametrize(("name", "args"), ASKED)
def test_no_look_leaves_a_trace(name, args):
    subject = standing(RICH)
    subject.model.train()
    subject.model[1].eval()  # a layer in a mode of its own stays in it
    subject.model(subject.data.train_images.float()).logsumexp(1).sum().backward()
    before = copy.deepcopy(subject.model.state_dict())
    modes = [module.training for module in subject.model.modules()]
    gradients = [parameter.grad.clone() for parameter in subject.model.parameters()]
    random = torch.get_rng_state()
    first = look(subject, name, args)
    assert json.loads(json.dumps(first, allow_nan=False)) == first
    assert look(subject, name, args) == first
    assert torch.equal(torch.get_rng_state(), random)
    assert all(torch.equal(value, before[key]) for key, value in subject.model.state_dict().items())
    assert [module.training for module in subject.model.modules()] == modes
    for parameter, gradient in zip(subject.model.parameters(), gradients, strict=True):
        assert torch.equal(parameter.grad, gradient)
    assert not any(module._forward_hooks for module in subject.model.modules())
    assert torch.is_grad_enabled()


@pytest.mark.parametrize("value", [math.nan, math.inf, 3e38])
@pytest.mark.parametrize(("name", "args"), ASKED)
def test_every_look_copes_with_a_diverged_network(name, args, value):
    subject = zeroed(standing(RICH), value)
    seen = look(subject, name, args)
    assert json.dumps(seen, allow_nan=False)
    if name == "filters" and not math.isfinite(value):
        assert all(layer["tensor"]["broken"] for layer in seen["layers"])
    if name == "picture":
        assert seen["probabilities"] == [None] * 10


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("wall", {}),
        ("predictions", {"order": "random"}),
        ("predictions", {"order": 3}),
        ("predictions", {"order": ["wrong"]}),
        ("predictions", {"true": 10}),
        ("predictions", {"true": -1}),
        ("predictions", {"predicted": "4"}),
        ("predictions", {"predicted": 1.0}),
        ("predictions", {"count": 0}),
        ("predictions", {"count": 201}),
        ("predictions", {"count": True}),
        ("predictions", {"subject": 1}),
        ("predictions", {"{order}": "wrong"}),
        ("classes", {"order": "wrong"}),
        ("picture", {}),
        ("picture", {"index": 0, "pixels": LINE}),
        ("picture", {"index": 50}),
        ("picture", {"index": -1}),
        ("picture", {"index": 2.5}),
        ("picture", {"index": 10**30}),
        ("picture", {"index": 0, "maps": 1}),
        ("picture", {"pixels": ""}),
        ("picture", {"pixels": 3}),
        ("picture", {"pixels": "é"}),
        ("picture", {"pixels": "not base64"}),
        ("picture", {"pixels": drawn(torch.ones(7, 8))}),
        ("picture", {"pixels": drawn(torch.ones(12, 12))}),  # one and a half times as fine
        ("picture", {"pixels": drawn(torch.ones(72, 72))}),
        ("picture", {"pixels": drawn(torch.zeros(8, 8))}),
        ("filters", {"layer": 1}),
        ("updates", {"layer": 1}),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_sentence(name, args):
    subject = standing()
    with pytest.raises(LiveTorchError) as refused:
        look(subject, name, args)
    assert refused.value.message.endswith(".") and len(refused.value.message) < 200
    assert not any(module._forward_hooks for module in subject.model.modules())


def test_an_empty_drawing_says_what_to_do():
    with pytest.raises(LiveTorchError, match=r"^Draw something first\."):
        look(standing(), "picture", {"pixels": drawn(torch.zeros(8, 8))})


def test_a_network_that_fails_is_left_as_it_was():
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout())
    with pytest.raises(RuntimeError), looking(model):
        assert not model.training and not model[1].training
        model(torch.ones(1, 3))
    assert model.training and model[1].training and torch.is_grad_enabled()


def test_the_registry_loads_no_torch():
    assert "torch" not in loaded_after("import core.probes")


# The task of a run, and what is left of one that is over


@pytest.fixture
def trained():
    """A task after eleven steps, with averaged weights that differ from the trained ones."""
    task = make_task(config(RICH, ema_decay=0.5, batch_size=64))
    for _, batch in zip(range(11), task.batches(1), strict=False):
        task.training_step(batch)
    return task


def saved(task: Any, folder: Path) -> str:
    path = str(folder / "weights.safetensors")
    save_file({name: value.contiguous() for name, value in task.evaluated.state_dict().items()}, path)
    return path


def test_looks_into_a_task_see_the_network_that_validates(trained):
    accuracy = trained.evaluate()["accuracy"]
    seen = look(trained, "classes", {})
    assert sum(seen["matrix"][n][n] for n in range(10)) == round(accuracy * 360)
    assert seen["assessed"] == trained.step == 11
    first = look(trained, "filters", {})["layers"][0]
    averaged, weight = trained.evaluated[0].weight.detach(), trained.model[0].weight.detach()
    shown = decode(first["tensor"]).float().view(4, 1, 3, 3)
    torch.testing.assert_close(shown, averaged, rtol=0, atol=first["tensor"]["high"] / 254)
    assert (shown - weight).abs().max() > first["tensor"]["high"] / 254


def test_looking_does_not_change_how_a_run_goes_on():
    looked, plain = make_task(config(RICH)), make_task(config(RICH))
    losses = []
    for task in (looked, plain):
        torch.manual_seed(5)
        losses.append([])
        for _, batch in zip(range(4), task.batches(1), strict=False):
            losses[-1].append(task.training_step(batch)["loss"])
            for name, args in ASKED if task is looked else []:
                look(task, name, args)
    assert losses[0] == losses[1]
    assert [point.step for point in looked.meter.points] == [2, 3, 4]


@pytest.mark.parametrize(("name", "args"), [asked for asked in ASKED if asked[0] != "updates"])
def test_a_run_that_is_over_shows_what_it_showed_last(trained, tmp_path, name, args):
    trained.evaluate()
    live = look(trained, name, args)
    path = saved(trained, tmp_path)
    rested = look_at_rest(trained.config.to_dict(), path, trained.step, name, args)
    if name == "predictions" and not args:
        assert (rested.pop("wrong"), rested.pop("assessed")) == (None, None)  # nobody has asked for them yet
        live.pop("wrong"), live.pop("assessed")
    assert_alike(rested, live)


def assert_alike(found: Any, expected: Any) -> None:
    """Equal, but for the last digits: memory formats differ, and with them the order of sums."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key, value in expected.items():
            if key != "values":
                assert_alike(found[key], value)
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_alike(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-3, abs=2e-4)
    else:
        assert found == expected


def test_updates_of_a_run_that_is_over_are_not_to_be_had(trained, tmp_path):
    with pytest.raises(LiveTorchError, match="this run is over"):
        look_at_rest(trained.config.to_dict(), saved(trained, tmp_path), 11, "updates", {})


def test_missing_damaged_and_foreign_weights_give_a_sentence(trained, tmp_path):
    values = trained.config.to_dict()
    with pytest.raises(LiveTorchError, match="missing or damaged"):
        look_at_rest(values, str(tmp_path / "none.safetensors"), 11, "filters", {})
    path = saved(trained, tmp_path)
    with pytest.raises(LiveTorchError, match="do not fit its network"):
        look_at_rest(config(PLAIN).to_dict(), path, 11, "filters", {})
    for damage in (b"", b"\x80\x04.", Path(path).read_bytes()[:-5]):
        broken = tmp_path / f"{len(damage)}.safetensors"
        broken.write_bytes(damage)
        with pytest.raises(LiveTorchError, match="missing or damaged"):
            look_at_rest(values, str(broken), 11, "filters", {})
