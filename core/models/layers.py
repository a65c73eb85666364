"""Layers as data: what ``torch.nn`` class, which arguments, what shape they hand on. No torch is needed here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

ACTIVATION_LAYERS = {
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "elu": "ELU",
    "silu": "SiLU",
    "gelu": "GELU",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
}
Shape = tuple[int, ...]


@dataclass(frozen=True)
class LayerSpec:
    """One layer: its class in ``torch.nn``, its arguments and the shape it hands on.

    A ``Residual`` is not in ``torch.nn``: it adds what ``body`` and ``shortcut`` make of its input (an empty
    shortcut passes the input on), and its parameters are theirs together.
    """

    name: str
    kind: str
    output: Shape
    arguments: dict[str, Any] = field(default_factory=dict)
    parameters: int = 0
    body: tuple[LayerSpec, ...] = ()
    shortcut: tuple[LayerSpec, ...] = ()


def leaves(layers: Iterable[LayerSpec]) -> Iterator[LayerSpec]:
    """The layers that compute something, in order; a residual gives those of its body, then of its shortcut."""
    for layer in layers:
        if layer.kind == "Residual":
            yield from leaves((*layer.body, *layer.shortcut))
        else:
            yield layer


def activation(name: str, chosen: str, shape: Shape) -> list[LayerSpec]:
    """The layer of the activation ``chosen``; nothing for "none"."""
    return [] if chosen == "none" else [LayerSpec(name, ACTIVATION_LAYERS[chosen], shape)]


def convolution(
    name: str,
    shape: Shape,
    channels: int,
    *,
    kernel: int,
    stride: int = 1,
    padding: int = 0,
    groups: int = 1,
    bias: bool,
) -> LayerSpec:
    """A ``Conv2d`` on pictures of ``shape`` (C, H, W). What is torch's default is left out of its arguments."""
    sides = [(side + 2 * padding - kernel) // stride + 1 for side in shape[1:]]
    arguments: dict[str, Any] = {"in_channels": shape[0], "out_channels": channels, "kernel_size": kernel}
    arguments |= {"stride": stride, "padding": padding}
    arguments |= ({"groups": groups} if groups > 1 else {}) | ({} if bias else {"bias": False})
    count = channels * (shape[0] // groups * kernel**2 + bias)
    return LayerSpec(name, "Conv2d", (channels, *sides), arguments, count)


def linear(name: str, features: int, units: int) -> LayerSpec:
    """A fully connected layer."""
    arguments = {"in_features": features, "out_features": units}
    return LayerSpec(name, "Linear", (units,), arguments, units * (features + 1))
