"""One number through a normalisation or an activation."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from core.probes.arithmetic.numbers import exact
from core.probes.arithmetic.place import Place, layout_of
from core.probes.arithmetic.way import Station


def normalisation(station: Station, at: Place, _rows: int) -> tuple[dict[str, Any], float]:
    """y = (x - mean) / sqrt(variance + eps) x weight + bias (Ioffe and Szegedy, 2015; Ba et al., 2016)."""
    layer: Any = station.module
    given = station.given[0].detach().double().cpu()
    place = at.index(layout_of(station.made))
    x = float(given[place])
    over, mean, variance = _statistics(layer, given, at)
    unit = at.channel if not isinstance(layer, nn.LayerNorm) else place[-len(layer.normalized_shape) :]
    weight, bias = (None if one is None else float(one[unit]) for one in (layer.weight, layer.bias))
    deviation = math.sqrt(variance + layer.eps)
    normal = (x - mean) / deviation
    result = normal * (1.0 if weight is None else weight) + (bias or 0.0)
    return {
        "form": "norm",
        "x": exact(x),
        "mean": exact(mean),
        "variance": exact(variance),
        "eps": layer.eps,
        "deviation": exact(deviation),
        "normal": exact(normal),
        "weight": None if weight is None else exact(weight),
        "bias": None if bias is None else exact(bias),
        "over": over,
    }, result


def _statistics(layer: Any, given: Tensor, at: Place) -> tuple[dict[str, Any], float, float]:
    """What mean and variance are taken over, and both."""
    if isinstance(layer, nn.LayerNorm):
        part = given.flatten(-len(layer.normalized_shape)) if given.dim() > 1 else given
        row = part[at.step] if part.dim() > 1 else part
        return {"what": "layer", "count": row.numel()}, float(row.mean()), float(row.var(correction=0))
    if isinstance(layer, nn.GroupNorm):
        size = layer.num_channels // layer.num_groups
        first = at.channel // size * size
        group = given[first : first + size]
        over = {"what": "group", "count": group.numel(), "first": first, "channels": size, "groups": layer.num_groups}
        return over, float(group.mean()), float(group.var(correction=0))
    running = {"what": "running", "channel": at.channel}
    return running, float(layer.running_mean[at.channel]), float(layer.running_var[at.channel])


def activation(station: Station, at: Place, _rows: int) -> tuple[dict[str, Any], float]:
    """One number through an activation, with what lies between where there is such."""
    layer: Any = station.module
    value = station.given[0][at.index(layout_of(station.made))].detach().double().cpu()
    x, name = float(value), type(layer).__name__
    constant = {"LeakyReLU": "negative_slope", "ELU": "alpha"}.get(name)
    # as torch computes it, in double precision: the layers have no weights
    result = float(layer(value[None])[0]) if name != "ReLU" else max(x, 0.0) if x == x else x
    between = {"SiLU": torch.sigmoid, "GELU": torch.special.ndtr}.get(name)
    return {
        "form": "activation",
        "name": name,
        "x": exact(x),
        "y": exact(result),
        "constant": None if constant is None else getattr(layer, constant),
        "between": None if between is None else exact(between(value)),
    }, result
