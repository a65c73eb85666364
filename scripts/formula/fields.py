"""Scalar fields that give surfaces their look: noise with a spectrum 1 / f^a, cells, stripes, rings. Values 0 to 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIDE = 192  # of a field in the store; a picture takes a window of it
Floats = NDArray[np.float32]
KINDS = ("noise", "noise", "ridges", "cells", "stripes", "rings", "plain")


def noises(draws: np.random.Generator, count: int) -> Floats:
    """(count, SIDE, SIDE) noises that tile; the exponent grows from 0.8 (sand) to 2.2 (clouds) with the number."""
    frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None]) * SIDE
    frequency[0, 0] = np.inf
    made = []
    for number in range(count):
        exponent = 0.8 + 1.4 * number / max(1, count - 1)
        phases = np.exp(2j * np.pi * draws.random(frequency.shape))
        field = np.fft.irfft2(phases / frequency**exponent, (SIDE, SIDE))
        made.append(field / field.std())
    return np.asarray(made, np.float32)


def cells(draws: np.random.Generator, count: int) -> Floats:
    """(count, SIDE, SIDE) distances to the nearest of scattered points (Worley, 1996), nought at the points."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    made = []
    for _ in range(count):
        points = int(2 ** draws.uniform(4, 8))
        nearest = np.full((SIDE, SIDE), np.inf, np.float32)
        for px, py in draws.uniform(0, SIDE, (points, 2)).astype(np.float32):
            dx, dy = np.abs(x - px), np.abs(y - py)
            nearest = np.minimum(nearest, np.minimum(dx, SIDE - dx) ** 2 + np.minimum(dy, SIDE - dy) ** 2)
        distance = np.sqrt(nearest)
        made.append(distance / distance.max())
    return np.asarray(made, np.float32)


class Fields:
    """A store of noises and cells of one seed, from which windows are taken."""

    def __init__(self, seed: int) -> None:
        draws = np.random.default_rng([seed, 1])
        self.noises, self.cells = noises(draws, 96), cells(draws, 48)

    def window(self, store: Floats, number: int, draws: np.random.Generator, side: int) -> Floats:
        """A square of ``side`` pixels somewhere in a field, turned or mirrored by chance."""
        top, left = draws.integers(0, SIDE - side + 1, 2)
        field = store[number][top : top + side, left : left + side]
        field = np.asarray(np.rot90(field, int(draws.integers(4))), np.float32)
        return field.T if draws.random() < 0.5 else field

    def noise(self, roughness: float, draws: np.random.Generator, side: int) -> Floats:
        """Noise of mean 0 and standard deviation 1; ``roughness`` 0 (sand) to 1 (clouds)."""
        return self.window(self.noises, int(roughness * 95.999), draws, side)


def surface(fields: Fields, look: dict[str, float], draws: np.random.Generator, side: int) -> Floats:
    """A field (side, side) of the look; look: kind (number in KINDS), roughness, frequency, angle, warp, contrast."""
    kind = KINDS[int(look["kind"])]
    noise = fields.noise(look["roughness"], draws, side)
    if kind == "plain":
        return np.asarray(np.clip(0.5 + 0.08 * noise, 0, 1), np.float32)
    if kind == "noise":
        return _sharpened(noise, look["contrast"])
    if kind == "ridges":
        return np.asarray(np.exp(-look["contrast"] * np.abs(noise)), np.float32)
    if kind == "cells":
        field = fields.window(fields.cells, int(look["roughness"] * 47.999), draws, side)
        return np.clip(field * (0.7 + look["contrast"] / 3) + 0.1 * look["warp"] * noise, 0, 1)
    y, x = np.mgrid[:side, :side].astype(np.float32) / 96
    if kind == "stripes":
        way = x * np.cos(look["angle"]) + y * np.sin(look["angle"])
    else:
        px, py = draws.uniform(0, side / 96, 2)
        way = np.hypot(x - px, y - py)
    wave = np.sin(2 * np.pi * (look["frequency"] * way + 0.3 * look["warp"] * noise + draws.random()))
    return _sharpened(1.4 * wave.astype(np.float32), look["contrast"])


def _sharpened(field: Floats, contrast: float) -> Floats:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * contrast * field), np.float32)


def look(draws: np.random.Generator) -> dict[str, float]:
    """A look by chance."""
    return {
        "kind": float(draws.integers(len(KINDS))),
        "roughness": float(draws.random()),
        "frequency": float(2 ** draws.uniform(0.5, 4.5)),
        "angle": float(draws.uniform(0, np.pi)),
        "warp": float(draws.random() ** 2),
        "contrast": float(2 ** draws.uniform(0, 3)),
    }
