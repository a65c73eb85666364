"""Points of the plane in, a class or a number out: the task of the playground.

Its steps are tiny, so what is yielded to the loop stands for many of them, and only some epochs are recorded. Neither
changes a number: those of a step are the same however it was come by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from core.config import MLPRunConfig
from core.datasets.plane import load_plane
from core.errors import ConfigError
from core.i18n import N_
from core.models.mlp import build_mlp
from core.training.changing import change
from core.training.checksum import checksum
from core.training.compiled import check_compiler
from core.training.events import Edit, Started
from core.training.optimizers import make_optimizer
from core.training.plane_losses import measured, part_of
from core.training.schedules import SCHEDULES, Plateau
from core.training.stretch import Steps
from core.training.task import Task, versions

LONGEST_STRETCH = 64  # steps between two moments at which Pause and Stop are heard
EVERY_EPOCH = 200  # so many epochs are recorded one by one; from twice as many on every second, and so on


def recorded(epoch: int, last: int) -> bool:
    """Whether the numbers of this epoch are kept: ever fewer, so that 100,000 epochs leave about 1,100 points."""
    every = 1
    while epoch > EVERY_EPOCH * every:
        every *= 2
    return epoch % every == 0 or epoch == last


def batch_sizes(points: int, size: int, joins: bool) -> list[int]:
    """Points of each batch. With ``joins`` a last single point goes with the batch before it."""
    whole, rest = divmod(points, size)
    sizes = [size] * whole + [rest] * (rest > 0)
    if joins and len(sizes) > 1 and sizes[-1] == 1:
        sizes[-2:] = [sizes[-2] + 1]
    return sizes


@dataclass(frozen=True)
class Stretch:
    """Several batches of one epoch."""

    places: Tensor  # (n,) of the training points
    sizes: list[int]  # points of each batch


@dataclass(frozen=True)
class Measured:
    """How well the network did after ``step``, before anything was changed by hand."""

    step: int
    train: dict[str, float]
    test: dict[str, float]


class Playground(Task):
    """A small network; all points lie on the device."""

    config: MLPRunConfig
    place = ("epochs_done", "before", "left", "seen", "points_version", "edits")
    look_seconds = 0.03  # between two steps or stretches: a good 20 paints a second; a look of the default network takes about 2 ms
    look_share = 0.2

    def __init__(self, config: MLPRunConfig) -> None:
        """Build everything from ``config``. Draws the initial weights from torch's global generator.

        Raises :class:`ConfigError` where the steps cannot be compiled.
        """
        if config.mode == "compiled":
            if config.device != "cpu":
                raise ConfigError("mode", N_("Steps are compiled for the CPU only. Choose the CPU or the eager mode."))
            check_compiler()
        self.config, self.step, self.edits, self.points_version = config, 0, 0, 0
        self.model = build_mlp(config).to(config.device)
        self.start = checksum(self.model)
        self.optimizer = make_optimizer(self.model.parameters(), config.optimizer)
        self.steps = Steps(config, self.model, self.optimizer)
        self.plateau = Plateau(config.schedule)
        self.order = torch.Generator().manual_seed(config.seed)
        self.measured: Measured | None = None
        self.epochs_done, self.before = 0, 0  # whole epochs; points of the running one before the next step
        self.left = torch.empty(0, dtype=torch.int64)  # places still to be trained on in the running epoch
        self._place_points()
        self.seen = 0  # points of the running epoch that a batch was made of

    def _place_points(self) -> None:
        self.data = load_plane(self.config)
        self.train = part_of(self.config, self.data.train_points, self.data.train_targets)
        self.test = part_of(self.config, self.data.test_points, self.data.test_targets)
        self.classes = tuple(map(str, range(self.config.classes)))

    def started(self) -> Started:
        """Sizes of the run."""
        return Started(
            parameters=sum(parameter.numel() for parameter in self.model.parameters()),
            samples=len(self.train),
            validation_samples=len(self.test),
            total_steps=self.steps_left(),
            batch_size=self.config.batch_size,
            device=self.config.device,
            threads=self.config.threads,
            precision=self.config.precision,
            start=self.start,
            shape=(self.config.widths[0],),
            classes=tuple(self.classes),
            versions=versions(),
        )

    def begin_epoch(self) -> None:
        """Shuffle the training points."""
        self.left = torch.randperm(len(self.train), generator=self.order)

    def rest_of_epoch(self) -> Iterator[Stretch]:
        """Stretches of batches; one batch at a time while ``single``."""
        while len(self.left) > 0:
            sizes = self._sizes(len(self.left))[: 1 if self.single else min(LONGEST_STRETCH, self.most)]
            taken = sum(sizes)
            self.epochs_done, self.before = self.epoch - 1, len(self.train) - len(self.left)
            places, self.left = self.left[:taken], self.left[taken:]
            self.seen = len(self.train) - len(self.left)
            yield Stretch(places.to(self.config.device), sizes)

    def training_step(self, batch: Stretch) -> dict[str, float]:
        """The optimiser steps of a stretch; at a recorded epoch's end, loss and accuracy over all training points."""
        rate = 0.0
        for x, target in self._gathered(batch):
            rate = self.learning_rate
            self.steps.take(x, target, rate)
            self.before += len(x)
            self.step += 1
        ends = len(self.left) == 0
        keep = self.single or (ends and self.validates(self.epochs_done + 1))
        if keep or (ends and self.config.schedule.name == "plateau"):
            self._measure()
        if not keep or self.measured is None:
            return {}
        return self.measured.train | {"learning_rate": rate}

    def _gathered(self, batch: Stretch) -> Iterator[tuple[Tensor, Tensor]]:
        """Inputs (B, features) and targets of each step."""
        inputs, target = self.train.inputs, self.train.target
        if self.config.mode == "compiled":
            whole = inputs.index_select(0, batch.places), target.index_select(0, batch.places)
            yield from zip(whole[0].split(batch.sizes), whole[1].split(batch.sizes), strict=True)
            return
        # anew for each step: a product may round differently where its input lies elsewhere in a cache line
        for places in batch.places.split(batch.sizes):
            yield inputs.index_select(0, places), target.index_select(0, places)

    @torch.no_grad()
    def _measure(self) -> Measured:
        """Assess the network over all points, without dropout."""
        self.model.eval()
        found = [measured(self.config, self.model, part) for part in (self.train, self.test)]
        self.model.train()
        self.measured = Measured(self.step, *found)
        return self.measured

    def validates(self, epoch: int) -> bool:
        """Ever fewer epochs are recorded."""
        return recorded(epoch, self.config.epochs)

    def evaluate(self) -> dict[str, float]:
        """Loss and accuracy over the test points, as they were after the last step."""
        now = self.measured
        return dict((now if now is not None and now.step == self.step else self._measure()).test)

    def apply(self, edit: Edit) -> None:
        """What EDITABLE of its config names can change; optimiser state is kept."""
        change(self, edit, self.model)
        if edit.name == "data.points":
            self._take_points()
        elif edit.name == "poke":
            self._poke()
        self.edits += 1
        self.steps.follow(self.config)

    def _take_points(self) -> None:
        """Other points from now on. A running epoch goes on with a shuffle of them, for one batch at least."""
        self._place_points()
        self.points_version += 1
        if len(self.left) > 0:
            order = torch.randperm(len(self.train), generator=self.order)
            least = 2 if self.config.model.normalization == "batch" else 1  # points such a batch must have
            self.left = order[min(self.seen, len(order) - least) :]
            self.seen = len(order) - len(self.left)
        elif self.seen:
            self.seen = len(self.train)

    @torch.no_grad()
    def _poke(self) -> None:
        """Set one weight or bias by hand."""
        layer, row, column = (int(number) for number in self.config.poke[:3])
        linear = self.model.linears[layer]
        if column < 0:
            linear.bias[row] = self.config.poke[3]
        else:
            linear.weight[row, column] = self.config.poke[3]

    def weights(self) -> dict[str, Tensor]:
        """The network's state."""
        return self.model.state_dict()

    def networks(self) -> dict[str, nn.Module]:
        """One."""
        return {"model": self.model}

    def optimizers(self) -> dict[str, Optimizer]:
        """One."""
        return {"optimizer": self.optimizer}

    def generators(self) -> dict[str, torch.Generator]:
        """The order of the points."""
        return {"order": self.order}

    @property
    def version(self) -> tuple[int, ...]:
        """Looks change with steps and with what is done by hand."""
        return (self.step, self.edits)

    def _sizes(self, points: int) -> list[int]:
        joins = self.config.model.normalization == "batch"
        return batch_sizes(points, self.config.batch_size, joins)

    def steps_left(self) -> int:
        """Optimiser steps to the end at the present batch size."""
        whole = len(self._sizes(len(self.train)))
        begun = self.epochs_done + (self.seen > 0)
        return len(self._sizes(len(self.left))) + (self.config.epochs - begun) * whole

    @property
    def progress(self) -> float:
        """Epochs trained so far."""
        return self.epochs_done + self.seen / len(self.train)

    @property
    def learning_rate(self) -> float:
        """The rate of the next step while a stretch is taken, else that of the last one."""
        schedule, rate = self.config.schedule, self.config.optimizer.learning_rate
        if schedule.name == "constant":
            return rate
        done = (self.epochs_done + self.before / len(self.train)) / self.config.epochs
        return rate * (SCHEDULES[schedule.name](schedule, min(done, 1.0), self.config.epochs) * self.plateau.factor)
