"""Pictures of a seed and what is known about them, made once and kept in a folder as arrays."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.formula import things
from scripts.formula.fields import KINDS as LOOKS
from scripts.formula.scenes import SIDE, Scenes, palette
from scripts.formula.shapes import KINDS as FORMS

LOOK_NAMES, FORM_NAMES = sorted(set(LOOKS)), sorted(set(FORMS))
SYSTEMS = 512
FOLDS = range(3, 9)
INSTANCES = 2  # pictures of each programme and of each form
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Store:
    """Grounds (G programmes) and things (T forms), with what is known of each.

    ``pictures`` (G, INSTANCES, SIDE, SIDE, 3) colours; ``tags`` (G, 18) 0 or 1; ``numbers`` (G, K) standardised;
    ``palettes`` (G, 3, 3) colours 0 to 1 for things upon the ground;
    ``things`` (T, INSTANCES, SIDE, SIDE, 3) cover, colour, light; ``kinds`` (T,); ``facts`` (T, 16) standardised.
    """

    pictures: Bytes
    tags: Floats
    numbers: Floats
    palettes: Floats
    things: Bytes
    kinds: NDArray[np.int64]
    facts: Floats


def tags_of(plan: dict[str, Any]) -> list[float]:
    """Which looks the ground has, which looks and forms the shapes on it have."""
    ground, *others = plan["layers"]
    above = {LOOKS[int(layer["look"]["kind"])] for layer in others}
    forms = {layer["form"]["kind"] for layer in others}
    under = LOOKS[int(ground["look"]["kind"])]
    return [float(name == under) for name in LOOK_NAMES] + [
        float(name in kinds) for names, kinds in ((LOOK_NAMES, above), (FORM_NAMES, forms)) for name in names
    ]


def numbers_of(plan: dict[str, Any]) -> list[float]:
    """Colours of ground and shapes, roughness, frequency, contrast, how many and how large the shapes are, blur, light."""
    ground, *others = plan["layers"]
    colours = np.mean([layer["colours"] for layer in others], 0) if others else ground["colours"]
    look = ground["look"]
    return [
        *ground["colours"].ravel(),
        *colours.ravel(),
        look["roughness"],
        np.log2(look["frequency"]),
        np.log2(look["contrast"]),
        np.log2(1 + plan["count"]),
        np.log2(plan["size"]),
        plan["blur"],
        plan["light"],
        plan["grain"],
        float(np.mean([layer["form"]["aspect"] for layer in others] or [0.65])),
        float(np.mean([layer["form"]["width"] for layer in others] or [0.1])),
    ]


def facts_of(form: dict[str, Any], sheet: Bytes) -> list[float]:
    """How many legs, wings, parts, petals, corners and strokes (nought where the kind has none), whether it is only an
    outline; how much of the sheet it covers, how long it is against its width, how ragged its
    edge is, how nearly it repeats itself in turns of a third, a fourth ... of a circle."""
    kind = form["kind"]
    cover = sheet[..., 0].astype(np.float32) / 255
    y, x = np.mgrid[: len(cover), : len(cover)].astype(np.float32) / len(cover)
    weight = cover / max(1.0, cover.sum())
    x, y = x - (weight * x).sum(), y - (weight * y).sum()
    spread = np.linalg.eigvalsh([[(weight * x * x).sum(), (weight * x * y).sum()], [0, (weight * y * y).sum()]], "U")
    edge = np.abs(np.diff(cover, axis=0)).sum() + np.abs(np.diff(cover, axis=1)).sum()
    turning = np.exp(1j * np.arctan2(y, x))
    folds = [abs((weight * np.hypot(x, y) * turning**fold).sum()) for fold in FOLDS]
    return [
        np.sqrt(form["legs"]) if kind == "creature" else 0.0,
        form["wings"] if kind == "creature" else 0.0,
        len(form["lengths"]) if kind == "creature" else 0.0,
        np.log2(form["petals"]) if kind == "flower" else 0.0,
        np.log2(form["corners"]) if kind == "polygon" else 0.0,
        len(form["strokes"]) if kind == "strokes" else 0.0,
        float(form["outlined"] and kind in ("blob", "polygon")),
        float(cover.mean()),
        0.5 * float(np.log((spread[1] + 1e-4) / (spread[0] + 1e-4))),
        float(np.log((edge + 1) / np.sqrt(cover.sum() + 1))),
        *(float(np.log(strength + 0.01)) for strength in folds),
    ]


def made(folder: Path, seed: int, programmes: int, forms: int) -> Store:
    """The store of these numbers in ``folder``: read where it is complete, else made (10 and 3 ms a picture)."""
    scenes: list[Scenes] = []

    def all_scenes() -> Scenes:
        if not scenes:
            scenes.append(Scenes(seed, SYSTEMS))
        return scenes[0]

    def ground(number: int) -> tuple[list[Bytes], dict[str, Any]]:
        plan = all_scenes().programme(number)
        colours = palette(np.random.default_rng([seed, 5, number]))
        pictures = [all_scenes().picture(number, instance) for instance in range(INSTANCES)]
        return pictures, {"tags": tags_of(plan), "numbers": numbers_of(plan), "palettes": colours}

    def thing(number: int) -> tuple[list[Bytes], dict[str, Any]]:
        form = things.form_of(np.random.default_rng([seed, 6, number]), SYSTEMS)
        sheets = [
            things.drawn(form, np.random.default_rng([seed, 7, number, instance]), all_scenes().fractals)
            for instance in range(INSTANCES)
        ]
        return sheets, {"kinds": things.KINDS.index(form["kind"]), "facts": facts_of(form, sheets[0])}

    pictures, about = _kept(folder / f"grounds-{seed}-{programmes}", programmes, ground)
    sheets, known = _kept(folder / f"things-{seed}-{forms}", forms, thing)
    return Store(
        pictures,
        about["tags"].astype(np.float32),
        _standardised(about["numbers"]),
        about["palettes"].astype(np.float32),
        sheets,
        known["kinds"],
        _standardised(known["facts"]),
    )


def _standardised(values: NDArray[Any]) -> Floats:
    return np.asarray((values - values.mean(0)) / (values.std(0) + 1e-6), np.float32)


def _kept(
    name: Path, count: int, make: Callable[[int], tuple[list[Bytes], dict[str, Any]]]
) -> tuple[Bytes, dict[str, NDArray[Any]]]:
    """Pictures (count, INSTANCES, SIDE, SIDE, 3) and what is known about them, from their files or newly made."""
    pictures_file, done_file = name.with_suffix(".npy"), name.with_suffix(".npz")
    if not done_file.exists():
        name.parent.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        pictures = np.lib.format.open_memmap(pictures_file, "w+", np.uint8, (count, INSTANCES, SIDE, SIDE, 3))
        facts = []
        for number in range(count):
            pictures[number], known = make(number)
            facts.append(known)
            if number % 500 == 499:
                print(f"{name.name}: {number + 1} drawn after {time.monotonic() - began:.0f} s", flush=True)
        pictures.flush()
        columns: dict[str, Any] = {key: np.asarray([known[key] for known in facts]) for key in facts[0]}
        np.savez(done_file, **columns)
    with np.load(done_file) as found:
        return np.load(pictures_file, mmap_mode="r"), dict(found)
