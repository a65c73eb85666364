"""Pictures of a seed and what is known about them, made once and kept in a folder as arrays."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.formula.fields import KINDS as LOOKS
from scripts.formula.scenes import SIDE, Scenes
from scripts.formula.shapes import KINDS as FORMS

LOOK_NAMES, FORM_NAMES = sorted(set(LOOKS)), sorted(set(FORMS))
SYSTEMS = 512


@dataclass(frozen=True)
class Store:
    """``pictures`` (programmes, instances, SIDE, SIDE, 3); ``tags`` (programmes, T) 0 or 1; ``numbers`` (programmes, K)."""

    pictures: NDArray[np.uint8]
    tags: NDArray[np.float32]
    numbers: NDArray[np.float32]


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


def made(folder: Path, seed: int, programmes: int, instances: int = 2) -> Store:
    """The store of these numbers in ``folder``: read where it is complete, else made (about 10 ms a picture)."""
    name = folder / f"formula-{seed}-{programmes}x{instances}"
    pictures_file, done_file = name.with_suffix(".npy"), name.with_suffix(".npz")
    scenes = None
    if not done_file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        scenes, began = Scenes(seed, SYSTEMS), time.monotonic()
        shape = (programmes, instances, SIDE, SIDE, 3)
        pictures = np.lib.format.open_memmap(pictures_file, "w+", np.uint8, shape)
        tags, numbers = [], []
        for number in range(programmes):
            plan = scenes.programme(number)
            tags.append(tags_of(plan))
            numbers.append(numbers_of(plan))
            for instance in range(instances):
                pictures[number, instance] = scenes.picture(number, instance)
            if number % 500 == 499:
                print(
                    f"{number + 1} of {programmes} programmes drawn after {time.monotonic() - began:.0f} s", flush=True
                )
        pictures.flush()
        known = np.asarray(numbers, np.float32)
        known = (known - known.mean(0)) / known.std(0)
        np.savez(done_file, tags=np.asarray(tags, np.float32), numbers=known)
    with np.load(done_file) as known_file:
        return Store(np.load(pictures_file, mmap_mode="r"), known_file["tags"], known_file["numbers"])
