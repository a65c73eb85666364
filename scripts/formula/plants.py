"""Flowers (petals around a middle), leaves (with veins), sprays of leaves on a stalk, and tufts of blades, by formula."""

from __future__ import annotations

from typing import Any

import numpy as np

from scripts.formula.sheets import Points, Sheet, ellipse, turned

Form = dict[str, Any]
Draws = np.random.Generator
ALONG = np.linspace(0, 1, 12)


def plant(draws: Draws) -> Form:
    """What all pictures of one kind of plant share."""
    return {
        "petals": int(draws.integers(3, 14)),
        "rows": int(draws.choice([1, 1, 2])),
        "fullness": draws.uniform(0.5, 1.5),
        "tip": draws.uniform(0.3, 1.6),
        "heart": draws.uniform(0.08, 0.42),
        "squash": draws.uniform(0.5, 1.0),
        "petal_colour": int(draws.integers(0, 256)),
        "heart_colour": int(draws.integers(0, 256)),
        "slender": draws.uniform(0.15, 0.7),
        "veins": int(draws.integers(0, 8)),
        "leaves": int(draws.integers(3, 10)),
        "blades": int(draws.integers(3, 16)),
        "bend": draws.uniform(0.0, 1.2),
    }


def _petal(length: float, width: float, tip: float) -> Points:
    """Outline (24, 2) of a petal from nought along x; the larger ``tip``, the further out it is widest."""
    half = width / 2 * np.sin(np.pi * ALONG**tip) ** 0.8
    upper = np.stack([ALONG * length, half], 1)
    return np.concatenate([upper, (upper * np.array([1.0, -1.0]))[::-1]])


def draw_flower(sheet: Sheet, form: Form, draws: Draws) -> None:
    """Petals, one row behind the other, around a middle."""
    squash = np.array([1.0, form["squash"] * draws.uniform(0.85, 1.15)])
    for row in range(form["rows"]):
        length, step = 0.92 - 0.25 * row, 2 * np.pi / form["petals"]
        outline = _petal(length, length * min(1.2, step * form["fullness"]), form["tip"])
        for number in range(form["petals"]):
            angle = (number + row / 2) * step + draws.normal(0, 0.05)
            shade = int(np.clip(form["petal_colour"] + draws.normal(0, 18) + 35 * row, 0, 255))
            sheet.part(turned(outline * draws.uniform(0.9, 1.05), angle) * squash, shade)
    sheet.part(ellipse(np.zeros(2), form["heart"], form["heart"], 0) * squash, form["heart_colour"])


def draw_leaf(sheet: Sheet, form: Form, draws: Draws) -> None:
    """A leaf along x with a midrib and veins."""
    outline = _petal(1.7, 1.7 * form["slender"], form["tip"]) - np.array([0.85, 0.0])
    bend = form["bend"] * draws.normal(0, 0.3)
    sheet.part(_bent(outline, bend), form["petal_colour"])
    sheet.line(_bent(np.stack([ALONG * 1.8 - 0.95, 0 * ALONG], 1), bend), form["heart_colour"], 0.03)
    for number in range(form["veins"]):
        start = (number + 0.7) / (form["veins"] + 1) * 1.6 - 0.85
        for side in (1, -1):
            vein = np.array([[start, 0.0], [start + 0.22, side * 0.4 * form["slender"]]])
            sheet.line(_bent(vein, bend), form["heart_colour"], 0.018)


def draw_spray(sheet: Sheet, form: Form, draws: Draws) -> None:
    """A bent stalk with leaves at both sides in turn."""
    bend = form["bend"] * draws.normal(0, 0.4)
    sheet.line(_bent(np.stack([ALONG * 1.8 - 0.9, 0 * ALONG], 1), bend), form["heart_colour"], 0.035)
    outline = _petal(0.62, 0.62 * form["slender"], form["tip"])
    for number in range(form["leaves"]):
        start = np.array([(number + 0.5) / form["leaves"] * 1.7 - 0.85, 0.0])
        angle = (0.9 if number % 2 else -0.9) + draws.normal(0, 0.12)
        sheet.part(_bent(turned(outline, angle) + start, bend), form["petal_colour"])


def draw_tuft(sheet: Sheet, form: Form, draws: Draws) -> None:
    """Blades, as of grass, from one side to the other."""
    for _ in range(form["blades"]):
        start, height = draws.uniform(-0.8, 0.8), draws.uniform(0.9, 1.8)
        lean = draws.normal(0, 0.25) + form["bend"] * draws.normal(0, 0.2) * ALONG
        blade = np.stack([start + height * ALONG * lean, 0.95 - height * ALONG], 1)
        shade = int(np.clip(form["petal_colour"] + draws.normal(0, 40), 0, 255))
        sheet.line(blade, shade, 0.02 + 0.06 * form["slender"])


def _bent(points: Points, bend: float) -> Points:
    return np.stack([points[:, 0], points[:, 1] + bend * (points[:, 0] ** 2 - 0.3)], 1)
