"""What can be seen of an image classifier."""

from __future__ import annotations

import math

import pytest
import torch
from sklearn.metrics import confusion_matrix
from torch import nn

from core.models.cnn import layer_specs, named_leaves
from core.probes import look
from core.probes.subject import named_layers
from core.training.assessment import Assessment, assess
from tests.core.probes.classifiers import LINE, RICH, answering, decode, few_pictures, opened, standing, zeroed

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
