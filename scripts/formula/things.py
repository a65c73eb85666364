"""Things by formula, each upon its sheet: a form (what all its pictures share), and pictures of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from scripts.formula import plants, shapes
from scripts.formula.creatures import creature, draw_creature
from scripts.formula.sheets import FINER, SIDE, Points, Sheet, ellipse

Form = dict[str, Any]
Draws = np.random.Generator
FREQUENT = {"creature": 0.3, "flower": 0.12, "leaf": 0.06, "spray": 0.05, "tuft": 0.03, "built": 0.12, "strokes": 0.06}
KINDS = (*FREQUENT, "blob", "polygon", "rod", "branch", "chain", "fractal")
OUTLINED = 0.25  # part of the blobs and polygons of which only the outline is drawn


def form_of(draws: Draws, fractals: int) -> Form:
    """A form by chance; ``fractals`` is how many there are to choose from."""
    others = (1 - sum(FREQUENT.values())) / (len(KINDS) - len(FREQUENT))
    kind = KINDS[int(draws.choice(len(KINDS), p=[FREQUENT.get(name, others) for name in KINDS]))]
    return {
        **shapes.form(draws, fractals),
        **plants.plant(draws),
        **creature(draws),
        "kind": kind,
        "regular": draws.random() < 0.5,
        "outlined": draws.random() < OUTLINED,
        "boxes": draws.uniform(-1, 1, (4, 4)),
        "box_colours": draws.integers(0, 256, 4),
        "strokes": draws.uniform(-0.85, 0.85, (int(draws.integers(1, 5)), 4, 2)),
    }


def drawn(form: Form, draws: Draws, fractals: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture of the form: (SIDE, SIDE, 3) of cover, colour and light."""
    sheet = Sheet()
    if form["kind"] in _DRAWN:
        _DRAWN[form["kind"]](sheet, form, draws)
    else:
        _plain(sheet, form, draws, fractals)
    return sheet.done(float(draws.uniform(0, 2 * np.pi)))


def _built(sheet: Sheet, form: Form, draws: Draws) -> None:
    """Boxes and ellipses, each with its mirror image: garments, vehicles, pots ..."""
    for (x, y, wide, high), colour in zip(form["boxes"], form["box_colours"], strict=True):
        half = np.abs(np.array([wide, high])) * 0.5 + 0.08
        middle = np.array([x, y]) * 0.5 + draws.normal(0, 0.03, 2)
        outline = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1.0]]) * half
        if wide * high > 0.1:
            outline = ellipse(np.zeros(2), half[0], half[1], 0)
        for side in (1.0, -1.0):
            sheet.part((outline + middle) * np.array([side, 1.0]), int(colour))


def _strokes(sheet: Sheet, form: Form, draws: Draws) -> None:
    """Bent lines as in writing: Bezier's curves of four points."""
    t = np.linspace(0, 1, 12)[:, None]
    for stroke in form["strokes"]:
        a, b, c, d = stroke + draws.normal(0, 0.06, (4, 2))
        curve: Points = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d
        sheet.line(curve, 128, 0.5 * form["width"] + 0.04)


def _plain(sheet: Sheet, form: Form, draws: Draws, fractals: NDArray[np.uint8]) -> None:
    """The outlines of :mod:`scripts.formula.shapes`, filled or not."""
    side = SIDE * FINER
    regular = {"notch": np.cos(np.pi / form["corners"]), "aspect": 1.0 - 0.15 * draws.random()}
    if form["kind"] == "blob":
        regular["wave"] = np.zeros(6)
    shape = form | (regular if form["regular"] else {})
    mask = shapes.mask(shape, draws, (side / 2, side / 2), side * 0.44, 0.0, side, fractals)
    if form["outlined"] and form["kind"] in ("blob", "polygon"):
        thin = 2 * int(side * (0.02 + 0.15 * form["width"])) + 1
        mask = ImageChops.subtract(mask, mask.filter(ImageFilter.MinFilter(min(thin, 15))))
    ramp = Image.linear_gradient("L").resize((side, side)).rotate(float(draws.uniform(0, 360)))
    sheet.mask(mask, ramp.point([round(255 * (number / 255) ** (0.3 + 2 * form["spread"])) for number in range(256)]))


_DRAWN: dict[str, Callable[[Sheet, Form, Draws], None]] = {
    "creature": draw_creature,
    "flower": plants.draw_flower,
    "leaf": plants.draw_leaf,
    "spray": plants.draw_spray,
    "tuft": plants.draw_tuft,
    "built": _built,
    "strokes": _strokes,
}
