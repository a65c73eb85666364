"""Between widgets, links and configs nothing is lost and nothing unchecked gets through."""

from __future__ import annotations

import time

import pytest

from core.config import CNNRunConfig, load
from pages.shared.hiding import everything, groups
from pages.shared.recipe import config_of, key_of, linked_value, refused, widget_values
from pages.shared.recipes import RECIPES

OTHER = {
    "seed": 9,
    "model": {"blocks": [{"stride": 2}], "hidden": [5, 6], "dropout": 0.5},
    "optimizer": {"name": "sgd"},
}


def test_widgets_and_configs_are_the_same_thing():
    for config in (CNNRunConfig(), load(OTHER)):
        assert config_of("cnn", widget_values("cnn", config)) == config
    assert config_of("cnn", {}) == CNNRunConfig()


def test_every_value_of_a_config_has_a_widget():
    assert key_of("cnn", "model.blocks.1.stride") == "cnn_block2_stride"
    assert key_of("cnn", "model.hidden.0") == "cnn_dense1_units"
    assert key_of("cnn", "model.blocks") == "cnn_blocks"
    assert key_of("cnn", "nothing") is None


def test_a_full_link_is_taken_whole():
    values = {name: str(value) for name, value in widget_values("cnn", load(OTHER)).items()}
    assert refused("cnn", values | {"run": "x", "v": "1", "junk": "1"}) == []


def test_refusals_name_the_setting_and_are_quick_whatever_is_sent():
    began = time.monotonic()
    query = {
        "cnn_blocks": "9" * 30,
        "cnn_dense_layers": "-1",
        "cnn_block2_stride": "0",
        "cnn_lr": "inf",
        "cnn_" + "x" * 9999: "1",
    }
    said = [error.message for error in refused("cnn", query)]
    assert time.monotonic() - began < 0.5
    assert len(said) == len(query)
    assert all("cnn_" in sentence and len(sentence) < 200 for sentence in said)


def test_a_link_to_a_data_set_that_is_not_here_is_taken(monkeypatch, tmp_path):
    """The page then offers to download it."""
    monkeypatch.setenv("LIVETORCH_HOME", str(tmp_path))
    monkeypatch.delenv("LIVETORCH_DATA", raising=False)
    assert refused("cnn", {"cnn_dataset": "mnist", "cnn_epochs": "3"}) == []


def test_switches_in_a_link_say_on_or_off():
    assert config_of("cnn", {"cnn_nesterov": linked_value("cnn", "nesterov", "on")}).optimizer.nesterov is True
    assert linked_value("cnn", "block1_skip", "False") is False  # as a share link writes it
    assert "must be on or off" in refused("cnn", {"cnn_nesterov": "perhaps"})[0].message


@pytest.mark.parametrize("page", RECIPES)
def test_what_a_teacher_hides_together_belongs_together(page):
    found = groups(page)
    named = [suffix for suffixes in found.values() for suffix in suffixes]
    assert len(named) == len(set(named)) and set(named) == everything(page) - RECIPES[page].unlinked
    assert set(found["Seed and machine"]) <= {"seed", "device", "precision", "threads", "mode"}


def test_what_is_trained_is_no_matter_of_the_machine():
    found = groups("transfer")
    assert "mode" in found["Network"] and "mode" in groups("mlp")["Seed and machine"]
    assert set(found["Augmentation"]) == {"recipe", "draws"} and "pictures" in found["Data"]
