"""One number of a tensor: where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from core.probes.arguments import whole

LAYOUTS = {3: "maps", 2: "sequence", 1: "vector", 0: "number"}


def layout_of(made: Tensor) -> str:
    """``maps`` (C, H, W), ``sequence`` (T, F), ``vector`` (F,), ``tokens`` (T,) or ``number`` ()."""
    if made.dim() == 1 and made.dtype == torch.int64:
        return "tokens"
    return LAYOUTS.get(made.dim(), "other")


@dataclass(frozen=True)
class Place:
    """A channel or unit, a pixel, a step; what a layout has no use for is 0."""

    channel: int
    row: int
    column: int
    step: int

    def index(self, layout: str) -> tuple[int, ...]:
        """Where it is in a tensor of that layout."""
        return {
            "maps": (self.channel, self.row, self.column),
            "sequence": (self.step, self.channel),
            "vector": (self.channel,),
            "tokens": (self.step,),
        }.get(layout, ())

    def said(self) -> dict[str, int]:
        """JSON-ready."""
        return {"channel": self.channel, "row": self.row, "column": self.column, "step": self.step}


def place_in(shape: tuple[int, ...], layout: str, channel: Any, row: Any, column: Any, step: Any) -> Place:
    """The place in a tensor of ``shape``. Raises :class:`LiveTorchError` where there is no such number."""
    sides = {
        "maps": {"channel": 0, "row": 1, "column": 2},
        "sequence": {"step": 0, "channel": 1},
        "vector": {"channel": 0},
        "tokens": {"step": 0},
    }.get(layout, {})
    given = {"channel": channel, "row": row, "column": column, "step": step}
    found = {
        name: whole(name, value, 0, shape[sides[name]] - 1 if name in sides else 2**31) for name, value in given.items()
    }
    return Place(**{name: value if name in sides else 0 for name, value in found.items()})
