"""The plane: real and generated points, the discriminator's surface, where it pulls, and the generator as a warped grid."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.datasets.shapes2d import centres, sample
from core.models.gan import equilibrium, score_kind
from core.probes.arguments import whole
from core.probes.gan.subject import GANSubject, need_plane
from core.probes.pictures import numbers, tensor_block
from core.training.assessment import looking
from core.training.gan_game import FIXED, Game
from core.training.gan_losses import GAN_LOSSES
from core.training.gan_measures import CELLS, EXTENT, GENERATED, counted, covered, divergences, radius_of

ARROWS = 60
LINES = {1: 121, 2: 17}  # latent points along each side of the warped grid
REACH = {"gaussian": 2.5, "uniform": 1.0}  # of the latent numbers that it shows


def plane(subject: GANSubject, samples: int = 400, side: int = 40) -> dict[str, Any]:
    """Everything the plane shows, for ``samples`` points and a surface of ``side`` x ``side`` values.

    Raises :class:`LiveTorchError` for runs with pictures and for numbers out of range.
    """
    need_plane(subject)
    samples, side = whole("samples", samples, 10, 1000), whole("side", side, 8, 64)
    game = subject.game
    real = sample(subject.config, samples, torch.Generator().manual_seed(subject.config.seed + FIXED))
    made, _scores = game.shown(samples)
    modes, good = _modes(game)
    return {
        "extent": EXTENT,
        "score": score_kind(subject.config.loss.name),
        "real": coordinates(real),
        "generated": coordinates(made),
        "surface": _surface(game, side),
        "arrows": _arrows(game),
        "warp": _warp(game),
        "equilibrium": equilibrium(subject.config)[0],
        "js_floor": _floor(game),
        "modes": modes,
        "good": good,
    }


def coordinates(points: Tensor) -> dict[str, list[float | None]]:
    """Points (n, 2) as two lists."""
    x, y = points.detach().cpu().unbind(1)
    return {"x": numbers(x.tolist(), 4), "y": numbers(y.tolist(), 4)}


def _surface(game: Game, side: int) -> dict[str, Any]:
    """What the discriminator says of every place, from the lower left corner on."""
    along = torch.linspace(-EXTENT, EXTENT, side, device=game.config.device)
    y, x = torch.meshgrid(along, along, indexing="ij")
    with looking(game.discriminator):
        scores = game.score(torch.stack([x.flatten(), y.flatten()], 1), None)
    if game.probabilities:
        scores = scores.sigmoid()
    block = tensor_block(scores.view(1, side, side), signed=False)
    return {"side": side} | {name: block[name] for name in ("low", "high", "broken", "values")}


def _arrows(game: Game) -> dict[str, Any]:
    """Minus the slope of the generator's loss at generated points: where each is told to go."""
    given = game.fixed(ARROWS)
    with game.looked_at():
        points = game.generate(given.z, given.labels)
        with torch.enable_grad():
            points = points.requires_grad_()
            # times their number: the loss is a mean, an arrow is one sample's
            loss = GAN_LOSSES[game.config.loss.name][1](game.score(points, None)) * ARROWS
            slope = torch.autograd.grad(loss, points)[0]
    ends = coordinates(-slope)
    longest = numbers([slope.norm(dim=1).max().item()])[0]
    return coordinates(points) | {"dx": ends["x"], "dy": ends["y"], "longest": longest}


def _warp(game: Game) -> dict[str, Any] | None:
    """What the generator makes of a regular grid of noises, where these have one or two numbers."""
    latent = game.config.latent
    if latent.dimension not in LINES:
        return None
    count, reach = LINES[latent.dimension], REACH[latent.distribution]
    along = torch.linspace(-reach, reach, count, device=game.config.device)
    z = along[:, None] if latent.dimension == 1 else torch.cartesian_prod(along, along)
    with looking(game.generator):
        points = game.generate(z, None)
    rows = 1 if latent.dimension == 1 else count
    return {"dimension": latent.dimension, "columns": count, "rows": rows} | coordinates(points)


def _floor(game: Game) -> float:
    """The divergence that real points have from themselves, because only so many are counted."""
    draw = torch.Generator().manual_seed(game.config.seed + FIXED)
    return divergences(game.reference(), counted(sample(game.config, GENERATED, draw), EXTENT, CELLS))[0]


def _modes(game: Game) -> tuple[dict[str, Any] | None, float | None]:
    middles = centres(game.config.dataset)
    if middles is None:
        return None, None
    made, _scores = game.shown(GENERATED)
    radius = radius_of(game.config.data.spread)
    _covered, good, share = covered(made.cpu(), middles, radius)
    return coordinates(middles) | {"radius": radius, "share": numbers(share.tolist(), 4)}, good
