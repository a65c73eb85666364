"""What each layer of a network hands on and costs, as torch computes it on its meta device: nothing is allocated.

Imports torch; for workers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from core.models.cnn import assemble
from core.models.layers import LayerSpec, Shape

BYTES = 4  # of a float32


@dataclass(frozen=True)
class Field:
    """What a value sees of the picture: a square of ``side`` pixels, ``jump`` pixels from its neighbour's.

    ``side`` is ``None`` where a value sees the whole picture. Statistics that a normalisation takes over the
    picture are left aside, as is usual.
    """

    side: int | None = 1
    jump: int = 1

    def after(self, layer: LayerSpec) -> Field:
        """The field after ``layer``: side + (kernel - 1) x jump; the jump grows by the stride."""
        if layer.kind in ("AdaptiveAvgPool2d", "Flatten"):
            return Field(None)
        kernel = layer.arguments.get("kernel_size", 1)
        if self.side is None or layer.kind not in ("Conv2d", "MaxPool2d", "AvgPool2d"):
            return self
        stride = layer.arguments.get("stride", kernel)  # a pooling window moves by its own size
        return Field(self.side + (kernel - 1) * self.jump, self.jump * stride)


@dataclass
class _Pass:
    """One picture on its way through the network; ``rows`` tells what was seen."""

    counter: FlopCounterMode
    rows: list[dict[str, Any]] = field(default_factory=list)

    def through(
        self, layers: Iterable[LayerSpec], modules: Iterable[Any], x: Tensor, seen: Field, branch: str | None = None
    ) -> tuple[Tensor, Field]:
        """What ``layers`` make of ``x`` (1, ...) and of its receptive field."""
        for layer, module in zip(layers, modules, strict=True):
            given, before = x, self.counter.get_total_flops()
            if layer.kind == "Residual":
                y, wide = self.through(layer.body, module.body, x, seen, "body")
                x, narrow = self.through(layer.shortcut, module.shortcut, x, seen, "shortcut")
                x, seen, parameters, flops = y + x, _wider(wide, narrow), 0, 0
            else:
                x, seen = module(x), seen.after(layer)
                parameters = sum(parameter.numel() for parameter in module.parameters())
                flops = self.counter.get_total_flops() - before
            self.rows.append(_row(layer, given, x, parameters, flops, seen, branch))
        return x, seen


def _wider(one: Field, other: Field) -> Field:
    if one.side is None or other.side is None:
        return Field(None)
    return one if one.side >= other.side else other


def _row(
    layer: LayerSpec, given: Tensor, x: Tensor, parameters: int, flops: int, seen: Field, branch: str | None
) -> dict[str, Any]:
    output = list(x.shape[1:])
    return {
        "name": layer.name,
        "kind": layer.kind,
        "arguments": layer.arguments,
        "input": list(given.shape[1:]),
        "output": output,
        "parameters": parameters,
        "flops": flops,
        "memory": BYTES * math.prod(output),
        "weights": BYTES * parameters,
        "sees": seen.side,
        "branch": branch,
    }


def layer_rows(layers: Sequence[LayerSpec], shape: Shape) -> list[dict[str, Any]]:
    """One row a layer for pictures of ``shape`` (C, H, W): what goes in and comes out, and what it costs.

    ``flops`` are additions and multiplications per picture in convolutions and matrix products, as torch counts
    them (two for a multiply-add); ``memory`` is bytes of the output per picture, ``weights`` bytes of the
    parameters, both in float32; ``sees`` is the side of the square of the picture that a value depends on,
    ``None`` for all of it. Layers of a residual have a ``branch``, "body" or "shortcut"; the residual's own row
    comes after them and stands for the addition alone.
    """
    with torch.device("meta"):
        model = assemble(layers).eval()  # batch normalisation could not train on a single picture
        x = torch.empty(1, *shape)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        way = _Pass(counter)
        way.through(layers, model, x, Field())
    return way.rows
