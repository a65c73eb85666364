"""What a look may use of a run of the GAN page: the task of one that is on, or what is left of one that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import torch
from torch import Generator, Tensor

from core.errors import LiveTorchError
from core.i18n import N_
from core.training.gan_game import Game
from core.training.gan_history import History, moment

if TYPE_CHECKING:
    from core.config.gan import GANRunConfig


class GANSubject(Protocol):
    """Two players between two rounds."""

    @property
    def config(self) -> GANRunConfig:
        """Resolved: nothing is left to the machine's choice."""

    @property
    def step(self) -> int:
        """Rounds played."""

    @property
    def version(self) -> tuple[int, ...]:
        """What an answer depends on."""

    @property
    def game(self) -> Game:
        """Both networks and the real samples, on ``config.device``."""

    @property
    def history(self) -> History:
        """Past samples and numbers."""

    @property
    def draws(self) -> Generator:
        """From which the next round draws; a look takes a copy."""


class GANRest:
    """Two players that are at rest. Their past is gone, but for how they stand now."""

    def __init__(self, config: GANRunConfig, weights: dict[str, Tensor], step: int) -> None:
        """Raises ``RuntimeError`` for weights of other players."""
        self.config, self.step = config, step
        with torch.random.fork_rng(devices=[]):
            self.game = Game(config)
        self.game.players.load_state_dict(weights)
        self.draws = torch.Generator().manual_seed(config.seed)
        self.history = History()
        self.history.evaluations.append(self.game.measures() | {"step": step})
        self.history.add(moment(self.game, step, float(config.epochs)))

    @property
    def version(self) -> tuple[int, ...]:
        """It changes no more."""
        return (self.step,)


def gan_rest(config: GANRunConfig, weights: dict[str, Tensor], step: int) -> GANRest:
    """What is left of a run of the GAN page. Raises ``RuntimeError`` for weights of other players."""
    return GANRest(config, weights, step)


def copied(draws: Generator) -> Generator:
    """A generator that goes on as ``draws`` would, which stays where it is."""
    made = torch.Generator()
    made.set_state(draws.get_state())
    return made


def need_plane(subject: GANSubject) -> None:
    """Raises :class:`LiveTorchError` where samples are pictures."""
    if not subject.config.in_plane:
        raise LiveTorchError(
            N_("This view draws points of the plane, and this run makes pictures. Look at its sheet of samples.")
        )


def need_pictures(subject: GANSubject) -> None:
    """Raises :class:`LiveTorchError` where samples are points of the plane."""
    if subject.config.in_plane:
        raise LiveTorchError(
            N_("This view shows pictures, and this run makes points of the plane. Look at the plane itself.")
        )
