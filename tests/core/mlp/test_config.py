"""What a playground run may be, and the sentences for what it may not."""

from __future__ import annotations

import pytest

from core.config import MLPRunConfig, load
from core.errors import ConfigError
from core.models.mlp import network_table
from tests.core.mlp.runs import DRAWN, config
from tests.test_boundaries import loaded_after


def test_the_defaults_are_those_of_tensorflow_playground():
    settings = MLPRunConfig()
    assert (settings.dataset, settings.parts, settings.widths) == ("circles", (250, 250), (2, 4, 2, 1))
    assert {layer.activation for layer in settings.model.layers} == {"tanh"}
    assert (settings.optimizer.name, settings.optimizer.learning_rate, settings.batch_size) == ("sgd", 0.03, 10)
    assert load({"page": "mlp"}) == settings == load(settings.to_dict())
    assert settings.title == "Circles, 2-4-2-1, SGD 0.03"


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"features": {"x1": False, "x2": False}}, "features", "no input"),
        ({"dataset": "plane", "loss": {"name": "hinge"}}, "loss.name", "Choose the squared error"),
        ({"dataset": "drawn"}, "data.points", "at least 4 are needed"),
        ({"dataset": "drawn", "data": {"points": [[0, 0, 2]] * 4}}, "data.points.0", "class from 0 to 1"),
        ({"dataset": "drawn", "data": {"points": [[0, 7, 1]] * 4}}, "data.points.0", "from -6 to 6"),
        ({"data": {"points": [[0, 0, 1]] * 2001}}, "data.points", "2000 are possible"),
        ({"data": {"points": [[0, 0]]}}, "data.points.0", "a target are needed"),
        ({"data": {"points": [[0, float("nan"), 1]]}}, "data.points.0.1", "must be a number"),
        ({"precision": "bfloat16"}, "precision", "float32"),
        ({"batch_size": 1, "model": {"normalization": "batch"}}, "batch_size", "single point"),
        ({"mode": "compiled", "model": {"dropout": 0.1}}, "mode", "neither dropout nor normalisation"),
        ({"model": {"layers": [{"neurons": 33}]}}, "model.layers.0.neurons", "between 1 and 32"),
        ({"model": {"layers": [{}] * 9}}, "model.layers", "0 to 8"),
        ({"epochs": 100_001}, "epochs", "between 1 and"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changed, field, words):
    with pytest.raises(ConfigError, match=words) as refused:
        load({"page": "mlp"} | changed)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("loss", "dataset", "classes", "outputs"),
    [
        ("mse", "circles", 2, 1),
        ("bce", "spiral", 2, 1),
        ("hinge", "spiral", 5, 5),
        ("cross_entropy", "circles", 2, 2),
        ("cross_entropy", "spiral", 8, 8),
        ("mse", "plane", 2, 1),
    ],
)
def test_outputs_follow_from_loss_and_classes(loss, dataset, classes, outputs):
    assert config(loss={"name": loss}, dataset=dataset, data={"classes": classes}).outputs == outputs


@pytest.mark.parametrize("value", [[2, 0, 2, 1.0], [3, 0, 0, 1.0], [0, 4, 0, 1.0], [0, 0, -2, 1.0], [0, 0, 0.5, 1.0], [0, 0, 0, 1001.0], [0, 0, 1.0], "x"])  # fmt: skip
def test_a_weight_that_is_not_there_cannot_be_set(value):
    with pytest.raises(ConfigError):
        config().with_value("poke", value)


def test_the_same_weight_can_be_set_to_the_same_value_twice():
    once = config().with_value("poke", [1, 1, 3, 0.5])
    assert once != once.with_value("poke", [1, 1, 3, 0.5])


def test_points_of_a_formula_cannot_be_changed_by_hand():
    with pytest.raises(ConfigError, match="choose your own points"):
        config().with_value("data.points", DRAWN)


def test_the_network_as_a_table():
    table = network_table(config(features={"product": True}, dataset="spiral", data={"classes": 3}).to_dict())
    assert table["inputs"] == ["x1", "x2", "product"]
    assert [(row["name"], row["inputs"], row["outputs"], row["parameters"]) for row in table["rows"]] == [
        ("hidden1", 3, 4, 16),
        ("hidden2", 4, 2, 10),
        ("output", 2, 3, 9),
    ]
    assert (table["parameters"], table["train"], table["test"]) == (35, 250, 250)


def test_no_torch_is_needed_to_describe_a_run():
    loaded = loaded_after("import core.config, core.presets_mlp, core.datasets.plane")
    assert "torch" not in loaded
