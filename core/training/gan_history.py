"""What a run of the GAN page remembers of itself while it trains: past samples, and the last rounds' numbers."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.training.gan_game import Game

MOMENTS = 40  # at most
POINTS, SIDE = 200, 6  # fixed samples kept of each moment: points, or SIDE x SIDE pictures
RECENT = 300  # rounds
LATEST = 6  # moments in a row


@dataclass(frozen=True)
class Moment:
    """Fixed samples at one step, on the CPU: points (n, 2) float32 or pictures (n, H, W) uint8."""

    step: int
    progress: float
    samples: Tensor


@dataclass
class History:
    """Moments spread evenly over the run, and the newest one."""

    moments: list[Moment] = field(default_factory=list)
    newest: Moment | None = None
    every: int = 1  # moments of which one is kept
    seen: int = 0
    rounds: deque[dict[str, float]] = field(default_factory=lambda: deque(maxlen=RECENT))
    latest: deque[Moment] = field(default_factory=lambda: deque(maxlen=LATEST))
    evaluations: list[dict[str, float]] = field(default_factory=list)

    def add(self, moment: Moment) -> None:
        """Keep ``moment`` where its turn has come; when there are too many, every second one goes."""
        self.newest = moment
        self.latest.append(moment)
        if self.seen % self.every == 0:
            self.moments.append(moment)
        self.seen += 1
        if len(self.moments) == MOMENTS:  # the newest one may come beside them
            self.moments = self.moments[::2]
            self.every *= 2

    def all(self) -> list[Moment]:
        """Oldest first, at most 40, the newest always among them."""
        more = [self.newest] if self.newest is not None and self.newest not in self.moments[-1:] else []
        return self.moments + more


def moment(game: Game, step: int, progress: float) -> Moment:
    """The fixed samples as they are now."""
    made, _scores = game.shown(POINTS if game.images is None else SIDE * SIDE)
    return Moment(step, progress, made.cpu() if game.images is None else as_bytes(made))


def as_bytes(pictures: Tensor) -> Tensor:
    """Grey pictures (n, 1, H, W) from -1 to 1 as (n, H, W) uint8 on the CPU, for showing."""
    return ((pictures[:, 0].detach().nan_to_num(0.0).clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).cpu()
