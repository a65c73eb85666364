"""Networks have the layers, shapes and sizes that their configs say."""

from __future__ import annotations

import time

import pytest
import torch

from core.config import CNNConfig, ConvBlock, RunConfig, load
from core.datasets import DATASETS
from core.errors import ConfigError
from core.models import MODELS
from core.models.cnn import build, layer_specs
from core.models.table import layer_table


def test_the_table_by_hand():
    """1 x 8 x 8, kernel 3 without padding: 6 x 6; pooled: 3 x 3; 4 channels: 36 features."""
    blocks = [{"channels": 4, "padding": 0, "pooling": "max"}]
    table = layer_table({"model": {"blocks": blocks, "hidden": [5], "dropout": 0.5}})
    rows = [(row["kind"], row["output"], row["parameters"]) for row in table["rows"]]
    assert rows == [
        ("Conv2d", [4, 6, 6], 4 * (9 + 1)),
        ("ReLU", [4, 6, 6], 0),
        ("MaxPool2d", [4, 3, 3], 0),
        ("Flatten", [36], 0),
        ("Dropout", [36], 0),
        ("Linear", [5], 5 * 37),
        ("ReLU", [5], 0),
        ("Dropout", [5], 0),
        ("Linear", [10], 10 * 6),
    ]
    assert table["parameters"] == 40 + 185 + 60


@pytest.mark.parametrize("kernel_size", [1, 2, 5])
@pytest.mark.parametrize("stride", [1, 3])
@pytest.mark.parametrize("padding", [0, 2])
@pytest.mark.parametrize("pooling", ["none", "average"])
def test_our_arithmetic_is_torchs(kernel_size, stride, padding, pooling):
    block = ConvBlock(6, kernel_size, stride, padding, "gelu", pooling, 2)
    config = CNNConfig(blocks=(block, ConvBlock(3, 1, 1, 0)), hidden=())
    x = torch.zeros(2, 1, 28, 28)
    for layer, module in zip(layer_specs(config, (1, 28, 28), 10), build(config, (1, 28, 28), 10), strict=True):
        x = module(x)
        assert tuple(x.shape[1:]) == layer.output
        assert sum(parameter.numel() for parameter in module.parameters()) == layer.parameters


@pytest.mark.parametrize(
    ("blocks", "field"),
    [
        ([{"kernel_size": 11, "padding": 0}], "model.blocks.0.kernel_size"),
        ([{"pooling": "max", "pool_size": 4}, {"pooling": "max", "pool_size": 4}], "model.blocks.1.pool_size"),
        ([{"stride": 4}, {"stride": 4}, {"padding": 0}], "model.blocks.2.kernel_size"),
    ],
)
def test_an_impossible_setting_is_named_with_the_reason(blocks, field):
    with pytest.raises(ConfigError) as refused:
        layer_table({"model": {"blocks": blocks}})
    assert refused.value.field == field
    assert "does not fit" in refused.value.message or "do not fit" in refused.value.message


def test_a_giant_is_refused_before_anything_is_allocated():
    values = {
        "dataset": "mnist",
        "model": {"blocks": [{"channels": 512, "padding": 5, "kernel_size": 1}], "hidden": [4096]},
    }
    began = time.monotonic()
    with pytest.raises(ConfigError, match=r"3,0\d\d,\d{3},\d{3} parameters; 10,000,000"):
        layer_table(values)
    assert time.monotonic() - began < 1.0


@pytest.mark.parametrize("name", MODELS)
def test_every_model_builds_and_answers(name):
    import importlib

    module, function = MODELS[name].builder.split(":")
    model = getattr(importlib.import_module(module), function)(MODELS[name].config_class(), (1, 8, 8), 10)
    assert model(torch.zeros(3, 1, 8, 8)).shape == (3, 10)


@pytest.mark.parametrize("name", [name for name, spec in DATASETS.items() if spec.available()])
def test_every_data_set_is_what_its_spec_says(name):
    from core.datasets import load_dataset

    spec, data = DATASETS[name], load_dataset(name)
    assert tuple(data.train_images.shape) == (spec.train_size, *spec.shape)
    assert tuple(data.validation_images.shape) == (spec.validation_size, *spec.shape)
    assert data.classes == spec.classes
    assert set(data.train_labels.tolist()) == set(range(len(spec.classes)))
    assert abs(data.train_images.mean().item()) < 1e-3
    assert abs(data.train_images.std().item() - 1) < 1e-3
    assert load(RunConfig(dataset=name).to_dict()).dataset == name


def test_a_missing_data_set_says_what_to_do(monkeypatch, tmp_path):
    from core.datasets import load_dataset

    monkeypatch.setenv("LIVETORCH_DATA", str(tmp_path))
    monkeypatch.setenv("LIVETORCH_HOME", str(tmp_path))
    with pytest.raises(ConfigError, match=r"LIVETORCH_DATA.*Digits"):
        load_dataset("mnist")
