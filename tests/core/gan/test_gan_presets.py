"""Every preset of the GAN page is a run that can be had."""

from __future__ import annotations

import pytest

from core.config import GANRunConfig, load
from core.config.gan import GAN_DATASETS
from core.datasets import DATASETS
from core.models.gan import discriminator_layers, epoch_size, generator_layers, players_table, round_size
from core.presets_gan import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_run_that_can_be_had(name):
    preset = PRESETS[name]
    assert preset.dataset in GAN_DATASETS
    config = preset.make(preset.dataset)
    assert config.dataset == preset.dataset
    assert load(config.to_dict()) == config
    assert config.title
    layers = [*generator_layers(config), *discriminator_layers(config)]
    assert 0 < sum(layer.parameters for layer in layers) < 1_000_000
    assert -(-epoch_size(config) // round_size(config)) * config.epochs <= 10_000
    if config.in_plane or DATASETS[config.dataset].available():
        assert players_table(config.to_dict())["parameters"] == sum(layer.parameters for layer in layers)


def test_the_first_preset_is_the_default():
    assert PRESETS["ring"].make("ring") == GANRunConfig()
