"""Sheets on which one thing is drawn: what it covers, which of its colours each place has, how light falls on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIDE, FINER = 96, 2  # pixels of a sheet; how much finer it is drawn, for smooth edges
ROUND = np.linspace(0, 2 * np.pi, 24, endpoint=False)
CIRCLE = np.stack([np.cos(ROUND), np.sin(ROUND)], 1)
LEVELS = ((1.0, 110), (0.72, 185), (0.42, 250))  # heights of a bulging part, from its edge to its middle
Points = NDArray[np.float64]


class Sheet:
    """Parts are drawn in order, one upon the other; places run from -1 to 1, colours from 0 to 255."""

    def __init__(self) -> None:
        side = SIDE * FINER
        self.cover, self.colour, self.height = (Image.new("L", (side, side)) for _ in range(3))
        self._pens = [ImageDraw.Draw(sheet) for sheet in (self.cover, self.colour, self.height)]

    def part(self, points: Points, colour: int, cover: int = 255) -> None:
        """A filled outline (N, 2) that bulges; ``cover`` below 255 is seen through."""
        cover_pen, colour_pen, height_pen = self._pens
        placed = _pixels(points)
        cover_pen.polygon(placed, fill=cover)
        colour_pen.polygon(placed, fill=colour)
        middle = points.mean(0)
        for scale, height in LEVELS:
            height_pen.polygon(_pixels(middle + scale * (points - middle)), fill=height)

    def line(self, points: Points, colour: int, width: float) -> None:
        """A line through (N, 2) of a width as a share of half the sheet."""
        placed, thick = _pixels(points), max(FINER, round(width * SIDE * FINER / 2))
        for pen, value in zip(self._pens, (255, colour, 130), strict=True):
            pen.line(placed, fill=value, width=thick, joint="curve")

    def mask(self, mask: Image.Image, colour: Image.Image) -> None:
        """A mask "L" of the sheet's finer side, coloured by another."""
        self.cover = ImageChops.lighter(self.cover, mask)
        self.colour.paste(colour, mask=mask)
        self.height.paste(mask.filter(ImageFilter.GaussianBlur(7)), mask=mask)

    def done(self, light: float) -> NDArray[np.uint8]:
        """(SIDE, SIDE, 3): cover, colour, light (128 as it is) that falls in from the angle ``light``."""
        soft = self.height.filter(ImageFilter.GaussianBlur(2.5)).resize((SIDE, SIDE), Image.Resampling.BOX)
        down, across = np.gradient(np.asarray(soft, np.float32))
        shade = np.clip(128 - 5 * (across * np.cos(light) + down * np.sin(light)), 0, 255)
        cover, colour = (
            np.asarray(sheet.resize((SIDE, SIDE), Image.Resampling.BOX)) for sheet in (self.cover, self.colour)
        )
        return np.stack([cover, colour, shade.astype(np.uint8)], -1)


def _pixels(points: Points) -> list[tuple[float, float]]:
    placed = (points + 1) * (SIDE * FINER / 2)
    return [(float(x), float(y)) for x, y in placed]


def ellipse(middle: Points, along: float, across: float, angle: float) -> Points:
    """Outline (24, 2) of an ellipse of these half axes, the first of which points to ``angle``."""
    return turned(CIRCLE * np.array([along, across]), angle) + middle


def turned(points: Points, angle: float) -> Points:
    """Points turned around nought."""
    c, s = np.cos(angle), np.sin(angle)
    found: Points = points @ np.array([[c, s], [-s, c]])
    return found
