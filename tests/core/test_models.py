"""Networks have the layers, shapes and sizes that their configs say."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import torch
from torch import nn

from core.config import ACTIVATIONS, INITIALIZATIONS, CNNConfig, CNNRunConfig, ConvBlock, load
from core.errors import ConfigError
from core.figures.network import network_html
from core.models.cnn import assemble, build, layer_specs, named_leaves
from core.models.flatten import flatten_lesson
from core.models.initialization import INITIALIZERS
from core.models.layers import ACTIVATION_LAYERS, leaves
from core.models.rows import layer_rows
from core.models.table import layer_table


def test_the_table_by_hand():
    """1 x 8 x 8, kernel 3 without padding: 6 x 6; pooled: 3 x 3; 4 channels: 36 features."""
    blocks = [{"channels": 4, "padding": 0, "pooling": "max"}]
    table = layer_table({"model": {"blocks": blocks, "hidden": [5], "dropout": 0.5}})
    rows = [(row["kind"], row["output"], row["parameters"], row["flops"], row["sees"]) for row in table["rows"]]
    assert rows == [
        ("Conv2d", [4, 6, 6], 4 * (9 + 1), 2 * 4 * 36 * 9, 3),
        ("MaxPool2d", [4, 3, 3], 0, 0, 4),
        ("ReLU", [4, 3, 3], 0, 0, 4),  # after the pooling, which gives the same numbers
        ("Flatten", [36], 0, 0, None),
        ("Dropout", [36], 0, 0, None),
        ("Linear", [5], 5 * 37, 2 * 5 * 36, None),
        ("ReLU", [5], 0, 0, None),
        ("Dropout", [5], 0, 0, None),
        ("Linear", [10], 10 * 6, 2 * 10 * 5, None),
    ]
    assert table["parameters"] == 40 + 185 + 60
    assert table["weights"] == 4 * table["parameters"]
    assert table["memory"] == 4 * (144 + 36 + 36 + 36 + 36 + 5 + 5 + 5 + 10)
    assert table["rows"][3]["input"] == [4, 3, 3]


def test_a_residual_by_hand():
    """16 -> 32 channels at stride 2: two convolutions on the one way, 1 x 1 on the other."""
    block = {"channels": 32, "convolutions": 2, "stride": 2, "normalization": "batch", "skip": True}
    table = layer_table({"dataset": "mnist", "model": {"blocks": [{}, block], "hidden": []}})
    rows = [(row["name"], row["branch"], row["parameters"], row["output"], row["sees"]) for row in table["rows"]]
    map_ = [32, 14, 14]
    assert rows[2:-2] == [
        ("block2.conv", "body", 32 * 16 * 9, map_, 5),
        ("block2.norm", "body", 64, map_, 5),
        ("block2.activation", "body", 0, map_, 5),
        ("block2.conv2", "body", 32 * 32 * 9, map_, 9),
        ("block2.norm2", "body", 64, map_, 9),
        ("block2.shortcut", "shortcut", 32 * 16, map_, 3),
        ("block2.shortcut_norm", "shortcut", 64, map_, 3),
        ("block2.residual", None, 0, map_, 9),
        ("block2.activation2", None, 0, map_, 9),
    ]


BLOCKS = {
    "plain": ConvBlock(6, 5, 3, 2, activation="gelu", pooling="average"),
    "even kernel": ConvBlock(6, 2, 1, 0, activation="elu"),
    "several": ConvBlock(6, 5, 2, 1, convolutions=3, normalization="layer"),
    "depthwise": ConvBlock(6, 3, 2, convolutions=2, convolution="depthwise", normalization="group", activation="silu"),
    "depthwise with bias": ConvBlock(6, 3, convolution="depthwise", pooling="max", pool_size=3),
    "skip": ConvBlock(4, 3, convolutions=2, normalization="batch", skip=True, pooling="max"),
    "fitted skip": ConvBlock(6, 3, 2, skip=True, activation="none"),
    "global": ConvBlock(16, 3, pooling="global", normalization="group"),
}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_our_arithmetic_is_torchs(block):
    """Behind a first layer of 4 channels: shapes and parameters of every layer as torch makes them."""
    config = CNNConfig(blocks=(ConvBlock(4, 1, 1, 0), block, ConvBlock(3, 1, 1, 0)), hidden=())
    layers = layer_specs(config, (1, 28, 28), 10)
    model = build(config, (1, 28, 28), 10)
    x = torch.zeros(2, 1, 28, 28)
    for layer, module in zip(layers, model, strict=True):
        x = module(x)
        assert tuple(x.shape[1:]) == layer.output
        assert sum(parameter.numel() for parameter in module.parameters()) == layer.parameters
    named = named_leaves(model, layers)
    assert [name for name, _module in named] == [leaf.name for leaf in leaves(layers)]
    assert len({name for name, _module in named}) == len(named)
    for leaf, (_name, module) in zip(leaves(layers), named, strict=True):
        assert type(module).__name__ == leaf.kind
        assert sum(parameter.numel() for parameter in module.parameters()) == leaf.parameters
    rows = layer_table({"dataset": "mnist", "model": config_values(config)})["rows"]
    assert sum(row["parameters"] for row in rows) == sum(parameter.numel() for parameter in model.parameters())


def config_values(config):
    return CNNRunConfig(model=config).to_dict()["model"]


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_the_receptive_field_is_what_a_value_depends_on(block):
    """The gradient of one value in the middle reaches exactly a square of that side."""
    block = replace(block, activation="silu", normalization="none", pooling=block.pooling.replace("max", "average"))
    config = CNNConfig(blocks=(ConvBlock(4, 3), block), hidden=())
    layers = layer_specs(config, (1, 64, 64), 10)
    rows = layer_rows(layers, (1, 64, 64))
    model = build(config, (1, 64, 64), 10)
    before_flatten = next(place for place, layer in enumerate(layers) if layer.kind == "Flatten")
    x = torch.randn(1, 1, 64, 64, requires_grad=True)
    y = model[:before_flatten](x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    reached = (x.grad[0, 0] != 0).any(0).sum().item()
    sees = [row for row in rows if row["branch"] is None][before_flatten - 1]["sees"]
    assert reached == (sees or 64)


def test_a_skip_adds_the_input():
    """With all weights 0 the convolutions make nothing, so the block hands on its input."""
    skip = ConvBlock(1, 3, convolutions=2, skip=True)
    model = build(CNNConfig(blocks=(skip,), hidden=(), initialization="zero"), (1, 8, 8), 10)
    x = torch.rand(2, 1, 8, 8)
    assert torch.equal(model[:2](x), x)


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "none"])
def test_pooling_moves_before_the_activation_only_where_the_numbers_stay(activation):
    block = ConvBlock(4, activation=activation, pooling="max")
    torch.manual_seed(0)
    model = build(CNNConfig(blocks=(block,), hidden=()), (1, 8, 8), 10)
    x = torch.randn(3, 1, 8, 8)
    conv, function = model[0], getattr(nn, ACTIVATION_LAYERS[activation])()
    torch.testing.assert_close(model[:3](x), nn.functional.max_pool2d(function(conv(x)), 2))
    assert (type(model[1]) is nn.MaxPool2d) == (activation not in ("gelu", "silu"))


@pytest.mark.parametrize("chosen", ["kaiming", "xavier", "orthogonal", "small", "large", "zero"])
def test_initial_weights(chosen):
    """Spread and bounds by the formulas; 64 -> 128 channels of 3 x 3: 576 inputs, 1,152 outputs a weight."""
    torch.manual_seed(0)
    blocks = (ConvBlock(64), ConvBlock(128))
    model = build(CNNConfig(blocks=blocks, hidden=(), initialization=chosen), (1, 8, 8), 10)
    weight = model[2].weight.detach()
    spread = {"kaiming": (2 / 576) ** 0.5, "small": 0.001, "large": 1.0, "zero": 0.0}
    spread["xavier"] = (2 / (576 + 1152)) ** 0.5
    spread["orthogonal"] = 576**-0.5
    assert weight.std().item() == pytest.approx(spread[chosen], rel=0.01)
    assert not model[2].bias.any()
    assert not model[-1].bias.any()
    if chosen == "xavier":
        assert weight.abs().max().item() <= (6 / (576 + 1152)) ** 0.5
    if chosen == "orthogonal":
        rows = weight.flatten(1)
        torch.testing.assert_close(rows @ rows.T, torch.eye(128), atol=1e-5, rtol=0)


def test_pytorchs_own_initial_weights_are_left_alone():
    torch.manual_seed(7)
    mine = build(CNNConfig(hidden=()), (1, 8, 8), 10)
    torch.manual_seed(7)
    conv = nn.Conv2d(1, 16, 3, padding=1)
    assert torch.equal(mine[0].weight, conv.weight)
    assert torch.equal(mine[0].bias, conv.bias)


def test_every_initialisation_is_known():
    assert {"default", *INITIALIZERS} == set(INITIALIZATIONS)


def test_the_flatten_lesson():
    """28 -> 24 -> 12: 10 x 12 x 12 = 1,440; who forgets that the picture shrinks counts 10 x 28 x 28 = 7,840."""
    block = {"channels": 10, "kernel_size": 5, "padding": 0, "pooling": "max"}
    lesson = flatten_lesson({"dataset": "mnist", "batch_size": 32, "model": {"blocks": [block], "hidden": []}})
    assert lesson["right"] == 1440
    assert (lesson["wrong"], lesson["mistake"]) == (7840, "side")
    assert lesson["steps"] == [
        "Conv2d: floor((28 + 2 x 0 - 5) / 1) + 1 = 24",
        "MaxPool2d: floor(24 / 2) = 12",
        "Flatten: 10 x 12 x 12 = 1,440",
    ]
    with pytest.raises(RuntimeError) as said:
        nn.Linear(7840, 10)(torch.zeros(32, 1440))
    assert lesson["error"] == str(said.value)


def test_the_flatten_lesson_where_the_picture_keeps_its_side():
    lesson = flatten_lesson({"model": {"blocks": [{"channels": 4, "skip": True}], "hidden": [7]}})
    assert (lesson["right"], lesson["wrong"], lesson["mistake"]) == (256, 4, "pixels")
    assert lesson["steps"][0] == "Conv2d: floor((8 + 2 x 1 - 3) / 1) + 1 = 8"
    assert len(lesson["steps"]) == 2  # the shortcut repeats what the body does to the side
    assert "(64x256 and 4x7)" in lesson["error"]


@pytest.mark.parametrize(
    ("blocks", "field"),
    [
        ([{"kernel_size": 11, "padding": 0}], "model.blocks.0.kernel_size"),
        ([{"pooling": "max", "pool_size": 4}, {"pooling": "max", "pool_size": 4}], "model.blocks.1.pool_size"),
        ([{"stride": 4}, {"stride": 4}, {"padding": 0}], "model.blocks.2.kernel_size"),
        ([{"kernel_size": 5, "padding": 0, "convolutions": 2}], "model.blocks.0.kernel_size"),
    ],
)
def test_an_impossible_setting_is_named_with_the_reason(blocks, field):
    with pytest.raises(ConfigError) as refused:
        layer_table({"model": {"blocks": blocks}})
    assert refused.value.field == field
    assert "does not fit" in refused.value.message or "do not fit" in refused.value.message


@pytest.mark.parametrize(
    ("block", "field", "advice"),
    [
        ({"kernel_size": 5, "padding": 1}, "padding", "For kernel 5 take padding 2"),
        ({"kernel_size": 5, "padding": 3, "stride": 2}, "padding", "For kernel 5 take padding 2"),
        ({"kernel_size": 4, "padding": 1}, "kernel_size", "such as 3 with padding 1"),
        ({"kernel_size": 2, "padding": 0, "stride": 2, "convolutions": 2}, "kernel_size", "such as 3 with padding 1"),
    ],
)
def test_a_skip_that_does_not_meet_is_refused_with_the_padding_that_does(block, field, advice):
    values = {"dataset": "mnist", "model": {"blocks": [{}, block | {"skip": True}]}}
    with pytest.raises(ConfigError, match=advice) as refused:
        layer_table(values)
    assert refused.value.field == f"model.blocks.1.{field}"


def test_normalising_a_single_number_is_refused():
    """8 channels in 8 groups at 1 x 1: torch would make every value 0, and fail on a batch of one."""
    down = [{"channels": 8, "pooling": "max", "pool_size": 4}, {"stride": 2}]
    with pytest.raises(ConfigError, match="one number is left in each of 8 groups") as refused:
        layer_table({"model": {"blocks": [*down, {"channels": 8, "normalization": "group"}]}})
    assert refused.value.field == "model.blocks.2.normalization"
    assert layer_table({"model": {"blocks": [*down, {"channels": 16, "normalization": "group"}]}})["parameters"]


@pytest.mark.parametrize(("batch_size", "fits"), [(64, True), (359, False), (1, False), (1436, False), (1437, True)])
def test_batch_normalisation_of_a_single_pixel_needs_two_pictures(batch_size, fits):
    """1,437 digits: batches of 359 leave one picture over."""
    blocks = [{"pooling": "global"}, {"kernel_size": 1, "padding": 0, "normalization": "batch"}]
    values = {"batch_size": batch_size, "model": {"blocks": blocks}}
    if fits:
        assert layer_table(values)["parameters"]
        return
    with pytest.raises(ConfigError, match="single picture") as refused:
        layer_table(values)
    assert refused.value.field == "batch_size"
    spec = layer_specs(load(values).model, (1, 8, 8), 10)
    with pytest.raises(ValueError, match="Expected more than 1 value per channel"):  # what torch would have said
        assemble(spec)(torch.zeros(1, 1, 8, 8))


def test_the_default_network_builds_and_answers():
    assert build(CNNConfig(), (1, 8, 8), 10)(torch.zeros(3, 1, 8, 8)).shape == (3, 10)


def test_the_picture_has_a_box_for_each_shape_and_a_line_for_each_skip():
    """The picture, two convolutions in the unit, pooling, dense; the 1 x 1 convolution lies on the line, not between."""
    block = {"convolutions": 2, "stride": 2, "skip": True, "pooling": "max"}
    picture = network_html(layer_table({"model": {"blocks": [block], "hidden": []}}), "Network")
    assert picture.count("lt-box") == 1 + 2 + 1 + 1
    assert picture.count("lt-plus") == picture.count("lt-fit") == 1
    assert 'title="block1.conv2: Conv2d, 16 × 4 × 4"' in picture


def test_the_largest_picture_and_the_most_channels_are_the_largest_boxes():
    blocks = [{"channels": 4}, {"channels": 64, "pooling": "max"}]
    shown = layer_table({"dataset": "mnist", "model": {"blocks": blocks, "hidden": [32]}})
    sizes = re.findall(r"--w: ([\d.]+); --h: ([\d.]+); --d", network_html(shown, "Network"))
    widths, heights = zip(*((float(width), float(height)) for width, height in sizes), strict=True)
    assert heights[0] == heights[1] == heights[2] == 112.0  # the side of the picture is kept
    assert heights[3] == pytest.approx(14 + 98 * 0.5**0.5, abs=0.1)  # pooled to half
    assert widths[1] < widths[2] == widths[3]
    assert heights[4] == pytest.approx(14 + 9 * 5, abs=0.1)  # 32 units: log2 is 5
