"""A network as a row of slabs: tall where pictures are large, wide where channels are many."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

FAMILIES = {
    "Conv2d": "conv",
    "MaxPool2d": "pool",
    "AvgPool2d": "pool",
    "Linear": "dense",
    "Flatten": "flat",
    "Dropout": "flat",
}


def network_html(table: Mapping[str, Any], description: str) -> str:
    """A picture of the layer table (``rows``, ``input``) in HTML: one slab per layer that changes the shape.

    The height of a slab grows with the square root of the picture's side, its width with the logarithm of
    the channels, so that 8 x 8 and 224 x 224, 1 and 512 channels fit into one drawing.
    """
    slabs = [{"name": "input", "kind": "Input", "output": table["input"]}, *_shape_changing(table["rows"])]
    largest = max(math.sqrt(_side(slab["output"])) for slab in slabs)
    drawn = "".join(_slab(slab, largest) for slab in slabs)
    return f'<div class="lt-network" role="img" aria-label="{escape(description)}">{drawn}</div>'


def _shape_changing(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["kind"] in FAMILIES and row["kind"] not in ("Flatten", "Dropout")]


def _side(shape: Sequence[int]) -> float:
    """Side of the picture; a vector counts as a slab of its length's root."""
    return float(shape[1]) if len(shape) == 3 else math.sqrt(shape[0]) / 2


def shape_text(shape: Sequence[int]) -> str:
    """``32 × 14 × 14``."""
    return " × ".join(str(size) for size in shape)


def _slab(slab: Mapping[str, Any], largest: float) -> str:
    shape = slab["output"]
    width = 8.0 + 6.0 * math.log2(1 + shape[0])
    height = 22.0 + 108.0 * math.sqrt(_side(shape)) / max(largest, 1.0)
    side = f"{shape[1]}×{shape[2]}" if len(shape) == 3 else ""
    title = f"{slab['name']}: {slab['kind']}, {shape_text(shape)}"
    return (
        f'<div class="lt-slab lt-{FAMILIES.get(slab["kind"], "input")}" title="{escape(title)}">'
        f'<i style="--w: {width:.0f}px; --h: {height:.0f}px"></i><b>{shape[0]}</b><span>{side}</span></div>'
    )
