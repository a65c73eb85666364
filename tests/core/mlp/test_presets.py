"""Each preset does what its name promises."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.config import load
from core.models.mlp import network_table
from core.presets_mlp import PRESETS
from core.training.events import Metrics
from tests.core.mlp.runs import config, events


def ran(name: str, epochs: int | None = None, **changed):
    """The last numbers of a preset, (train, test), and how it ended."""
    settings = PRESETS[name].make(PRESETS[name].dataset).resolved(device="cpu", threads=1)
    settings = replace(settings, epochs=epochs or settings.epochs, **changed)
    said = events(settings)
    points = [event for event in said if isinstance(event, Metrics) and event.values]
    last = {event.split: event.values for event in points}
    return last["train"], last["validation"], said[-1]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_had(name):
    made = PRESETS[name].make(PRESETS[name].dataset)
    assert load(made.to_dict()) == made and made.dataset == PRESETS[name].dataset
    assert network_table(made.to_dict())["parameters"] > 0


def test_the_default_preset_is_the_default():
    assert PRESETS["default"].make("circles").resolved(device="cpu", threads=1) == config()
    assert ran("default", 60)[1]["accuracy"] >= 0.98


def test_the_product_makes_exclusive_or_easy_and_its_absence_impossible():
    assert ran("xor_product", 20)[1]["accuracy"] >= 0.98
    assert ran("xor_plain", 60)[1]["accuracy"] <= 0.65


def test_the_spiral_is_learned():
    assert ran("spiral", 200)[1]["accuracy"] >= 0.95


def test_five_arms_are_learned():
    assert ran("spiral5", 160)[1]["accuracy"] >= 0.9


def test_overfitting_opens_a_gap():
    train, test, _ = ran("overfit", 300)
    assert train["accuracy"] == 1.0 and test["loss"] > 20 * train["loss"] and test["loss"] > 0.5


def test_a_dead_start_learns_nothing():
    train, _test, _ = ran("dead", 60)
    assert train["accuracy"] < 0.6


def test_an_exploding_start_diverges():
    assert ran("exploding")[2].state == "diverged"


def test_hills_and_moons_are_learned():
    assert ran("multi_gauss", 100)[1]["loss"] < 0.015
    assert ran("moons", 40)[1]["accuracy"] >= 0.95
