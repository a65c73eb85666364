"""Pictures put together while training: a thing of some form, of some looks, before a ground that is often out of focus.

Each form meets other looks in every step, so neither can be guessed from the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from scripts.formula.store import INSTANCES, Store
from scripts.formula.views import affine_grid, cut

SIZES = (0.55, 1.3)  # of a thing's sheet against the picture's side
FINE = 0.7  # smaller things are taken from a sheet of half the side, lest thin legs break up
SHADOWED, OCCLUDED, TWINS = 0.4, 0.2, 0.15  # parts of the pictures
BLURS = ((1, 0.2), (2, 0.25), (3, 0.2))  # so often the ground's sides are halved, to be made large again; part
TURNED = math.pi / 4  # by at most this are two pictures of one form turned against each other
CELL = 4  # pixels of the side of a cell of the map of what the thing covers


@dataclass(frozen=True)
class Composed:
    """``images`` (N, 3, S, S) 0 to 1; ``cover`` (N, S / CELL, S / CELL) of the thing; ``pose`` (N, 4): size, turn, place."""

    images: Tensor
    cover: Tensor
    pose: Tensor


def floats(pictures: NDArray[np.uint8]) -> Tensor:
    """Bytes (N, H, W, 3) -> (N, 3, H, W), 0 to 1."""
    return torch.from_numpy(pictures.transpose(0, 3, 1, 2).astype(np.float32)).div_(255)


def compose(
    store: Store, forms: NDArray[np.int64], looks: NDArray[np.int64], side: int, draws: np.random.Generator
) -> Composed:
    """N pictures of ``side`` pixels, of things with these numbers upon grounds with these numbers.

    The second half is held to be of the same forms as the first: its things are turned and mirrored alike, more or less.
    """
    generator = torch.Generator().manual_seed(int(draws.integers(2**62)))
    count = len(forms)
    instance = draws.integers(0, INSTANCES, (3, count))
    ground = _out_of_focus(cut(floats(store.pictures[looks, instance[0]]), side, generator), generator)
    fills = (looks * 7 + 3) % len(store.pictures)  # the thing's surface is that of another programme, always the same
    top, left = draws.integers(0, store.pictures.shape[2] - side + 1, 2)
    fill = floats(store.pictures[fills, instance[1], top : top + side, left : left + side])
    sheets = floats(store.things[forms, instance[2]])
    palettes = torch.from_numpy(store.palettes[looks])
    plain = torch.from_numpy(np.modf(looks * 0.618)[0].astype(np.float32)).view(-1, 1, 1, 1)

    twins = _some(count, TWINS, generator)
    sheet, _ = _placed(sheets[twins], side, generator, _turns(len(twins), generator))
    ground[twins] = _upon(ground[twins], sheet, palettes[twins], fill[twins], plain[twins])
    sheet, pose = _placed(sheets, side, generator, _alike(count, generator))
    shadowed = _some(count, SHADOWED, generator)
    ground[shadowed] = _shadowed(ground[shadowed], sheet[shadowed, :1], draws)
    images = _upon(ground, sheet, palettes, fill, plain)
    cover = functional.avg_pool2d(sheet[:, :1], CELL)[:, 0]

    hidden = _some(count, OCCLUDED, generator)
    other = floats(store.things[draws.integers(0, len(store.things), len(hidden)), 0])
    before, _ = _placed(other, side, generator, _turns(len(hidden), generator))
    tint = torch.from_numpy(store.palettes[looks[hidden.numpy()]]).roll(1, 1)
    images[hidden] = _upon(images[hidden], _softened(before), tint, ground[hidden], plain[hidden])
    return Composed(images, cover, pose)


def _halved(images: Tensor) -> Tensor:
    """(N, C, H, W) -> (N, C, H / 2, W / 2), means of squares of four."""
    rows = images[..., ::2, :] + images[..., 1::2, :]
    return (rows[..., ::2] + rows[..., 1::2]).mul_(0.25)


def _softened(images: Tensor, doublings: int = 1) -> Tensor:
    """Halved so often, and made as large again as they were."""
    small = images
    for _ in range(doublings):
        small = _halved(small)
    return functional.interpolate(small, images.shape[2:], mode="bilinear", align_corners=False)


def _some(count: int, part: float, generator: torch.Generator) -> Tensor:
    """Indices of about this part of ``count`` rows."""
    return torch.nonzero(torch.rand(count, generator=generator) < part)[:, 0]


def _out_of_focus(images: Tensor, generator: torch.Generator) -> Tensor:
    chance = torch.rand(len(images), generator=generator)
    before = 0.0
    for doublings, part in BLURS:
        rows = torch.nonzero((chance >= before) & (chance < before + part))[:, 0]
        before += part
        images[rows] = _softened(images[rows], doublings)
    return images


def _turns(count: int, generator: torch.Generator) -> Tensor:
    """Angles and whether mirrored (-1) or not (1): (2, N)."""
    chance = torch.rand(2, count, generator=generator)
    return torch.stack([2 * math.pi * chance[0], torch.where(chance[1] < 0.5, -1.0, 1.0)])


def _alike(count: int, generator: torch.Generator) -> Tensor:
    """The same for a first half and, turned a little further, for a second one."""
    half = count // 2
    turns = _turns(count - half, generator)
    turns = torch.cat([turns, turns[:, :half]], 1)
    turns[0, -half:] += TURNED * (2 * torch.rand(half, generator=generator) - 1)
    return turns


def _placed(sheets: Tensor, side: int, generator: torch.Generator, turns: Tensor) -> tuple[Tensor, Tensor]:
    """Sheets (N, 3, H, W) in some size, at some place, with these ``turns``: (N, 3, side, side), and poses (N, 4)."""
    count = len(sheets)

    def random() -> Tensor:
        return torch.rand(count, generator=generator)

    low, high = SIZES
    size, (turn, mirror) = low * (high / low) ** random(), turns
    free = (1 - 0.7 * size).clamp(min=0.1)
    x, y = (2 * random() - 1) * free, (2 * random() - 1) * free
    c, s = turn.cos() / size, turn.sin() / size
    first = torch.stack([mirror * c, mirror * s, -mirror * (c * x + s * y)], 1)
    second = torch.stack([-s, c, s * x - c * y], 1)
    grid = affine_grid(torch.stack([first, second], 1), side)
    found = torch.empty(count, 3, side, side)
    fine = size >= FINE
    for rows, taken in ((fine, sheets[fine]), (~fine, _halved(sheets[~fine]))):
        found[rows] = functional.grid_sample(taken, grid[rows], mode="bilinear", align_corners=False)
    return found, torch.stack([size.log(), (2 * turn).cos() * mirror, (2 * turn).sin() * mirror, x.abs() + y.abs()], 1)


def _upon(under: Tensor, sheet: Tensor, palettes: Tensor, fill: Tensor, plain: Tensor) -> Tensor:
    """Things of sheets (N, 3, S, S) upon pictures: a mixture of three colours (N, 3, 3) and surfaces ``fill``, lit."""
    cover, colour, light = sheet[:, :1], sheet[:, 1:2], sheet[:, 2:]
    shares = torch.cat([(1 - 2 * colour).clamp(min=0), 1 - (2 * colour - 1).abs(), (2 * colour - 1).clamp(min=0)], 1)
    own = torch.einsum("nkhw,nkc->nchw", shares, palettes)
    inked = torch.lerp(fill, own, plain) * (0.4 + 1.2 * light)
    return torch.lerp(under, inked, cover)


def _shadowed(ground: Tensor, cover: Tensor, draws: np.random.Generator) -> Tensor:
    shift = tuple(int(way) for way in draws.integers(-4, 5, 2))
    soft = _softened(cover, 2).roll(shift, (2, 3))
    return ground * (1 - 0.55 * soft)
