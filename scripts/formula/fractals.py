"""Fractals of iterated function systems: a few affine maps, applied by chance again and again (Barnsley, 1988).

Networks can be trained on them in place of photos (Kataoka et al., "Pre-training without Natural Images", ACCV 2020).
The maps are drawn by their singular values (Anderson and Farrell, "Improving Fractal Pre-training", WACV 2022), so
that all of them contract and the picture is neither a dot nor a haze.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIDE = 96
PARTICLES, STEPS, FIRST = 3000, 24, 8  # points that wander at once; steps; steps before the first that is drawn
Floats = NDArray[np.float32]


def systems(draws: np.random.Generator, count: int) -> tuple[Floats, Floats]:
    """``count`` systems of 2 to 6 maps x -> A x + b: A (count, 6, 2, 2) and b (count, 6, 2); unused maps repeat others."""
    turn = draws.uniform(-np.pi, np.pi, (2, count, 6))
    flip = draws.choice([-1.0, 1.0], (count, 6))
    large = draws.uniform(0.35, 0.85, (count, 6))
    small = large * draws.uniform(0.15, 1.0, (count, 6))
    (c1, c2), (s1, s2) = np.cos(turn), np.sin(turn)
    left = np.stack([np.stack([c1, -s1], -1), np.stack([s1, c1], -1)], -2)
    right = np.stack([np.stack([c2, -s2], -1), np.stack([s2, c2], -1)], -2)
    values = np.zeros((count, 6, 2, 2))
    values[..., 0, 0], values[..., 1, 1] = large, small * flip
    linear = left @ values @ right
    shift = draws.uniform(-1.0, 1.0, (count, 6, 2))
    used = draws.integers(2, 7, count)
    chosen = np.arange(6)[None] % used[:, None]
    rows = np.arange(count)[:, None]
    return linear[rows, chosen].astype(np.float32), shift[rows, chosen].astype(np.float32)


def densities(draws: np.random.Generator, linear: Floats, shift: Floats) -> NDArray[np.uint8]:
    """How often the points of each system come by, on a grid (count, SIDE, SIDE), 0 to 255 on a logarithmic scale."""
    count = len(linear)
    points = np.zeros((count, PARTICLES, 2), np.float32)
    rows, kept = np.arange(count)[:, None], []
    for step in range(STEPS):
        which = draws.integers(0, 6, (count, PARTICLES))
        points = np.einsum("npij,npj->npi", linear[rows, which], points) + shift[rows, which]
        if step >= FIRST:
            kept.append(points)
    return _counted(np.concatenate(kept, 1))


def _counted(points: Floats) -> NDArray[np.uint8]:
    low, high = np.quantile(points, [0.01, 0.99], axis=1)
    middle, half = (low + high) / 2, np.maximum((high - low).max(-1), 1e-6) * 0.55
    cells = ((points - middle[:, None]) / half[:, None, None] * 0.5 + 0.5) * SIDE
    inside = ((cells >= 0) & (cells < SIDE)).all(-1)
    x, y = np.clip(cells, 0, SIDE - 1).astype(np.int64).transpose(2, 0, 1)
    places = (np.arange(len(points))[:, None] * SIDE + y) * SIDE + x
    counts = np.bincount(places[inside], minlength=len(points) * SIDE * SIDE).reshape(len(points), SIDE, SIDE)
    scaled = np.log1p(counts) / np.log1p(np.maximum(counts.max((1, 2), keepdims=True), 1))
    return np.asarray(np.round(scaled * 255), np.uint8)
