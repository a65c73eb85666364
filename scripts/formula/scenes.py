"""Pictures made by formula: a programme (what is seen) and, for each picture of it, other places, sizes, noises."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from scripts.formula import fields, fractals, shapes

SIDE = 96
Floats = NDArray[np.float32]


def palette(draws: np.random.Generator, colours: int = 3) -> Floats:
    """(colours, 3) colours 0 to 1 that go together: mostly muted as in nature, some of them bright."""
    strength = draws.choice([0.05, 0.11, 0.24], p=[0.4, 0.4, 0.2])
    base = np.array([draws.uniform(0.1, 0.9), draws.normal(0, strength), draws.normal(0.04, strength)])
    spread = np.array([draws.uniform(0.08, 0.35), strength * 0.6, strength * 0.8])
    opponent = base + draws.normal(0, 1, (colours, 3)) * spread
    light, red, yellow = opponent.T
    rgb = np.stack([light + 0.6 * red + 0.4 * yellow, light - 0.5 * red + 0.35 * yellow, light - 0.9 * yellow], 1)
    return np.asarray(np.clip(rgb, 0, 1), np.float32)


def coloured(field: Floats, colours: Floats) -> Floats:
    """A field (H, W) of values 0 to 1 -> (H, W, 3), between the colours in their order."""
    table = np.stack([np.interp(np.linspace(0, 1, 64), np.linspace(0, 1, len(colours)), c) for c in colours.T], 1)
    return table.astype(np.float32)[(np.clip(field, 0, 1) * 63).astype(np.int64)]


class Scenes:
    """The pictures of one seed; :meth:`picture` makes any of them, by numbers alone."""

    def __init__(self, seed: int, systems: int = 1024) -> None:
        self.seed = seed
        self.fields = fields.Fields(seed)
        draws = np.random.default_rng([seed, 0])
        parts = [
            fractals.densities(draws, *fractals.systems(draws, min(32, systems - start)))
            for start in range(0, systems, 32)
        ]
        self.fractals = np.concatenate(parts)

    def programme(self, number: int) -> dict[str, Any]:
        """What all pictures of this number share: forms, looks, colours, how many shapes, blur, light."""
        draws = np.random.default_rng([self.seed, 2, number])
        kind = draws.choice(["leaves", "objects", "objects", "texture", "fractal"], p=[0.32, 0.25, 0.2, 0.06, 0.17])
        layers: list[dict[str, Any]] = []
        for layer in range(1 if kind == "texture" else int(draws.integers(2, 4))):
            layers.append(
                {"look": fields.look(draws), "colours": palette(draws), "form": shapes.form(draws, len(self.fractals))}
            )
            if kind == "fractal" and layer:
                layers[-1]["form"]["kind"] = "fractal"
        count = {"leaves": int(2 ** draws.uniform(3.5, 6)), "objects": int(draws.integers(1, 5)), "texture": 0}
        return {
            "layers": layers,
            "count": count.get(str(kind), int(draws.integers(1, 4))),
            "size": float(draws.uniform(5, 16) if kind == "leaves" else draws.uniform(14, 34)),
            "power": float(draws.uniform(0.2, 0.9)),
            "blur": float(draws.choice([0, 0, 1.0, 2.5, 5.0])),
            "light": float(draws.uniform(0, 0.5)),
            "shadow": bool(draws.random() < 0.5),
            "grain": float(draws.uniform(0, 0.04)),
        }

    def picture(self, number: int, instance: int) -> NDArray[np.uint8]:
        """Picture ``instance`` of the programme ``number``: (SIDE, SIDE, 3), always the same one."""
        plan = self.programme(number)
        draws = np.random.default_rng([self.seed, 3, number, instance])
        layers = plan["layers"]
        canvas = self._layer(layers[0], draws)
        if plan["blur"]:
            canvas = _blurred(canvas, plan["blur"])
        surfaces = [self._layer(layer, draws) for layer in layers[1:]]
        for _ in range(plan["count"] if surfaces else 0):
            which = int(draws.integers(len(surfaces)))
            canvas = self._shape(canvas, plan, layers[1 + which], surfaces[which], draws)
        return _photographed(canvas, plan, draws)

    def _layer(self, layer: dict[str, Any], draws: np.random.Generator) -> Floats:
        field = fields.surface(self.fields, layer["look"], draws, SIDE)
        colours = np.clip(layer["colours"] + draws.normal(0, 0.04, (1, 3)), 0, 1)
        return coloured(field, colours)

    def _shape(
        self, canvas: Floats, plan: dict[str, Any], layer: dict[str, Any], surface: Floats, draws: np.random.Generator
    ) -> Floats:
        size = plan["size"] * float(np.exp(plan["power"] * draws.normal() * 0.7))
        edge = 0 if plan["count"] > 4 else SIDE * 0.2
        across, down = draws.uniform(edge, SIDE - edge, 2)
        middle = (across, down)
        turn = float(draws.uniform(0, 2 * np.pi))
        sheet = shapes.mask(layer["form"], draws, middle, size, turn, SIDE, self.fractals)
        box = sheet.getbbox()
        if box is None:
            return canvas
        left, top, right, bottom = box
        cut = (slice(top, bottom), slice(left, right))
        alpha = np.asarray(sheet.crop(box), np.float32)[..., None] / 255
        if plan["shadow"] and plan["count"] <= 4:
            canvas = _shadowed(canvas, sheet, size)
        y, x = np.mgrid[top:bottom, left:right].astype(np.float32)
        angle = draws.uniform(0, 2 * np.pi)
        slope = ((x - middle[0]) * np.cos(angle) + (y - middle[1]) * np.sin(angle)) / max(size, 1)
        shift = draws.integers(-20, 21, 2)
        inked = np.roll(surface, tuple(shift), (0, 1))[cut] * (1 + plan["light"] * np.clip(slope, -1.2, 1.2))[..., None]
        inked = inked * (1 + draws.normal(0, 0.12))
        canvas[cut] += alpha * (inked - canvas[cut])
        return canvas


def _blurred(canvas: Floats, radius: float) -> Floats:
    picture = Image.fromarray((np.clip(canvas, 0, 1) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(picture, np.float32) / np.float32(255)


def _shadowed(canvas: Floats, sheet: Image.Image, size: float) -> Floats:
    soft = np.asarray(sheet.filter(ImageFilter.GaussianBlur(max(1.0, size / 6))), np.float32) / 255
    darker = 1 - 0.5 * np.roll(soft, (int(size / 8) + 1, int(size / 10)), (0, 1))
    return np.asarray(canvas * darker[..., None], np.float32)


def _photographed(canvas: Floats, plan: dict[str, Any], draws: np.random.Generator) -> NDArray[np.uint8]:
    """Light that falls off to one side, grain."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32) / SIDE - 0.5
    angle = draws.uniform(0, 2 * np.pi)
    canvas = canvas * (1 + plan["light"] * 0.8 * (x * np.cos(angle) + y * np.sin(angle)))[..., None]
    grain = draws.standard_normal((SIDE, SIDE, 1), np.float32) * plan["grain"]
    return np.asarray(np.round(np.clip(canvas + grain, 0, 1) * 255), np.uint8)
