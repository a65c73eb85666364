"""A path between two noises, and what the generator makes of it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.models.gan import classes_of
from core.probes.arguments import whole
from core.probes.gan.pictures import judged, tiled
from core.probes.gan.plane import coordinates
from core.probes.gan.subject import GANSubject
from core.training.gan_game import Game
from core.training.gan_history import as_bytes

SEEDS = 9999


def interpolation(subject: GANSubject, start: int = 0, end: int = 1, steps: int = 8, label: int = 0) -> dict[str, Any]:
    """Samples of ``steps`` noises between those of the seeds ``start`` and ``end``, all of class ``label`` where it is told.

    Raises :class:`LiveTorchError` for numbers out of range.
    """
    game = subject.game
    first, last = (latent(game, whole(name, seed, 0, SEEDS)) for name, seed in (("start", start), ("end", end)))
    steps = whole("steps", steps, 2, 16)
    label = whole("label", label, 0, max(len(game.classes) - 1, 0))
    shares = torch.linspace(0, 1, steps, device=first.device)
    z = path(first, last, shares, subject.config.latent.distribution)
    labels = torch.full((steps,), label, device=first.device) if classes_of(subject.config) else None
    with game.looked_at():
        made = game.generate(z, labels)
    if game.images is None:
        return {"kind": "plane"} | coordinates(made)
    return {"kind": "images"} | tiled(as_bytes(made), steps) | judged(game, made)


def latent(game: Game, seed: int) -> Tensor:
    """The noise (latent,) of a seed."""
    return game.noise(torch.Generator().manual_seed(seed), 1)[0]


def path(first: Tensor, last: Tensor, shares: Tensor, distribution: str) -> Tensor:
    """Noises (steps, latent) on the way: a straight line for uniform noise, an arc for Gaussian.

    Gaussian noise of many numbers lies near a sphere, whose inside the generator has hardly seen (White, 2016). Where
    the two lie on one ray, the arc is a line.
    """
    shares = shares[:, None]
    cosine = torch.dot(first, last) / (first.norm() * last.norm()).clamp_min(1e-12)
    angle = cosine.clamp(-1, 1).acos()
    if distribution == "uniform" or len(first) == 1 or angle.sin() < 1e-3:
        return first + shares * (last - first)
    arc: Tensor = (((1 - shares) * angle).sin() * first + (shares * angle).sin() * last) / angle.sin()
    return arc
