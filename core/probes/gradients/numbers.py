"""The numbers of every layer of a network on some examples."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from core.probes.gradients.histograms import histogram
from core.probes.gradients.layers import Handed, Layer, handed_on, layers_of, length, tracing
from core.probes.inside import Inside

SILENT = 1e-6  # what a dead unit may give at most
SATURATED = 0.97  # |y| beyond which tanh has 6 % of its slope left; of a sigmoid: |2 y - 1|


def layer_health(seen: Inside, histograms: bool = True) -> dict[str, Any]:
    """The loss on the examples of ``seen`` and, for each layer:

    ``gradient``: |dL/dw| over its parameters; ``rms``: the same / sqrt(their number), by which layers of different
    size compare; ``weight``: |w|; of what it hands on: ``mean``, ``std``, ``dead`` (share of units that are zero for
    all examples) and ``saturated`` (share of values at the flat ends of tanh or sigmoid, or of gates). Numbers may be
    nan or inf; ``None`` stands where there is no such thing. Leaves the network as it was.
    """
    layers = layers_of(seen.model)
    with seen.opened(), tracing(seen.model) as traces:
        loss = seen.loss_of(seen.model(seen.inputs))
        gradients = torch.autograd.grad(loss, [p for layer in layers for p in layer.parameters], allow_unused=True)
    handed = handed_on(layers, traces, getattr(seen.model, "lengths", None))
    found, place = [], 0
    for layer in layers:
        mine = gradients[place : place + len(layer.parameters)]
        place += len(layer.parameters)
        found.append(_numbers(layer, [g for g in mine if g is not None], handed.get(layer.name), histograms))
    return {"loss": loss.item(), "examples": len(seen.inputs), "layers": found}


def _numbers(layer: Layer, gradients: list[Tensor], handed: Handed | None, histograms: bool) -> dict[str, Any]:
    weights = [parameter.detach() for parameter in layer.parameters]
    gradient = length(gradients).item() if gradients else 0.0
    found: dict[str, Any] = {
        "name": layer.name,
        "module": layer.module,
        "kind": layer.kind,
        "shape": list(layer.weight.shape),
        "parameters": layer.count,
        "gradient": gradient,
        "rms": gradient / math.sqrt(layer.count),
        "weight": length(weights).item(),
        **(_activations(handed) if handed is not None and handed.values.numel() else NOTHING),
    }
    if histograms:
        found["histograms"] = {
            "weight": _histogram(weights),
            "gradient": _histogram(gradients),
            "activation": None if handed is None else histogram(handed.values),
        }
    return found


NOTHING = {"activation": "", "mean": None, "std": None, "dead": None, "saturated": None, "gates": False}


def _activations(handed: Handed) -> dict[str, Any]:
    values = handed.values.float()
    std, mean = torch.std_mean(values, correction=0)
    bent = _bent(handed)
    return {
        "activation": handed.activation,
        "mean": mean.item(),
        "std": std.item(),
        "dead": (values.abs().amax(0) <= SILENT).float().mean().item(),
        "saturated": None if bent is None else (bent.abs() > SATURATED).float().mean().item(),
        "gates": handed.gates is not None,
    }


def _bent(handed: Handed) -> Tensor | None:
    """Values from -1 to 1 whose ends are flat."""
    if handed.gates is not None:
        return 2 * handed.gates - 1
    return {"Tanh": handed.values, "Sigmoid": 2 * handed.values - 1}.get(handed.activation)


def _histogram(tensors: list[Tensor]) -> dict[str, Any] | None:
    return histogram(torch.cat([one.flatten() for one in tensors])) if tensors else None
