"""What tasks share whose epochs are shuffles of a list of examples: their order, how far they are, their learning rate."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator

import torch
from torch import Tensor

from core.training.schedules import SCHEDULES
from core.training.task import Task


class Shuffled(Task):
    """A task that sees each of :attr:`examples` examples once in an epoch, in an order of its own."""

    place = ("epochs_done", "seen", "before", "left")

    @property
    @abstractmethod
    def examples(self) -> int:
        """How many there are to train on."""

    def begin_order(self) -> None:
        """Nothing has been seen yet. For the constructor."""
        self.order = torch.Generator().manual_seed(self.config.seed)
        # examples of the running epoch: seen with the running batch, and before it
        self.epochs_done, self.seen, self.before = 0, 0, 0
        self.left = torch.empty(0, dtype=torch.int64)  # positions still to be trained on in the running epoch

    def begin_epoch(self) -> None:
        """Shuffle the training set."""
        self.left = torch.randperm(self.examples, generator=self.order).to(self.config.device)

    def rest_of_epoch(self) -> Iterator[Tensor]:
        """Positions of examples, (B,) each. The batch size may change on the way."""
        while len(self.left) > 0:
            self.before = self.examples - len(self.left)
            batch, self.left = self.left[: self.config.batch_size], self.left[self.config.batch_size :]
            self.epochs_done, self.seen = self.epoch - 1, self.examples - len(self.left)
            yield batch

    def generators(self) -> dict[str, torch.Generator]:
        """The order of the examples."""
        return {"order": self.order}

    def steps_left(self) -> int:
        """Optimiser steps to the end at the present batch size."""
        size, whole = self.config.batch_size, self.examples
        begun = self.epochs_done + (self.seen > 0)
        rest = whole - self.seen if self.seen else 0
        steps: int = -(-rest // size) + (self.config.epochs - begun) * -(-whole // size)
        return steps

    @property
    def progress(self) -> float:
        """Epochs trained so far."""
        return self.epochs_done + self.seen / self.examples

    @property
    def learning_rate(self) -> float:
        """The rate of the running step while its batch is taken, else that of the last one."""
        rate: float = self.config.optimizer.learning_rate * self._factor()
        return rate

    def _factor(self) -> float:
        """What the schedule makes of the rate, by the share of the run that was done before the running step."""
        schedule, epochs = self.config.schedule, self.config.epochs
        done = (self.epochs_done + self.before / self.examples) / epochs
        return SCHEDULES[schedule.name](schedule, done, epochs) * self.plateau.factor
