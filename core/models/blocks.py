"""The layers of one conv block: convolutions with normalisation and activation, a skip around them, pooling."""

from __future__ import annotations

import math
from collections.abc import Iterator

from core.config import ConvBlock
from core.errors import ConfigError
from core.i18n import N_
from core.models.layers import LayerSpec, Shape, activation, convolution

POOLING_LAYERS = {"max": "MaxPool2d", "average": "AvgPool2d"}
MONOTONE = frozenset({"relu", "leaky_relu", "elu", "tanh", "sigmoid"})
GROUPS = 8  # the most groups of a group normalisation


def block_layers(block: ConvBlock, number: int, shape: Shape) -> list[LayerSpec]:
    """The layers of the block at position ``number`` (from 0) for pictures of ``shape`` (C, H, W).

    Raises :class:`ConfigError` naming the field that cannot work.
    """
    layers = list(_convolutions(block, number, shape))
    if block.skip:
        layers = [_residual(block, number, shape, layers)]
    output = layers[-1].output
    pooling = [] if block.pooling == "none" else [_pooling(block, number, output)]
    if block.pooling == "max" and block.activation in MONOTONE and not block.skip:
        # the largest f(x) is f of the largest x: the same numbers, and f is computed for fewer of them
        return layers + pooling + _activation(block, number, block.convolutions, pooling[0].output)
    return layers + _activation(block, number, block.convolutions, output) + pooling


def _name(number: int, kind: str, which: int = 1) -> str:
    """``block1.conv``; the second and further ones are counted: ``block1.conv2``."""
    return f"block{number + 1}.{kind}{which if which > 1 else ''}"


def _convolutions(block: ConvBlock, number: int, shape: Shape) -> Iterator[LayerSpec]:
    """All convolutions with what follows each of them; the last activation is left out."""
    for which in range(1, block.convolutions + 1):
        _check_kernel(block, number, shape)
        unit = _unit(block, number, which, shape)
        shape = unit[-1].output
        yield from unit
        if which < block.convolutions:
            yield from _activation(block, number, which, shape)


def _check_kernel(block: ConvBlock, number: int, shape: Shape) -> None:
    padded = min(shape[1:]) + 2 * block.padding
    if block.kernel_size > padded:
        raise ConfigError(
            f"model.blocks.{number}.kernel_size",
            N_(
                "Block {block}: a kernel of {kernel} does not fit into {padded} x {padded} pixels (padding included). Take a smaller kernel, more padding, fewer convolutions or less pooling before it."
            ),
            block=number + 1,
            kernel=block.kernel_size,
            padded=padded,
        )


def _unit(block: ConvBlock, number: int, which: int, shape: Shape) -> list[LayerSpec]:
    """One convolution (two layers if depthwise separable) and its normalisation, which takes the place of a bias."""
    window = {"kernel": block.kernel_size, "stride": block.stride if which == 1 else 1, "padding": block.padding}
    name, bias = _name(number, "conv", which), block.normalization == "none"
    layers = []
    if block.convolution == "depthwise":  # one filter a channel, then 1 x 1 to mix the channels
        depthwise = _name(number, "depthwise", which)
        layers.append(convolution(depthwise, shape, shape[0], groups=shape[0], bias=False, **window))
        shape, window = layers[0].output, {"kernel": 1}
    layers.append(convolution(name, shape, block.channels, bias=bias, **window))
    return layers + _normalization(block, number, _name(number, "norm", which), layers[-1].output)


def _normalization(block: ConvBlock, number: int, name: str, shape: Shape) -> list[LayerSpec]:
    channels = shape[0]
    if block.normalization == "none":
        return []
    if block.normalization == "batch":
        return [LayerSpec(name, "BatchNorm2d", shape, {"num_features": channels}, 2 * channels)]
    groups = 1 if block.normalization == "layer" else math.gcd(GROUPS, channels)
    if math.prod(shape) == groups:
        raise ConfigError(
            f"model.blocks.{number}.normalization",
            N_(
                "Block {block}: one number is left in each of {groups} groups, and normalising a single number makes it 0. Take batch normalisation, more channels, or less stride and pooling before it."
            ),
            block=number + 1,
            groups=groups,
        )
    return [LayerSpec(name, "GroupNorm", shape, {"num_groups": groups, "num_channels": channels}, 2 * channels)]


def _activation(block: ConvBlock, number: int, which: int, shape: Shape) -> list[LayerSpec]:
    return activation(_name(number, "activation", which), block.activation, shape)


def _residual(block: ConvBlock, number: int, shape: Shape, body: list[LayerSpec]) -> LayerSpec:
    """The convolutions with a way around them: y = body(x) + shortcut(x)."""
    output = body[-1].output
    shortcut: list[LayerSpec] = []
    if output != shape:
        name, bias = _name(number, "shortcut"), block.normalization == "none"
        fit = convolution(name, shape, block.channels, kernel=1, stride=block.stride, bias=bias)
        if fit.output != output:
            raise _does_not_meet(block, number, fit.output, output)
        shortcut = [fit, *_normalization(block, number, _name(number, "shortcut_norm"), output)]
    parameters = sum(layer.parameters for layer in (*body, *shortcut))
    return LayerSpec(_name(number, "residual"), "Residual", output, {}, parameters, tuple(body), tuple(shortcut))


def _does_not_meet(block: ConvBlock, number: int, wanted: Shape, made: Shape) -> ConfigError:
    """The two ways of a skip connection end in different sizes; with padding (kernel - 1) / 2 they never do."""
    odd = block.kernel_size % 2 == 1
    kernel = block.kernel_size if odd else max(3, block.kernel_size - 1)
    template = N_(
        "Block {block}: the skip connection brings {wanted} x {wanted} pixels, the convolutions make {made} x {made}, and only equal sizes can be added. For kernel {kernel} take padding {padding}, which keeps the side."
    )
    if not odd:
        template = N_(
            "Block {block}: the skip connection brings {wanted} x {wanted} pixels, the convolutions make {made} x {made}, and only equal sizes can be added. Take an odd kernel, such as {kernel} with padding {padding}, which keeps the side."
        )
    return ConfigError(
        f"model.blocks.{number}.{'padding' if odd else 'kernel_size'}",
        template,
        block=number + 1,
        wanted=wanted[1],
        made=made[1],
        kernel=kernel,
        padding=(kernel - 1) // 2,
    )


def _pooling(block: ConvBlock, number: int, shape: Shape) -> LayerSpec:
    channels, height, width = shape
    if block.pooling == "global":
        return LayerSpec(_name(number, "pooling"), "AdaptiveAvgPool2d", (channels, 1, 1), {"output_size": 1})
    if block.pool_size > min(height, width):
        raise ConfigError(
            f"model.blocks.{number}.pool_size",
            N_(
                "Block {block}: pooling windows of {size} do not fit into {side} x {side} pixels. Take no pooling here, or less stride or pooling before it."
            ),
            block=number + 1,
            size=block.pool_size,
            side=min(height, width),
        )
    output = (channels, height // block.pool_size, width // block.pool_size)
    return LayerSpec(_name(number, "pooling"), POOLING_LAYERS[block.pooling], output, {"kernel_size": block.pool_size})
