"""The way forward at one place of one layer: inputs times weights, and the bias."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.probes.step.record import Call, Weights

MOST_TERMS = 8


def forward(call: Call, weights: Weights, place: tuple[int, ...]) -> dict[str, Any] | None:
    """The sum behind the output of ``call`` at ``place``, largest products first; nothing for layers without one."""
    found = _terms(call, weights, place)
    if found is None:
        return None
    weight, value, places, unit = found
    made = weight * value
    bias = weights[call.network].get(f"{call.name}.bias".lstrip("."))
    shift = float(bias[unit]) if bias is not None else None
    return {
        "terms": [
            {
                "place": places[at],
                "weight": float(weight[at]),
                "input": float(value[at]),
                "product": float(made[at]),
            }
            for at in made.abs().argsort(descending=True)[:MOST_TERMS].tolist()
        ],
        "count": len(made),
        "bias": shift,
        "total": float(made.sum()) + (shift or 0.0),
        "value": float(call.made.detach()[place]),
    }


def _terms(call: Call, weights: Weights, place: tuple[int, ...]) -> tuple[Tensor, Tensor, list[list[int]], int] | None:
    """Weights and inputs (n,) float64, where each input lies, and the unit."""
    module = call.module
    if isinstance(module, nn.Linear):
        row = _weight(call, weights)[place[-1]]
        value = call.given[place[:-1]].detach().double().cpu()
        return row, value, [[at] for at in range(len(row))], place[-1]
    if isinstance(module, nn.Conv2d):
        return _patch(call, module, weights, place)
    return None


def _patch(
    call: Call, module: nn.Conv2d, weights: Weights, place: tuple[int, ...]
) -> tuple[Tensor, Tensor, list[list[int]], int]:
    example, unit, row, column = place
    inputs = module.in_channels // module.groups
    first = unit // (module.out_channels // module.groups) * inputs
    high, wide = (int(pad) for pad in module.padding)
    maps = call.given[example, first : first + inputs].detach().double().cpu()
    top, left = row * module.stride[0], column * module.stride[1]
    padded = F.pad(maps, (wide, wide, high, high))
    tall, broad = module.kernel_size
    patch = padded[:, top : top + tall, left : left + broad]
    places = [
        [first + channel, top + i - high, left + j - wide]
        for channel in range(inputs)
        for i in range(tall)
        for j in range(broad)
    ]
    return _weight(call, weights)[unit].flatten(), patch.flatten(), places, unit


def _weight(call: Call, weights: Weights) -> Tensor:
    found = call.weight if call.weight is not None else weights[call.network][f"{call.name}.weight".lstrip(".")]
    return torch.as_tensor(found).double().cpu()
