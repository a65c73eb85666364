"""Outlines of shapes, drawn as masks: blobs and polygons of a Fourier row, stars, rods, branches, fractals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Form = dict[str, Any]
Pen = ImageDraw.ImageDraw
Draws = np.random.Generator
Points = NDArray[np.float64]
KINDS = ("blob", "blob", "polygon", "rod", "branch", "chain", "fractal")
ANGLES = np.linspace(0, 2 * np.pi, 48, endpoint=False)


def form(draws: Draws, fractals: int) -> Form:
    """A kind of shape by chance: what all its instances share."""
    orders = np.arange(1, 7)
    return {
        "kind": KINDS[int(draws.integers(len(KINDS)))],
        "aspect": float(draws.uniform(0.3, 1.0)),
        "wave": draws.normal(0, 0.5, 6) / orders ** draws.uniform(0.6, 2.0) * draws.random(),
        "phase": draws.uniform(0, 2 * np.pi, 6),
        "corners": int(draws.integers(3, 9)),
        "notch": float(draws.uniform(0.35, 1.0)),
        "parts": int(draws.integers(2, 7)),
        "spread": float(draws.uniform(0.2, 1.1)),
        "width": float(draws.uniform(0.03, 0.2)),
        "fractal": int(draws.integers(fractals)),
    }


def mask(
    shape: Form,
    draws: Draws,
    middle: tuple[float, float],
    size: float,
    turn: float,
    side: int,
    fractals: NDArray[np.uint8],
) -> Image.Image:
    """A mask "L" of ``side`` pixels with the shape of radius ``size`` (pixels) around ``middle``, turned by ``turn``."""
    if shape["kind"] == "fractal":
        return _fractal(fractals[shape["fractal"]], middle, size, turn, side)
    sheet = Image.new("L", (side, side))
    pen = ImageDraw.Draw(sheet)
    _DRAWN[shape["kind"]](pen, shape, draws, np.array(middle), size, turn)
    return sheet


def _turned(points: Points, middle: Points, size: float, turn: float) -> list[tuple[float, float]]:
    c, s = np.cos(turn), np.sin(turn)
    placed = points @ np.array([[c, s], [-s, c]]) * size + middle
    return [(float(x), float(y)) for x, y in placed]


def _blob(pen: Pen, shape: Form, draws: Draws, middle: Points, size: float, turn: float) -> None:
    wave = np.asarray(shape["wave"]) * draws.normal(1, 0.15, 6)
    radius = np.clip(
        1 + (wave[:, None] * np.cos(np.arange(1, 7)[:, None] * ANGLES + shape["phase"][:, None])).sum(0), 0.1, 2
    )
    points = np.stack([np.cos(ANGLES), np.sin(ANGLES) * shape["aspect"]], 1) * radius[:, None]
    pen.polygon(_turned(points, middle, size, turn), fill=255)


def _polygon(pen: Pen, shape: Form, draws: Draws, middle: Points, size: float, turn: float) -> None:
    corners = 2 * shape["corners"]
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False) + draws.normal(0, 0.06, corners)
    radius = np.where(np.arange(corners) % 2, shape["notch"], 1.0)
    points = np.stack([np.cos(angles), np.sin(angles) * shape["aspect"]], 1) * radius[:, None]
    pen.polygon(_turned(points, middle, size, turn), fill=255)


def _rod(pen: Pen, shape: Form, draws: Draws, middle: Points, size: float, turn: float) -> None:
    bend = draws.normal(0, 0.4)
    along = np.linspace(-1, 1, 9)
    points = _turned(np.stack([along * 1.4, bend * along**2], 1), middle, size, turn)
    pen.line(points, fill=255, width=max(1, round(shape["width"] * size * 1.5)), joint="curve")


def _branch(pen: Pen, shape: Form, draws: Draws, middle: Points, size: float, turn: float) -> None:
    twigs = shape["parts"] + 2
    for number in range(twigs):
        angle = (number - (twigs - 1) / 2) * shape["spread"] * 2 / np.sqrt(twigs) + draws.normal(0, 0.1)
        length, bend = draws.uniform(0.7, 1.3), draws.normal(0, 0.3)
        along = np.linspace(0, length, 6)
        points = np.stack([along * np.cos(angle + bend * along), along * np.sin(angle + bend * along)], 1)
        pen.line(
            _turned(points, middle, size, turn), fill=255, width=max(1, round(shape["width"] * size)), joint="curve"
        )


def _chain(pen: Pen, shape: Form, draws: Draws, middle: Points, size: float, turn: float) -> None:
    """Round parts in a row along a bent line, of sizes by the Fourier row."""
    parts = shape["parts"]
    sizes = 1.3 / parts * (1 + np.clip(np.asarray(shape["wave"])[:parts] * 2, -0.6, 0.9))
    angle, place = draws.normal(0, 0.1), np.array([-1.0, 0.0])
    for radius in sizes:
        step = np.array([np.cos(angle), np.sin(angle)])
        place = place + step * radius
        ring = np.stack([np.cos(ANGLES) * radius, np.sin(ANGLES) * radius * (0.5 + shape["aspect"] / 2)], 1)
        c, s = np.cos(angle), np.sin(angle)
        pen.polygon(_turned(ring @ np.array([[c, s], [-s, c]]) + place, middle, size, turn), fill=255)
        place = place + step * radius * 0.9
        angle += draws.normal(0, shape["spread"] / 3)


def _fractal(
    density: NDArray[np.uint8], middle: tuple[float, float], size: float, turn: float, side: int
) -> Image.Image:
    scale = density.shape[0] / (2.2 * size)
    c, s = np.cos(turn) * scale, np.sin(turn) * scale
    half = density.shape[0] / 2
    matrix = (c, s, half - c * middle[0] - s * middle[1], -s, c, half + s * middle[0] - c * middle[1])
    boosted = np.clip(density.astype(np.float32) * 2.0, 0, 255).astype(np.uint8)
    return Image.fromarray(boosted).transform((side, side), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)


_DRAWN: dict[str, Callable[[Pen, Form, Draws, Points, float, float], None]] = {
    "blob": _blob,
    "polygon": _polygon,
    "rod": _rod,
    "branch": _branch,
    "chain": _chain,
}
