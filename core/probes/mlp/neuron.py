"""One neuron of the playground, looked at closely."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.models.mlp import feature_names, inputs_of
from core.probes.arguments import whole
from core.probes.mlp.subject import PlaneSubject, grid, layer_activation, layer_name, signed_block, squashed
from core.probes.pictures import numbers
from core.training.assessment import looking

FLAT = 0.05  # a slope below which a tanh or sigmoid learns next to nothing


def neuron(subject: PlaneSubject, *, layer: int, index: int, side: int = 60) -> dict[str, Any]:
    """Its map, its weights in and out, and what its values over the training points are like.

    ``layer``: -1 for the inputs, then as in the look "playground". Raises :class:`LiveTorchError` for one that is not
    there.
    """
    config, model = subject.config, subject.model
    whole("layer", layer, -1, len(config.widths) - 2)
    whole("index", index, 0, config.widths[layer + 1] - 1)
    whole("side", side, 8, 120)
    linears = model.linears
    incoming, following = linears[layer] if layer >= 0 else None, linears[layer + 1 :][:1]
    values = _values(subject, layer, subject.train.inputs)[:, index]
    inputs = inputs_of(grid(side).to(config.device), config.features)
    return {
        "layer": layer,
        "index": index,
        "name": feature_names(config.features)[index] if layer < 0 else _name(subject, layer, index),
        "activation": layer_activation(config, layer) if layer >= 0 else "none",
        "map": signed_block(_values(subject, layer, inputs)[:, index][None], side),
        "bias": numbers([incoming.bias[index].item()])[0] if incoming is not None else None,
        "weights_in": numbers(incoming.weight[index].tolist()) if incoming is not None else [],
        "inputs": _names(subject, layer - 1) if layer >= 0 else [],
        "weights_out": numbers(following[0].weight[:, index].tolist()) if following else [],
        "outputs": _names(subject, layer + 1) if following else [],
        "low": numbers([values.min().item()])[0],
        "high": numbers([values.max().item()])[0],
        "mean": numbers([values.mean().item()])[0],
        "deviation": numbers([values.std(correction=0).item()])[0],
        "saturated": _saturated(subject, layer, index),
    }


def _values(subject: PlaneSubject, layer: int, inputs: Tensor) -> Tensor:
    """What the layer hands on, (n, neurons), the output squashed as in the other maps."""
    if layer < 0:
        return inputs
    with looking(subject.model):
        made = subject.model.activations(inputs)[layer]
    return squashed(subject.config, made) if layer == len(subject.config.model.layers) else made


def _saturated(subject: PlaneSubject, layer: int, index: int) -> float | None:
    """Share of the training points at which its slope is (nearly) zero; nothing for activations that have no flat part."""
    if not 0 <= layer < len(subject.model.layers):
        return None
    kind = layer_activation(subject.config, layer)
    if kind not in ("relu", "tanh", "sigmoid"):
        return None
    kept: list[Tensor] = []
    hook = subject.model.layers[layer].activation.register_forward_hook(lambda _m, _x, made: kept.append(made))
    try:
        with looking(subject.model):
            subject.model(subject.train.inputs)
    finally:
        hook.remove()
    made = kept[0][:, index]
    slope = {"relu": (made > 0).float(), "tanh": 1 - made**2, "sigmoid": made * (1 - made)}[kind]
    share: float = (slope < FLAT * (0.25 if kind == "sigmoid" else 1)).float().mean().item()
    return round(share, 4) if bool(torch.isfinite(made).all()) else None


def _name(subject: PlaneSubject, layer: int, index: int) -> str:
    name = layer_name(subject.config, layer)
    return name if name == "output" and subject.config.outputs == 1 else f"{name}.{index + 1}"


def _names(subject: PlaneSubject, layer: int) -> list[str]:
    if layer < 0:
        return feature_names(subject.config.features)
    return [_name(subject, layer, index) for index in range(subject.config.widths[layer + 1])]
