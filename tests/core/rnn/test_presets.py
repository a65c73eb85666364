"""Every preset is a run that can be had, fits its data, and, where that is quick, does what it says."""

from __future__ import annotations

import dataclasses

import pytest

from core.config import load
from core.config.rnn import SEQUENCES, RNNConfig, RNNRunConfig, SequenceConfig
from core.presets_rnn import PRESETS, STARTS
from core.probes.rnn.table import network_table
from core.settings import setting_of
from core.training.events import Metrics
from core.training.loop import train
from core.training.task import make_task
from tests.core.rnn.uploads import uploaded


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_run(name):
    preset = PRESETS[name]
    config = preset.make(preset.dataset)
    assert config.dataset == preset.dataset and load(config.to_dict()) == config
    assert preset.label and preset.help.endswith(".")
    assert 0 < network_table(config.to_dict())["parameters"] < 1_000_000


@pytest.mark.parametrize("dataset", SEQUENCES)
def test_there_is_a_start_for_all_data(dataset):
    config = PRESETS[STARTS[dataset]].make(dataset)
    assert config.dataset == dataset
    assert network_table(config.with_value("data.upload", uploaded(dataset)).to_dict())["steps_per_epoch"] > 0


@pytest.mark.parametrize("config_class", [RNNRunConfig, RNNConfig, SequenceConfig])
def test_every_setting_explains_itself(config_class):
    for field in dataclasses.fields(config_class):
        if "setting" in field.metadata:
            described = setting_of(config_class, field.name)
            assert described.label and described.help.endswith(".") and len(described.help) > 20


def test_the_default_forecast_beats_the_naive_one():
    config = PRESETS["forecast_sunspots"].make("sunspots").resolved(device="cpu", threads=1)
    last = [event for event in train(make_task(config)) if isinstance(event, Metrics)][-1]
    assert last.split == "validation" and last.values["mase"] < 1
