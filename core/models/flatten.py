"""The number that learners get wrong most often: how many values are left for the first dense layer."""

from __future__ import annotations

from typing import Any

from core.config import CNNRunConfig, load_as
from core.datasets import spec_of
from core.models.layers import LayerSpec, Shape, leaves
from core.models.table import checked_layers


def flatten_lesson(values: dict[str, Any]) -> dict[str, Any]:
    """How the size of the flattened picture comes about in the network that config ``values`` describe.

    Returns ``right``, the true size; ``wrong``, what comes out with a common ``mistake`` ("side": the picture is
    thought to keep its side; "pixels": the pixels of a map are forgotten); ``error``, what torch says when a dense
    layer of the wrong size meets a batch; and ``steps``, one line of arithmetic for each layer that changes the
    shape. Raises :class:`ConfigError` for an impossible or too large network.
    """
    config = load_as(CNNRunConfig, values)
    layers = checked_layers(config)
    shape = spec_of(config).shape
    position = next(place for place, layer in enumerate(layers) if layer.kind == "Flatten")
    channels, *sides = layers[position - 1].output
    right = layers[position].output[0]
    wrong, mistake = channels * shape[1] * shape[2], "side"
    if wrong == right:
        wrong, mistake = channels, "pixels"
    dense = next(layer for layer in layers[position:] if layer.kind == "Linear")
    product = f"Flatten: {channels} x {sides[0]} x {sides[1]} = {right:,}"
    return {
        "right": right,
        "wrong": wrong,
        "mistake": mistake,
        "error": refusal(config.batch_size, right, wrong, dense.output[0]),
        "steps": [*_steps(layers[:position], shape), product],
    }


def _steps(layers: list[LayerSpec], shape: Shape) -> list[str]:
    """The side of the (square) picture after each layer that may change it; a shortcut repeats its body's."""
    steps, side = [], shape[1]
    shortcuts = {id(layer) for unit in layers for layer in unit.shortcut}
    for layer in leaves(layers):
        if id(layer) in shortcuts:
            continue
        given, after = layer.arguments, layer.output[1]
        if layer.kind == "Conv2d":
            steps.append(
                f"Conv2d: floor(({side} + 2 x {given['padding']} - {given['kernel_size']}) / {given['stride']}) + 1 = {after}"
            )
        elif layer.kind in ("MaxPool2d", "AvgPool2d"):
            steps.append(f"{layer.kind}: floor({side} / {given['kernel_size']}) = {after}")
        elif layer.kind == "AdaptiveAvgPool2d":
            steps.append(f"{layer.kind}: {after}")
        side = after
    return steps


def refusal(batch: int, features: int, expected: int, units: int) -> str:
    """What torch says when ``nn.Linear(expected, units)`` is given a (batch, features) matrix.

    The matrices are one number seen many times, so that the largest layer costs nothing.
    """
    import torch

    number = torch.zeros(1)
    try:
        torch.nn.functional.linear(number.expand(batch, features), number.expand(units, expected), number.expand(units))
    except RuntimeError as error:
        return str(error)
    raise ValueError(f"{features} features fit a layer of {expected}")
