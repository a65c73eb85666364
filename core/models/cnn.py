"""A small convolutional classifier: conv blocks, then a dense head.

``layer_specs`` says which layers there are; the builder, the layer table and the exported script all
read it, so they cannot disagree.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from core.config import CNNConfig
from core.models.blocks import block_layers
from core.models.layers import LayerSpec, Shape, activation, linear

if TYPE_CHECKING:
    from torch import nn


def layer_specs(config: CNNConfig, shape: Shape, classes: int, editable: bool = False) -> list[LayerSpec]:
    """The layers of ``config`` for pictures of ``shape`` (C, H, W). No torch, nothing allocated.

    ``editable`` keeps dropout layers with p = 0, which pass everything on, so that p can be changed in training.

    Raises :class:`ConfigError` naming the field that cannot work, e.g. a kernel larger than its input.
    """
    layers: list[LayerSpec] = []
    for number, block in enumerate(config.blocks):
        layers += block_layers(block, number, shape)
        shape = layers[-1].output
    layers.append(LayerSpec("flatten", "Flatten", (math.prod(shape),)))
    layers += _head(config, math.prod(shape), classes, editable)
    return layers


def _head(config: CNNConfig, features: int, classes: int, editable: bool) -> Iterator[LayerSpec]:
    drops = config.dropout > 0 or editable
    for number, units in enumerate(config.hidden, 1):
        if drops:
            yield LayerSpec(f"dense{number}.dropout", "Dropout", (features,), {"p": config.dropout})
        yield linear(f"dense{number}", features, units)
        yield from activation(f"dense{number}.activation", config.activation, (units,))
        features = units
    if drops:
        yield LayerSpec("logits.dropout", "Dropout", (features,), {"p": config.dropout})
    yield linear("logits", features, classes)


def assemble(layers: Sequence[LayerSpec]) -> nn.Sequential:
    """The modules of ``layers`` in a row, with torch's own initial weights from its global generator."""
    from torch import nn

    return nn.Sequential(*map(_module, layers))


def _module(layer: LayerSpec) -> nn.Module:
    from torch import nn

    from core.models.residual import Residual

    if layer.kind == "Residual":
        return Residual(assemble(layer.body), assemble(layer.shortcut))
    made: nn.Module = getattr(nn, layer.kind)(**layer.arguments)
    return made


def build(config: CNNConfig, shape: Shape, classes: int, editable: bool = False) -> nn.Sequential:
    """The network: (N, C, H, W) -> logits (N, classes). Weights come from torch's global generator."""
    from core.models.initialization import initialise

    model = assemble(layer_specs(config, shape, classes, editable))
    initialise(model, config.initialization)
    return model


def named_leaves(model: nn.Module, layers: Sequence[LayerSpec]) -> list[tuple[str, nn.Module]]:
    """Name and module of every layer that computes something, in the order of :func:`core.models.layers.leaves`."""
    children: Any = model  # an nn.Sequential
    found: list[tuple[str, nn.Module]] = []
    for layer, module in zip(layers, children, strict=True):
        if layer.kind == "Residual":
            found += named_leaves(module.body, layer.body) + named_leaves(module.shortcut, layer.shortcut)
        else:
            found.append((layer.name, module))
    return found
