"""Sequences in, answers out: the task of the RNN page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from core.config.rnn import RNNRunConfig
from core.datasets.sequences import check_upload
from core.models.rnn import SequenceModel, State
from core.training.changing import change
from core.training.checksum import checksum
from core.training.events import Edit, Started
from core.training.optimizers import make_optimizer, set_rate
from core.training.schedules import SCHEDULES, Plateau
from core.training.sequence_classes import Digits, Lines
from core.training.sequence_forecast import Forecast
from core.training.sequence_memory import Adding, Copy
from core.training.sequence_problems import Batch, Position, Problem
from core.training.sequence_text import Characters
from core.training.task import Task, versions

PROBLEMS: dict[str, Callable[[RNNRunConfig], Problem]] = {
    "sunspots": Forecast,
    "co2": Forecast,
    "series": Forecast,
    "stdlib": Characters,
    "text": Characters,
    "rows": Digits,
    "pixels": Digits,
    "lines": Lines,
    "adding": Adding,
    "copy": Copy,
}


def make_problem(config: RNNRunConfig) -> Problem:
    """The data of ``config`` on its device. Raises :class:`LiveTorchError` for data that are missing or unfit."""
    check_upload(config)
    return PROBLEMS[config.dataset](config)


def make_model(config: RNNRunConfig, problem: Problem) -> SequenceModel:
    """The network of ``config``, on its device. Draws the initial weights from torch's global generator."""
    return SequenceModel(config.model, problem.inputs, problem.outputs, problem.tokens).to(config.device)


class SequenceTask(Task):
    """A recurrent network; its sequences lie on the device, or are made for every batch."""

    config: RNNRunConfig
    place = ("epochs_done", "seen", "before", "whole", "position", "carried")
    look_share = 0.1  # a forecast that runs free from every start takes longer than a step

    def __init__(self, config: RNNRunConfig) -> None:
        """Build everything from ``config``. Raises :class:`LiveTorchError` for what cannot be."""
        self.config, self.step = config, 0
        self.problem = make_problem(config)
        self.classes = self.problem.classes
        self.model = make_model(config, self.problem)
        self.start = checksum(self.model)
        self.optimizer = make_optimizer(self.model.parameters(), config.optimizer)
        self.plateau = Plateau(config.schedule)
        self.order = torch.Generator().manual_seed(config.seed)
        # of the running epoch: seen with the running batch, before it, and altogether
        self.epochs_done, self.seen, self.before, self.whole = 0, 0, 0, 1
        self.position: Position = {}

    def started(self) -> Started:
        """Sizes of the run; a text's fingerprint stands with the versions."""
        problem = self.problem
        text = {f"{self.config.dataset} sha256": problem.sha256} if problem.sha256 else {}
        return Started(
            parameters=sum(parameter.numel() for parameter in self.model.parameters()),
            samples=problem.samples,
            validation_samples=problem.validation_samples,
            total_steps=self.steps_left(),
            batch_size=self.config.batch_size,
            device=self.config.device,
            threads=self.config.threads,
            precision=self.config.precision,
            start=self.start,
            shape=(problem.steps, problem.inputs),
            classes=problem.classes,
            versions=versions() | text,
        )

    def begin_epoch(self) -> None:
        """Nothing has been read."""
        self.position.clear()

    def rest_of_epoch(self) -> Iterator[Batch]:
        """What the problem has left."""
        for batch in self.problem.batches(lambda: self.config.batch_size, self.order, self.position):
            self.epochs_done = self.epoch - 1
            self.before, self.seen, self.whole = batch.before, batch.seen, batch.whole
            yield batch

    def training_step(self, batch: Batch) -> dict[str, float]:
        """One optimiser step; loss and accuracy are those before the update, the gradient norm before clipping."""
        rate = self.learning_rate
        set_rate(self.optimizer, rate)
        loss, right = self.problem.loss(self.model, batch)
        self.optimizer.zero_grad()
        loss.backward()
        clip = self.config.clip_norm or float("inf")
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), clip)
        self.optimizer.step()
        self.step += 1
        found = [loss.detach(), norm] + ([] if right is None else [right])
        values = torch.stack(found).tolist()
        said = self.problem.metrics(values[0], None if right is None else values[2])
        return said | {"learning_rate": rate, "gradient_norm": values[1]}

    @torch.no_grad()
    def evaluate(self) -> dict[str, float]:
        """What the problem measures on its validation part, without dropout."""
        self.model.eval()
        self.problem.latest = values = self.problem.evaluate(self.model)
        self.model.train()
        return values

    @property
    def carried(self) -> State | None:
        """The hidden state that the next batch goes on from, where one is carried."""
        return self.problem.state

    @carried.setter
    def carried(self, state: State | None) -> None:
        self.problem.state = state

    def apply(self, edit: Edit) -> None:
        """What EDITABLE of its config names can change; momentum and second moments are kept."""
        if edit.name == "batch_size":
            self.problem.check_size(self.config.with_value(edit.name, edit.value).batch_size)
        change(self, edit, self.model)

    def steps_left(self) -> int:
        """Optimiser steps to the end at the present batch size."""
        size = self.config.batch_size
        begun = self.epochs_done + (self.seen > 0)
        rest = self.problem.left(self.seen, self.whole, size) if self.seen else 0
        return rest + (self.config.epochs - begun) * self.problem.steps_per_epoch(size)

    @property
    def progress(self) -> float:
        """Epochs trained so far."""
        return self.epochs_done + self.seen / self.whole

    @property
    def learning_rate(self) -> float:
        """The rate of the running step while its batch is taken, else that of the last one."""
        schedule, epochs = self.config.schedule, self.config.epochs
        done = (self.epochs_done + self.before / self.whole) / epochs
        factor = SCHEDULES[schedule.name](schedule, done, epochs) * self.plateau.factor
        return self.config.optimizer.learning_rate * factor

    def weights(self) -> dict[str, Tensor]:
        """The state of the network."""
        return self.model.state_dict()

    def networks(self) -> dict[str, nn.Module]:
        """One."""
        return {"model": self.model}

    def optimizers(self) -> dict[str, Optimizer]:
        """One."""
        return {"optimizer": self.optimizer}

    def generators(self) -> dict[str, torch.Generator]:
        """The order of the sequences, or the sequences themselves."""
        return {"order": self.order}
