"""What there is to learn from sequences: batches, losses, evaluation. One class for each kind of task."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Generator, Tensor

from core.config.rnn import RNNRunConfig
from core.models.rnn import SequenceModel, State

EVALUATED = 256  # sequences evaluated at once


Position = dict[str, Any]  # where a running epoch stands: plain values and tensors; empty before its first batch


@dataclass(frozen=True)
class Batch:
    """Sequences of one step, and where it stands in its epoch (in sequences, or in steps)."""

    inputs: Tensor  # (B, T, features) float32, or (B, T) int64
    targets: Tensor
    before: int
    seen: int
    whole: int
    lengths: Tensor | None = None  # (B,) int64 on the CPU, where sequences differ in length


@dataclass(frozen=True)
class Example:
    """One validation sequence for looking at."""

    inputs: Tensor  # (1, T, features) or (1, T)
    targets: Tensor  # (1, ...) as in a batch
    axis: list[str]  # T labels


class Problem(ABC):
    """The data of a run on its device, what counts as wrong, and how well it goes."""

    inputs: int  # numbers read at each step; 1 where tokens are read
    outputs: int
    tokens: int = 0  # size of the vocabulary; 0 where numbers are read
    vocabulary: str = ""
    classes: tuple[str, ...] = ()
    samples: int  # training sequences of an epoch
    validation_samples: int
    sha256: str = ""  # of a text that is part of this Python
    latest: dict[str, float] | None = None  # what the last evaluation found; looks show it
    state: State | None = None  # the hidden state that the next batch goes on from, where one is carried
    every: bool  # whether there is an answer after every step

    def __init__(self, config: RNNRunConfig) -> None:
        self.config, self.device = config, config.device

    @property
    @abstractmethod
    def steps(self) -> int:
        """Time steps of a sequence (the longest)."""

    @property
    @abstractmethod
    def examples(self) -> int:
        """How many validation sequences can be looked at."""

    @abstractmethod
    def example(self, index: int) -> Example:
        """Validation sequence ``index``."""

    @abstractmethod
    def batches(self, size: Callable[[], int], order: Generator, position: Position) -> Iterator[Batch]:
        """The batches of one epoch from ``position`` on, which goes along; ``size`` tells the present batch size."""

    @abstractmethod
    def left(self, seen: int, whole: int, size: int) -> int:
        """Steps that are left of an epoch of which ``seen`` of ``whole`` are done."""

    @abstractmethod
    def steps_per_epoch(self, size: int) -> int:
        """Optimiser steps of an epoch."""

    @abstractmethod
    def forward(self, model: SequenceModel, batch: Batch) -> Tensor:
        """What the network answers to a batch, at the end or after every step."""

    @abstractmethod
    def loss_of(self, answers: Tensor, targets: Tensor) -> tuple[Tensor, Tensor | None]:
        """The loss of what :meth:`forward` answered, and the share of right answers where they can be counted."""

    def loss(self, model: SequenceModel, batch: Batch) -> tuple[Tensor, Tensor | None]:
        """The loss of a batch, and the share of right answers where they can be counted. With gradients."""
        return self.loss_of(self.forward(model, batch), batch.targets)

    @abstractmethod
    def evaluate(self, model: SequenceModel) -> dict[str, float]:
        """Metrics on the validation part; the model is in evaluation mode and makes no gradients."""

    def check_size(self, size: int) -> None:  # noqa: B027  # most data can be cut for any
        """Raises :class:`ConfigError` for a batch size that these data cannot be cut for."""

    def metrics(self, loss: float, accuracy: float | None) -> dict[str, float]:
        """What is said of a training batch."""
        return {"loss": loss} | ({} if accuracy is None else {"accuracy": accuracy})


class Shuffled(Problem):
    """A fixed set of training sequences, seen once an epoch in random order."""

    @abstractmethod
    def pick(self, chosen: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        """Inputs, targets and lengths of the training sequences at positions ``chosen`` (B,)."""

    def batches(self, size: Callable[[], int], order: Generator, position: Position) -> Iterator[Batch]:
        """All sequences once; the batch size may change on the way."""
        if not position:
            position["left"] = torch.randperm(self.samples, generator=order)
        while len(left := position["left"]) > 0:
            before = self.samples - len(left)
            chosen, position["left"] = left[: size()], left[size() :]
            inputs, targets, lengths = self.pick(chosen)
            yield Batch(inputs, targets, before, self.samples - len(position["left"]), self.samples, lengths)

    def left(self, seen: int, whole: int, size: int) -> int:
        """The rest in batches of the present size."""
        return -(-(whole - seen) // size)

    def steps_per_epoch(self, size: int) -> int:
        """Batches of the present size, the last one perhaps smaller."""
        return -(-self.samples // size)


def bits(loss: float) -> float:
    """Nats as bits."""
    return loss / math.log(2)
