"""Creatures by formula: a body of parts in a row, with legs, wings and feelers in pairs, seen from above or the side."""

from __future__ import annotations

from typing import Any

import numpy as np

from scripts.formula.sheets import Points, Sheet, ellipse

Form = dict[str, Any]
Draws = np.random.Generator


def creature(draws: Draws) -> Form:
    """What all pictures of one kind of creature share."""
    parts = int(draws.integers(1, 6))
    lengths = draws.uniform(0.35, 1.0, parts)
    return {
        "lengths": lengths / lengths.sum() * draws.uniform(0.5, 0.8),
        "widths": draws.uniform(0.35, 1.0, parts) * draws.uniform(0.08, 0.34),
        "part_colours": draws.integers(0, 256, parts),
        "stripes": int(draws.integers(2, 7)) if draws.random() < 0.35 else 0,
        "legs": int(draws.integers(0, 6)),
        "leg": draws.uniform(0.25, 0.75),
        "leg_width": draws.uniform(0.015, 0.06),
        "knee": draws.uniform(0.2, 1.3),
        "spread": draws.uniform(0.3, 1.1),
        "limb_colour": int(draws.integers(0, 256)),
        "wings": int(draws.choice([0, 0, 1, 2])),
        "wing": draws.uniform(0.3, 0.75),
        "wing_width": draws.uniform(0.1, 0.45),
        "wing_angle": draws.uniform(0.6, 2.6),
        "wing_cover": int(draws.choice([255, 255, 150, 90])),
        "feelers": draws.random() < 0.5,
        "tail": draws.uniform(0.2, 0.6) if draws.random() < 0.25 else 0.0,
        "eyes": draws.random() < 0.4,
        "from_side": draws.random() < 0.3,
    }


def draw_creature(sheet: Sheet, form: Form, draws: Draws) -> None:
    """One of the kind, bent and with its limbs as chance has it."""
    lengths, widths = form["lengths"], form["widths"] * draws.uniform(0.85, 1.15)
    angle, middle, angles, middles = np.pi + draws.normal(0, 0.15), np.array([lengths.sum(), 0.0]), [], []
    bend = draws.normal(0, 0.18)
    for length in lengths:
        step = np.array([np.cos(angle), np.sin(angle)])
        middles.append(middle + step * length)
        angles.append(angle)
        middle, angle = middle + step * 1.85 * length, angle + bend + draws.normal(0, 0.06)
    places = np.array(middles) - np.mean(middles, 0)
    sides = (1,) if form["from_side"] else (1, -1)
    _limbs(sheet, form, draws, places, angles, sides)
    for place, way, length, width, colour in zip(places, angles, lengths, widths, form["part_colours"], strict=True):
        sheet.part(ellipse(place, length, width, way), int(colour))
        for number in range(form["stripes"]):
            _stripe(sheet, place, way, length, width, (number + 0.5) / form["stripes"] * 2 - 1, 255 - int(colour))
    if form["eyes"]:
        for side in sides:
            head = places[0] - 0.2 * lengths[0] * _way(angles[0]) + side * 0.6 * widths[0] * _way(angles[0] + np.pi / 2)
            sheet.part(ellipse(head, 0.05, 0.05, 0), 255 - int(form["part_colours"][0]))
    _wings(sheet, form, draws, places, angles, sides)


def _way(angle: float) -> Points:
    return np.array([np.cos(angle), np.sin(angle)])


def _stripe(sheet: Sheet, place: Points, way: float, length: float, width: float, along: float, colour: int) -> None:
    half = width * np.sqrt(max(0.0, 1 - along**2)) * 0.97
    across = np.array([-1.0, 1.0])[:, None] * half * _way(way + np.pi / 2)
    sheet.line(place + along * length * _way(way) + across, colour, 0.4 * length)


def _limbs(sheet: Sheet, form: Form, draws: Draws, places: Points, angles: list[float], sides: tuple[int, ...]) -> None:
    """Legs from the second part (or the only one), feelers from the first, a tail from the last."""
    body = min(1, len(places) - 1)
    for number in range(form["legs"]):
        share = (number - (form["legs"] - 1) / 2) / max(1, form["legs"] - 1) * 2 if form["legs"] > 1 else 0.0
        start = places[body] + share * 0.6 * form["lengths"][body] * _way(angles[body])
        for side in sides:
            _leg(sheet, form, draws, start, angles[body] + side * (np.pi / 2 - share * form["spread"]), -side * share)
    if form["feelers"]:
        for side in sides:
            way = angles[0] + np.pi + side * (0.35 + draws.normal(0, 0.12))
            start = places[0] - form["lengths"][0] * 0.7 * _way(angles[0])
            elbow = start + 0.14 * _way(way)
            tip = elbow + 0.16 * _way(way + side * draws.normal(0.4, 0.2))
            sheet.line(np.stack([start, elbow, tip]), form["limb_colour"], form["leg_width"] * 0.7)
    if form["tail"]:
        along = np.linspace(0, form["tail"], 5)
        ways = angles[-1] + draws.normal(0, 0.6) * along
        sheet.line(places[-1] + along[:, None] * np.stack([np.cos(ways), np.sin(ways)], 1), form["limb_colour"], 0.04)


def _leg(sheet: Sheet, form: Form, draws: Draws, start: Points, way: float, turn: float) -> None:
    """Two pieces with a knee between."""
    way = way + draws.normal(0, 0.12)
    knee = start + 0.5 * form["leg"] * _way(way)
    foot = knee + 0.55 * form["leg"] * _way(way + np.sign(turn or 1) * form["knee"] + draws.normal(0, 0.15))
    sheet.line(np.stack([start, knee, foot]), form["limb_colour"], form["leg_width"])


def _wings(sheet: Sheet, form: Form, draws: Draws, places: Points, angles: list[float], sides: tuple[int, ...]) -> None:
    body = min(1, len(places) - 1)
    for number in range(form["wings"]):
        spread = draws.normal(0, 0.12)
        for side in sides:
            way = angles[body] + side * (form["wing_angle"] - 0.55 * number + spread)
            along = form["wing"] * (1 - 0.25 * number) / 2
            middle = places[body] + along * _way(way)
            sheet.part(
                ellipse(middle, along, form["wing_width"] / 2, way), form["limb_colour"] ^ 128, form["wing_cover"]
            )
