"""How the learning rate moves: each schedule is a factor that the rate is multiplied by. No torch.

All but one are functions of ``t``, the share of the run that is done, so they follow when the batch size
changes on the way and can be drawn before training. "When it stalls" looks at the validation loss.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from core.config import RunConfig, ScheduleConfig

FIRST = 1 / 25  # where a warm-up begins, as in torch's OneCycleLR


def constant(_schedule: ScheduleConfig, _t: float, _epochs: int) -> float:
    """The rate as it is set."""
    return 1.0


def warmup(schedule: ScheduleConfig, t: float, _epochs: int) -> float:
    """A straight rise from 1/25 to 1, then constant (torch's LinearLR)."""
    if t >= schedule.warmup:
        return 1.0
    return FIRST + (1 - FIRST) * t / schedule.warmup


def step(schedule: ScheduleConfig, t: float, epochs: int) -> float:
    """Falls by ``factor`` every ``step_epochs`` epochs (torch's StepLR)."""
    done = math.floor(t * epochs + 1e-9)  # a hair more, so that rounding does not hold an epoch back
    return schedule.factor ** (done // schedule.step_epochs)


def linear(schedule: ScheduleConfig, t: float, epochs: int) -> float:
    """After the warm-up, a straight line down to ``floor`` (torch's LinearLR)."""
    if t < schedule.warmup:
        return warmup(schedule, t, epochs)
    return 1.0 + (schedule.floor - 1.0) * (t - schedule.warmup) / (1 - schedule.warmup)


def cosine(schedule: ScheduleConfig, t: float, epochs: int) -> float:
    """After the warm-up, half a cosine down to ``floor`` (Loshchilov and Hutter, 2017; torch's CosineAnnealingLR)."""
    if t < schedule.warmup:
        return warmup(schedule, t, epochs)
    return _half_cosine(1.0, schedule.floor, (t - schedule.warmup) / (1 - schedule.warmup))


def one_cycle(schedule: ScheduleConfig, t: float, _epochs: int) -> float:
    """Half a cosine up from 1/25 to 1, another down to ``floor`` (Smith, 2018; torch's OneCycleLR)."""
    if t < schedule.warmup:
        return _half_cosine(FIRST, 1.0, t / schedule.warmup)
    return _half_cosine(1.0, schedule.floor, (t - schedule.warmup) / (1 - schedule.warmup))


def _half_cosine(start: float, end: float, t: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * t)) / 2


SCHEDULES: dict[str, Callable[[ScheduleConfig, float, int], float]] = {
    "constant": constant,
    "warmup": warmup,
    "step": step,
    "linear": linear,
    "cosine": cosine,
    "one_cycle": one_cycle,
    "plateau": constant,  # times what Plateau has come to
}


class Stall:
    """Counts epochs without a lower validation loss, by torch's measure of lower (ReduceLROnPlateau)."""

    def __init__(self) -> None:
        self.best, self.best_epoch, self.epochs = math.inf, 0, 0

    def see(self, loss: float, epoch: int) -> int:
        """Take in the loss of one more epoch; returns for how many it has not fallen."""
        if loss < self.best * (1 - 1e-4):
            self.best, self.best_epoch, self.epochs = loss, epoch, 0
        else:
            self.epochs += 1
        return self.epochs


class Plateau:
    """Multiplies by ``factor`` each time the loss has not fallen for more than ``patience`` epochs."""

    def __init__(self, schedule: ScheduleConfig) -> None:
        self.schedule, self.stall = schedule, Stall()
        self.factor = 1.0

    def see(self, loss: float, epoch: int) -> None:
        """Take in the validation loss after an epoch."""
        if self.stall.see(loss, epoch) > self.schedule.patience:
            self.factor *= self.schedule.factor
            self.stall.epochs = 0


def planned_rates(config: RunConfig, points: int = 200) -> list[tuple[float, float]]:
    """(epoch, learning rate) over the whole run, as the schedule has it before training."""
    factor = SCHEDULES[config.schedule.name]
    shares = [number / points for number in range(points + 1)]
    rate = config.optimizer.learning_rate
    return [(t * config.epochs, rate * factor(config.schedule, min(t, 1 - 1e-9), config.epochs)) for t in shares]
