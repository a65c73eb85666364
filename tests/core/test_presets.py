"""Every preset is a run that can be had, and what it says it is."""

from __future__ import annotations

import pytest

from core.config import DATASETS, CNNRunConfig, load
from core.models.table import layer_table
from core.presets import PRESETS

OFFERED = [
    (name, dataset) for name, preset in PRESETS.items() for dataset in DATASETS if preset.dataset in (None, dataset)
]


def kinds(name: str, dataset: str) -> list[str]:
    return [row["kind"] for row in layer_table(PRESETS[name].make(dataset).to_dict())["rows"]]


@pytest.mark.parametrize(("name", "dataset"), OFFERED)
def test_every_preset_fits_every_data_set_it_is_offered_for(name, dataset):
    config = PRESETS[name].make(dataset)
    assert config.dataset == dataset
    assert load(config.to_dict()) == config
    table = layer_table(config.to_dict())
    assert 0 < table["parameters"] < (7_000_000 if name == "cifar94" else 1_000_000)
    assert table["rows"][-1]["output"] == [10]


def test_the_default_preset_is_the_default():
    assert PRESETS["default"].make("digits") == CNNRunConfig()


def test_the_first_convolution_has_the_flatten_size_that_learners_get_wrong():
    rows = layer_table(PRESETS["first_conv"].make("mnist").to_dict())["rows"]
    assert [row["kind"] for row in rows] == ["Conv2d", "ReLU", "Flatten", "Linear"]
    assert rows[0]["arguments"] == {"in_channels": 1, "out_channels": 10, "kernel_size": 5, "stride": 1, "padding": 0}
    assert rows[-1]["arguments"]["in_features"] == 10 * 24 * 24


def test_lenet5_has_the_sizes_of_the_paper():
    """Padding 2 makes 28 x 28 the 32 x 32 of the paper; from there 6 maps of 14 x 14, 16 of 5 x 5, then 120, 84, 10."""
    table = layer_table(PRESETS["lenet5"].make("mnist").to_dict())
    shapes = [row["output"] for row in table["rows"] if row["kind"] in ("Conv2d", "AvgPool2d", "Linear")]
    assert shapes == [[6, 28, 28], [6, 14, 14], [16, 10, 10], [16, 5, 5], [120], [84], [10]]
    assert table["parameters"] == 61_706  # 156 + 2,416 + 48,120 + 10,164 + 850


def test_small_vgg_halves_the_side_and_doubles_the_channels():
    rows = layer_table(PRESETS["vgg"].make("cifar10").to_dict())["rows"]
    assert [row["output"] for row in rows if row["kind"] == "MaxPool2d"] == [[32, 16, 16], [64, 8, 8]]
    assert kinds("vgg", "cifar10").count("BatchNorm2d") == 4


def test_small_resnet_has_seven_convolutions_on_the_way_and_two_beside_it():
    rows = layer_table(PRESETS["resnet"].make("cifar10").to_dict())["rows"]
    convolutions = [(row["branch"], row["output"]) for row in rows if row["kind"] == "Conv2d"]
    assert convolutions == [
        (None, [16, 32, 32]),
        ("body", [16, 32, 32]),
        ("body", [16, 32, 32]),
        ("body", [32, 16, 16]),
        ("body", [32, 16, 16]),
        ("shortcut", [32, 16, 16]),
        ("body", [64, 8, 8]),
        ("body", [64, 8, 8]),
        ("shortcut", [64, 8, 8]),
    ]
    assert [row["kind"] for row in rows[-3:]] == ["AdaptiveAvgPool2d", "Flatten", "Linear"]


def test_resnet9_has_eight_convolutions_one_dense_layer_and_halves_the_side_three_times():
    table = layer_table(PRESETS["cifar94"].make("cifar10").to_dict())
    convolutions = [row["output"] for row in table["rows"] if row["kind"] == "Conv2d"]
    assert convolutions == [
        *([64, 32, 32], [128, 32, 32], [128, 16, 16], [128, 16, 16]),
        *([256, 16, 16], [512, 8, 8], [512, 4, 4], [512, 4, 4]),
    ]
    assert [row["kind"] for row in table["rows"]].count("Linear") == 1


def test_a_recipe_with_a_goal_stops_at_it():
    assert PRESETS["cifar94"].make("cifar10").stop.target_accuracy == 0.94
    mnist, fashion = PRESETS["mnist99"].make("mnist"), PRESETS["fashion91"].make("fashion_mnist")
    assert mnist.stop.target_accuracy == 0.99
    assert fashion.stop.target_accuracy == 0.91
    assert mnist.precision == fashion.precision == "auto"
