"""What is learnt from pictures made by formula, and what is put upon the features for it, in training only."""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from core.models.formula import FEATURES, WIDTHS, FormulaNet
from scripts.formula.compose import CELL, compose, floats
from scripts.formula.store import Store
from scripts.formula.things import KINDS
from scripts.formula.views import cut, histogram, seen

# of the losses
WEIGHTS = {
    "forms": 0.5,
    "looks": 0.5,
    "kinds": 1.0,
    "facts": 1.0,
    "pose": 0.5,
    "cover": 1.0,
    "tags": 1.0,
    "numbers": 1.0,
    "colours": 2.0,
}
OF_LOOKS = ("looks", "tags", "numbers", "colours")
CELLS = 16 // CELL  # in a place of the last map, a side
COLOURS, POSES = 64, 4


class Heads(nn.Module):
    """Projections for the two contrasts, and linear layers for all that is read off the features."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.forms, self.looks = (
            nn.Sequential(nn.Linear(FEATURES, 256), nn.BatchNorm1d(256), nn.ReLU(inplace=True), nn.Linear(256, 96))
            for _ in range(2)
        )
        self.norm = nn.BatchNorm1d(FEATURES)
        self.sizes = [len(KINDS), store.facts.shape[1], POSES, store.tags.shape[1], store.numbers.shape[1], COLOURS]
        self.known = nn.Linear(FEATURES, sum(self.sizes))
        self.cover = nn.Conv2d(WIDTHS[-1], CELLS**2, 1)


def together(vectors: Tensor, partners: Tensor, others: Tensor, temperature: float) -> Tensor:
    """Cross-entropy of finding the partner of each row (N, D) among all rows but itself and the one in ``others``.

    ``partners`` and ``others`` (N,) are numbers of rows. An other shares what is not asked for here: if it counted,
    vectors that are all alike would be a way out at the beginning.
    """
    vectors = functional.normalize(vectors)
    likeness = (vectors @ vectors.T / temperature).fill_diagonal_(-1e9)
    return functional.cross_entropy(likeness.scatter(1, others[:, None], -1e9), partners)


def of_scenes(net: FormulaNet, heads: Heads, store: Store, options: argparse.Namespace, step: int) -> dict[str, Tensor]:
    """The losses of one step of the first lesson, by name: grounds alone, two views of each of B programmes."""
    draws = np.random.default_rng([options.seed, 4, step])
    generator = torch.Generator().manual_seed(int(draws.integers(2**62)))
    rows = draws.choice(len(store.pictures), options.batch, replace=False)
    instances = draws.integers(0, store.pictures.shape[1], (2, options.batch))
    looks = np.tile(rows, 2)
    images = seen(cut(floats(store.pictures[looks, instances.ravel()]), options.side, generator), generator)
    features = net.pooled(_maps(net, images, options))
    _, _, _, tags, numbers, colours = heads.known(heads.norm(features)).split(heads.sizes, 1)
    every = torch.arange(len(looks))
    return {
        "looks": together(heads.looks(features), every.roll(options.batch), every, options.temperature),
        **_of_looks(store, looks, images, tags, numbers, colours),
    }


def of_things(net: FormulaNet, heads: Heads, store: Store, options: argparse.Namespace, step: int) -> dict[str, Tensor]:
    """The losses of one step of the second lesson, by name: things before grounds.

    Each of B forms is seen twice and so is each of B looks, never together a second time: picture i is of form i and
    looks i, picture B + i of form i and looks i + 1.
    """
    draws = np.random.default_rng([options.seed, 4, step])
    forms = np.tile(draws.choice(len(store.things), options.batch, replace=False), 2)
    looks = draws.choice(len(store.pictures), options.batch, replace=False)
    looks = np.concatenate([looks, np.roll(looks, -1)])
    made = compose(store, forms, looks, options.side, draws)
    images = seen(made.images, torch.Generator().manual_seed(int(draws.integers(2**62))))
    maps = _maps(net, images, options)
    features = net.pooled(maps)
    kinds, facts, pose, tags, numbers, colours = heads.known(heads.norm(features)).split(heads.sizes, 1)
    row = torch.arange(options.batch)
    by_form = torch.cat([row + options.batch, row])
    by_looks = torch.cat([row.roll(1) + options.batch, row.roll(-1)])
    return {
        "forms": together(heads.forms(features), by_form, by_looks, options.temperature),
        "looks": together(heads.looks(features), by_looks, by_form, options.temperature),
        "kinds": functional.cross_entropy(kinds, torch.from_numpy(store.kinds[forms])),
        "facts": functional.smooth_l1_loss(facts, torch.from_numpy(store.facts[forms])),
        "pose": functional.smooth_l1_loss(pose, made.pose),
        "cover": functional.binary_cross_entropy_with_logits(
            functional.pixel_shuffle(heads.cover(maps[-1].float()), CELLS)[:, 0], made.cover
        ),
        **_of_looks(store, looks, images, tags, numbers, colours),
    }


LESSONS: dict[str, Callable[[FormulaNet, Heads, Store, argparse.Namespace, int], dict[str, Tensor]]] = {
    "scenes": of_scenes,
    "things": of_things,
}


def _maps(net: FormulaNet, images: Tensor, options: argparse.Namespace) -> list[Tensor]:
    with torch.autocast("cpu", torch.bfloat16, enabled=options.halves):
        return net.maps(images)


def _of_looks(
    store: Store, looks: NDArray[np.int64], images: Tensor, tags: Tensor, numbers: Tensor, colours: Tensor
) -> dict[str, Tensor]:
    return {
        "tags": functional.binary_cross_entropy_with_logits(tags, torch.from_numpy(store.tags[looks])),
        "numbers": functional.smooth_l1_loss(numbers, torch.from_numpy(store.numbers[looks])),
        "colours": functional.smooth_l1_loss(colours, histogram(images)),
    }
