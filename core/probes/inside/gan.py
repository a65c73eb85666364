"""A player of the GAN page with what it is given: noise for the generator, real and made samples for the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from core.config.gan import GANRunConfig
from core.models.gan import classes_of, given_to_discriminator, joined
from core.probes.arguments import one_of, whole
from core.probes.inside import Inside
from core.training.gan_game import Game
from core.training.gan_losses import GAN_LOSSES

if TYPE_CHECKING:
    from core.probes.gan.subject import GANSubject

PARTS = ("generator", "discriminator")
EXAMPLES = 256  # fixed noises, and real samples, to choose from
REAL_SEED = 7_001  # added to the run's seed for the real samples that are looked at


def inside(subject: GANSubject, part: str, example: int, count: int, split: str) -> Inside:
    """See :func:`core.probes.inside.inside`. Both splits are the same; a gradient penalty is not part of the loss."""
    part = one_of("part", part or PARTS[0], PARTS)
    first = whole("example", example, 0, EXAMPLES - 1)
    chosen = slice(first, first + whole("count", count, 1, 1024))
    game = subject.game
    return _generator(game, chosen) if part == "generator" else _discriminator(game, chosen)


def _generator(game: Game, chosen: slice) -> Inside:
    given = game.fixed(max(EXAMPLES, chosen.stop))
    z, labels = given.z[chosen], None if given.labels is None else given.labels[chosen]

    def loss_of(made: Tensor) -> Tensor:
        return GAN_LOSSES[game.config.loss.name][1](game.score(made, labels))

    return Inside(
        model=game.generator,
        inputs=joined(z, labels, classes_of(game.config)),
        target=None,
        loss_of=loss_of,
        parts=PARTS,
        part="generator",
        outputs=("x", "y") if game.config.in_plane else (),
        kind="noise",
        names=_names(game, labels, len(z)),
        examples=EXAMPLES,
        others=(game.discriminator,),
    )


def _discriminator(game: Game, chosen: slice) -> Inside:
    """Real samples, then as many made ones. It has no batch statistics, so both may go through it together."""
    count = chosen.stop - chosen.start
    real, labels = _real(game, chosen)
    given = game.fixed(max(EXAMPLES, chosen.stop))
    with game.looked_at():
        made = game.generate(given.z[chosen], labels if labels is not None else None)
    both = torch.cat([real, made.detach()])
    told = None if labels is None else torch.cat([labels, labels])

    def loss_of(scores: Tensor) -> Tensor:
        config: GANRunConfig = game.config
        return GAN_LOSSES[config.loss.name][0](scores[:count], scores[count:], config.loss.real_label)

    return Inside(
        model=game.discriminator,
        inputs=given_to_discriminator(game.config, both, told),
        target=None,
        loss_of=loss_of,
        parts=PARTS,
        part="discriminator",
        outputs=(),
        kind="sample",
        names=tuple(["real"] * count + ["generated"] * count),
        examples=EXAMPLES,
        picture=None if game.images is None else _bytes(both),
    )


def _real(game: Game, chosen: slice) -> tuple[Tensor, Tensor | None]:
    if game.images is not None:
        pictures = game.stored(game.pictures[chosen])
        return pictures, game.labels[chosen] if game.config.conditional else None
    from core.datasets.shapes2d import sample

    draw = torch.Generator().manual_seed(game.config.seed + REAL_SEED)
    points = sample(game.config, max(EXAMPLES, chosen.stop), draw).to(game.config.device)
    return points[chosen], None


def _names(game: Game, labels: Tensor | None, count: int) -> tuple[str, ...]:
    if labels is None:
        return ("",) * count
    return tuple(game.classes[label] for label in labels.tolist())


def _bytes(pictures: Tensor) -> Tensor:
    """Pictures from -1 to 1 as bytes on the CPU."""
    return ((pictures.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).cpu()
