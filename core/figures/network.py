"""A network as a row of boxes: tall where pictures are large, thick where channels are many.

HTML with lengths as CSS variables, drawn by ``assets/network.css``: Streamlit takes SVG out of what a page shows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from typing import Any

FAMILIES = {
    "Conv2d": "conv",
    "MaxPool2d": "pool",
    "AvgPool2d": "pool",
    "AdaptiveAvgPool2d": "pool",
    "Linear": "dense",
}
WIDTH = 290.0  # what fits beside the recipe without scrolling
TIGHTER = tuple(share / 20 for share in range(20, 8, -1))  # how thin boxes may become to fit: 1 to 0.45
TALLEST, SHORTEST = 112.0, 14.0  # heights of the largest picture and of a single pixel
GAP, ROOM, LABELS = 11.0, 34.0, 36.0  # between boxes; above them where there are skips; below them
TOP = 8.0  # where the lines of skips run
CHARACTER = 6.8  # width of a digit of the labels


@dataclass(frozen=True)
class Box:
    """What one layer hands on, drawn as a box: a front of ``width`` x ``height``, going ``depth`` to the back."""

    name: str
    kind: str
    output: Sequence[int]
    x: float
    width: float
    height: float
    depth: float

    @property
    def rise(self) -> float:
        """How far the back lies above the front."""
        return 0.7 * self.depth

    @property
    def end(self) -> float:
        """Right end of the box."""
        return self.x + self.width + self.depth

    @property
    def crown(self) -> float:
        """Middle of the upper back edge."""
        return self.x + self.depth + self.width / 2


@dataclass(frozen=True)
class Arc:
    """A skip connection between the boxes at two positions; ``fitted`` where a 1 x 1 convolution lies on it."""

    start: int
    end: int
    fitted: bool


def network_html(table: Mapping[str, Any], description: str) -> str:
    """A picture of the layer table (``rows``, ``input``): one box for each layer that changes the shape.

    The height of a box grows with the root of the picture's side and its thickness with the logarithm of the
    channels, so that 8 x 8 and 32 x 32, 1 and 512 channels fit into one drawing. A vector is a bar that grows
    with the logarithm of its length. Skip connections are lines above.
    """
    shown, arcs = _shown(table)
    boxes = _placed(shown)
    tallest = max(box.height + box.rise for box in boxes)
    middle = (ROOM if arcs else 6.0) + tallest / 2
    high, wide = middle + tallest / 2 + LABELS, boxes[-1].end + 6
    drawn = [
        _part("way", x=2, y=middle, w=boxes[-1].x),
        *(_box(box, middle) for box in boxes),
        *(_arc(boxes[arc.start], boxes[arc.end], arc.fitted, middle) for arc in arcs),
        *_labels(boxes, high - LABELS + 8),
    ]
    size = f"--wide: {wide:.0f}; --high: {high:.0f}"
    return (
        f'<div class="lt-network"><div class="lt-canvas" role="img" aria-label="{escape(description)}" style="{size}">'
        f"{''.join(drawn)}</div></div>"
    )


def shape_text(shape: Sequence[int]) -> str:
    """``32 × 14 × 14``."""
    return " × ".join(f"{size:,}" for size in shape)


def _shown(table: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], list[Arc]]:
    """The layers drawn as boxes, the picture itself first, and the skips between them."""
    shown: list[Mapping[str, Any]] = [{"name": "input", "kind": "Input", "output": table["input"]}]
    arcs, start, fitted = [], 0, False
    for row in table["rows"]:
        if row["branch"] == "shortcut":
            fitted = True
        elif row["kind"] == "Residual":
            arcs.append(Arc(start, len(shown) - 1, fitted))
        elif row["kind"] in FAMILIES:
            shown.append(row)
        if row["branch"] is None:  # here a body may begin
            start, fitted = len(shown) - 1, False
    return shown, arcs


def _placed(shown: Sequence[Mapping[str, Any]]) -> list[Box]:
    """Boxes from left to right, closer and thinner where they would not fit otherwise."""
    largest = max(row["output"][1] for row in shown if len(row["output"]) == 3)
    sizes = [_size(row["output"], largest) for row in shown]
    needed = [CHARACTER * len(str(row["output"][0])) + 5 for row in shown]  # by the label below

    def steps(tight: float) -> list[float]:
        pairs = zip(sizes, needed, strict=True)
        return [max(tight * (width + depth + GAP), least) for (width, _height, depth), least in pairs]

    tight = next((share for share in TIGHTER if sum(steps(share)) <= WIDTH), TIGHTER[-1])
    places = accumulate(steps(tight), initial=9.0)
    return [
        Box(row["name"], row["kind"], row["output"], x, tight * width, height, tight * depth)
        for row, (width, height, depth), x in zip(shown, sizes, places, strict=False)
    ]


def _size(shape: Sequence[int], largest: int) -> tuple[float, float, float]:
    """Width, height and depth of the box of ``shape``."""
    if len(shape) == 1:
        return 9.0, SHORTEST + 9 * math.log2(shape[0]), 0.0
    height = SHORTEST + (TALLEST - SHORTEST) * math.sqrt(shape[1] / largest)
    return 4 + 3.2 * math.log2(1 + shape[0]), height, 0.2 * height


def _part(name: str, text: str = "", title: str = "", **lengths: float) -> str:
    """An element of the drawing; its ``lengths`` become CSS variables of the same names."""
    style = "; ".join(f"--{length}: {value:.1f}" for length, value in lengths.items())
    hint = f' title="{escape(title)}"' if title else ""
    return f'<span class="lt-{name}"{hint} style="{style}">{text}</span>'


def _box(box: Box, middle: float) -> str:
    """Front, top and side of one box, with its layer and shape as a tooltip."""
    title = f"{box.name}: {box.kind}, {shape_text(box.output)}"
    faces = "<i></i><i></i><i></i>" if box.depth else "<i></i>"
    family = FAMILIES.get(box.kind, "input")
    top = middle - (box.height + box.rise) / 2
    return _part(f"box lt-{family}", faces, title, x=box.x, y=top, w=box.width, h=box.height, d=box.depth)


def _arc(start: Box, end: Box, fitted: bool, middle: float) -> str:
    """A line from the top of one box over those between to the top of another, where the two are added."""
    x0, x1 = start.crown + 3, end.crown - 3
    y0, y1 = (middle - (box.height + box.rise) / 2 for box in (start, end))
    half = (x1 - x0) / 2
    legs = _part("up", x=x0, y=TOP, w=half, h=y0 - TOP) + _part("down", x=x0 + half, y=TOP, w=half, h=y1 - TOP - 12)
    label = _part("fit", "1×1", x=x0 + half, y=TOP) if fitted else ""
    return legs + _part("plus", "+", x=x1, y=y1 - 6) + label


def _labels(boxes: Sequence[Box], y: float) -> Iterator[str]:
    """Channels or units under each box; the side of the picture, squared, wherever it changes."""
    side = None
    for box in boxes:
        x = box.x + box.width / 2
        yield _part("count", str(box.output[0]), x=x, y=y)
        if len(box.output) == 3 and box.output[1] != side:
            side = box.output[1]
            yield _part("side", f"{side}²", x=x, y=y + 14)
