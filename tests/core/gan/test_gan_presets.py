"""Every preset of the GAN page is a run that can be had."""

from __future__ import annotations

import pytest

from core.config import GANRunConfig, load
from core.config.gan import GAN_DATASETS
from core.models.gan import players_table
from core.presets_gan import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_run_that_can_be_had(name):
    preset = PRESETS[name]
    assert preset.dataset in GAN_DATASETS
    config = preset.make(preset.dataset)
    assert config.dataset == preset.dataset
    assert load(config.to_dict()) == config
    assert config.title
    table = players_table(config.to_dict())
    assert 0 < table["parameters"] < 1_000_000
    assert table["total_rounds"] <= 10_000


def test_the_first_preset_is_the_default():
    assert PRESETS["ring"].make("ring") == GANRunConfig()
