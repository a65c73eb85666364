"""A small convolutional classifier: conv blocks, then a dense head.

``layer_specs`` says which layers there are; the builder, the layer table and the exported script all
read it, so they cannot disagree.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.config import CNNConfig, ConvBlock
from core.errors import ConfigError
from core.i18n import N_

if TYPE_CHECKING:
    from torch import nn

ACTIVATION_LAYERS = {"relu": "ReLU", "leaky_relu": "LeakyReLU", "gelu": "GELU", "tanh": "Tanh", "sigmoid": "Sigmoid"}
POOLING_LAYERS = {"max": "MaxPool2d", "average": "AvgPool2d"}
Shape = tuple[int, ...]


@dataclass(frozen=True)
class LayerSpec:
    """One layer: its class in ``torch.nn``, its arguments and the shape it hands on."""

    name: str
    kind: str
    output: Shape
    arguments: dict[str, Any] = field(default_factory=dict)
    parameters: int = 0


def layer_specs(config: CNNConfig, shape: Shape, classes: int, editable: bool = False) -> list[LayerSpec]:
    """The layers of ``config`` for pictures of ``shape`` (C, H, W). No torch, nothing allocated.

    ``editable`` keeps dropout layers with p = 0, which pass everything on, so that p can be changed in training.

    Raises :class:`ConfigError` naming the field that cannot work, e.g. a kernel larger than its input.
    """
    layers: list[LayerSpec] = []
    for number, block in enumerate(config.blocks):
        for layer in _block(block, number, shape):
            layers.append(layer)
            shape = layer.output
    layers.append(LayerSpec("flatten", "Flatten", (math.prod(shape),)))
    layers += _head(config, math.prod(shape), classes, editable)
    return layers


def _block(block: ConvBlock, number: int, shape: Shape) -> Iterator[LayerSpec]:
    channels, height, width = shape
    path, name = f"model.blocks.{number}", f"block{number + 1}"
    padded = min(height, width) + 2 * block.padding
    if block.kernel_size > padded:
        raise ConfigError(
            f"{path}.kernel_size",
            N_(
                "Block {block}: a kernel of {kernel} does not fit into {padded} x {padded} pixels (padding included). Take a smaller kernel, more padding, or less pooling before it."
            ),
            block=number + 1,
            kernel=block.kernel_size,
            padded=padded,
        )
    height, width = (conv_size(side, block) for side in (height, width))
    arguments = {"in_channels": channels, "out_channels": block.channels, "kernel_size": block.kernel_size}
    arguments |= {"stride": block.stride, "padding": block.padding}
    count = block.channels * (channels * block.kernel_size**2 + 1)
    yield LayerSpec(f"{name}.conv", "Conv2d", (block.channels, height, width), arguments, count)
    if block.activation != "none":
        yield LayerSpec(f"{name}.activation", ACTIVATION_LAYERS[block.activation], (block.channels, height, width))
    if block.pooling != "none":
        yield _pooling(block, number, (block.channels, height, width))


def _pooling(block: ConvBlock, number: int, shape: Shape) -> LayerSpec:
    channels, height, width = shape
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
    return LayerSpec(
        f"block{number + 1}.pooling", POOLING_LAYERS[block.pooling], output, {"kernel_size": block.pool_size}
    )


def _head(config: CNNConfig, features: int, classes: int, editable: bool) -> Iterator[LayerSpec]:
    drops = config.dropout > 0 or editable
    for number, units in enumerate(config.hidden, 1):
        if drops:
            yield LayerSpec(f"dense{number}.dropout", "Dropout", (features,), {"p": config.dropout})
        yield _linear(f"dense{number}", features, units)
        if config.activation != "none":
            yield LayerSpec(f"dense{number}.activation", ACTIVATION_LAYERS[config.activation], (units,))
        features = units
    if drops:
        yield LayerSpec("logits.dropout", "Dropout", (features,), {"p": config.dropout})
    yield _linear("logits", features, classes)


def _linear(name: str, features: int, units: int) -> LayerSpec:
    arguments = {"in_features": features, "out_features": units}
    return LayerSpec(name, "Linear", (units,), arguments, units * (features + 1))


def conv_size(side: int, block: ConvBlock) -> int:
    """Side after the convolution: floor((side + 2 x padding - kernel) / stride) + 1."""
    return (side + 2 * block.padding - block.kernel_size) // block.stride + 1


def build(config: CNNConfig, shape: Shape, classes: int, editable: bool = False) -> nn.Sequential:
    """The network: (N, C, H, W) -> logits (N, classes). Weights come from torch's global generator."""
    from torch import nn

    layers = layer_specs(config, shape, classes, editable)
    return nn.Sequential(*(getattr(nn, layer.kind)(**layer.arguments) for layer in layers))
