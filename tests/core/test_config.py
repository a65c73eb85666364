"""Settings refuse what they cannot be, by name, and survive a trip through JSON."""

from __future__ import annotations

import dataclasses
import json

import pytest

from core.config import CNNConfig, CNNRunConfig, ConvBlock, OptimizerConfig, load
from core.errors import ConfigError
from core.settings import setting_of

CLASSES = (CNNRunConfig, CNNConfig, ConvBlock, OptimizerConfig)


def test_a_config_survives_json():
    config = load({"seed": 7, "model": {"blocks": [{"channels": 4}], "hidden": [], "dropout": 0.25}})
    assert load(json.loads(json.dumps(config.to_dict()))) == config


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"batch_size": 0}, "batch_size"),
        ({"epochs": 10**9}, "epochs"),
        ({"seed": True}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"dataset": "../x"}, "dataset"),
        ({"dataset": ["digits"]}, "dataset"),
        ({"optimizer": {"learning_rate": float("nan")}}, "optimizer.learning_rate"),
        ({"optimizer": {"learning_rate": -1}}, "optimizer.learning_rate"),
        ({"optimizer": {"learning_rate": "0.1"}}, "optimizer.learning_rate"),
        ({"optimizer": {"name": "sgd; drop table runs"}}, "optimizer.name"),
        ({"model": {"blocks": []}}, "blocks"),
        ({"model": {"blocks": [{}, {"stride": 0}]}}, "model.blocks.1.stride"),
        ({"model": {"hidden": [64, 0]}}, "model.hidden.1"),
        ({"model": {"dropout": float("inf")}}, "model.dropout"),
        ({"units": 3}, "units"),
        ({"version": 99}, "version"),
        ({"model": 3}, "model"),
    ],
)
def test_what_cannot_be_is_refused_by_name(values, field):
    with pytest.raises(ConfigError) as refused:
        load(values)
    assert refused.value.field.endswith(field)
    assert field.split(".")[-1] in refused.value.message


def test_configs_that_are_kept_are_checked_as_if_they_were_not():
    assert load({"page": "cnn", "epochs": 7}) is load({"epochs": 7, "page": "cnn"})
    assert load({"epochs": 8}).epochs == 8
    assert load({"data": {"train_share": 1}}).to_dict() == load({"data": {"train_share": 1.0}}).to_dict()
    load({"epochs": 1})
    for wrong in (True, 1.0, "1", float("nan"), object(), {1, 2}):  # some equal 1, and some are no JSON
        for _twice in range(2):
            with pytest.raises(ConfigError, match="epochs"):
                load({"epochs": wrong})


def test_a_value_is_replaced_by_its_path():
    config = CNNRunConfig().with_value("model.blocks.1.channels", 8).with_value("optimizer.learning_rate", 0.5)
    assert config.model.blocks[1].channels == 8
    assert config.optimizer.learning_rate == 0.5
    for path in ("model.blocks.9.channels", "optimizer.nothing", "model.blocks.x.stride"):
        with pytest.raises(ConfigError):
            CNNRunConfig().with_value(path, 1)


@pytest.mark.parametrize("config_class", CLASSES)
def test_every_setting_explains_itself(config_class):
    """A label, a meaning with formula, a typical range: what a tooltip needs."""
    for field in dataclasses.fields(config_class):
        if "setting" in field.metadata:
            described = setting_of(config_class, field.name)
            assert described.label
            assert described.help.endswith(".") and len(described.help) > 20
