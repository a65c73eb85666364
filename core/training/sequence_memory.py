"""Puzzles made anew for every batch, which need a memory of as many steps as one likes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from core.config.rnn import MEMORY_STEPS, RNNRunConfig
from core.models.rnn import SequenceModel
from core.training.sequence_problems import EVALUATED, Batch, Example, Position, Problem

VALIDATION_SEED = 1_000_003  # the same sequences validate whatever the run's seed
VALIDATED = 1000
SYMBOLS = 8  # of the copy task; 8 is the blank, 9 says "repeat now"


def adding(count: int, length: int, draw: Generator) -> tuple[Tensor, Tensor]:
    """The adding problem: inputs (count, length, 2), sums (count,).

    Beside each random number from 0 to 1 stands a mark, which is 1 twice: once in each half of the sequence.
    """
    numbers = torch.rand(count, length, generator=draw)
    first = torch.randint(0, length // 2, (count,), generator=draw)
    second = torch.randint(length // 2, length, (count,), generator=draw)
    rows = torch.arange(count)
    marks = torch.zeros(count, length)
    marks[rows, first] = marks[rows, second] = 1
    return torch.stack([numbers, marks], 2), numbers[rows, first] + numbers[rows, second]


def delayed_copy(count: int, delay: int, items: int, draw: Generator) -> tuple[Tensor, Tensor]:
    """Delayed copy: inputs (count, 2 items + delay, 10) one-hot, the symbols (count, items) that are wanted at the end.

    ``items`` symbols, then blanks; after ``delay`` steps a sign to repeat them, one at each of the last steps.
    """
    symbols = torch.randint(0, SYMBOLS, (count, items), generator=draw)
    sequence = torch.full((count, 2 * items + delay), SYMBOLS)
    sequence[:, :items] = symbols
    sequence[:, items + delay] = SYMBOLS + 1
    return F.one_hot(sequence, SYMBOLS + 2).float(), symbols


class Memory(Problem):
    """Fresh sequences in every step; an epoch is 50 steps. A thousand fixed ones validate."""

    def __init__(self, config: RNNRunConfig) -> None:
        super().__init__(config)
        draw = Generator().manual_seed(VALIDATION_SEED)
        inputs, targets = self.made(VALIDATED, draw)
        self.validation, self.wanted = inputs.to(self.device), targets.to(self.device)
        self.samples, self.validation_samples = MEMORY_STEPS * config.batch_size, VALIDATED
        self.inputs = inputs.shape[2]

    @abstractmethod
    def made(self, count: int, draw: Generator) -> tuple[Tensor, Tensor]:
        """Sequences and what is wanted, on the CPU."""

    @property
    def steps(self) -> int:
        """Steps of a sequence."""
        return self.validation.shape[1]

    @property
    def examples(self) -> int:
        """All that validate."""
        return len(self.validation)

    def batches(self, size: Callable[[], int], order: Generator, position: Position) -> Iterator[Batch]:
        """Fifty of them, of the present size each."""
        for number in range(position.get("made", 0), MEMORY_STEPS):
            inputs, targets = self.made(size(), order)
            position["made"] = number + 1
            yield Batch(inputs.to(self.device), targets.to(self.device), number, number + 1, MEMORY_STEPS)

    def left(self, seen: int, whole: int, size: int) -> int:
        """Whatever the batch size."""
        return whole - seen

    def steps_per_epoch(self, size: int) -> int:
        """Whatever the batch size."""
        return MEMORY_STEPS


class Adding(Memory):
    """The sum of two marked numbers (Hochreiter and Schmidhuber, 1997, with numbers from 0 to 1)."""

    outputs = 1
    every = False

    def made(self, count: int, draw: Generator) -> tuple[Tensor, Tensor]:
        """The adding problem."""
        return adding(count, self.config.data.length, draw)

    def example(self, index: int) -> Example:
        """Numbers, those that are marked with a star."""
        row = self.validation[index]
        axis = [f"{number:.2f}{'*' if mark else ''}" for number, mark in row.tolist()]
        return Example(row[None], self.wanted[index : index + 1], axis)

    def forward(self, model: SequenceModel, batch: Batch) -> Tensor:
        """The sums that are answered at the end, (B, 1)."""
        return model.last(batch.inputs, bptt=self.config.data.bptt)

    def loss_of(self, answers: Tensor, targets: Tensor) -> tuple[Tensor, None]:
        """Squared error of the answer at the end."""
        return F.mse_loss(answers[:, 0], targets), None

    def answers(self, model: SequenceModel) -> Tensor:
        """The sums that are answered: (V,)."""
        return torch.cat([model.last(part)[:, 0] for part in self.validation.split(EVALUATED)])

    def evaluate(self, model: SequenceModel) -> dict[str, float]:
        """Mean squared error."""
        return {"loss": F.mse_loss(self.answers(model).double(), self.wanted.double()).item()}


class Copy(Memory):
    """Symbols to be repeated after a delay (Hochreiter and Schmidhuber, 1997; as in Arjovsky et al., 2016)."""

    outputs = SYMBOLS
    every = True
    classes = tuple("ABCDEFGH")

    def made(self, count: int, draw: Generator) -> tuple[Tensor, Tensor]:
        """Delayed copy."""
        return delayed_copy(count, self.config.data.length, self.config.data.items, draw)

    def example(self, index: int) -> Example:
        """Symbols as letters, a point for nothing, an exclamation mark for the sign."""
        row = self.validation[index]
        axis = ["ABCDEFGH·!"[symbol] for symbol in row.argmax(1).tolist()]
        return Example(row[None], self.wanted[index : index + 1], axis)

    def forward(self, model: SequenceModel, batch: Batch) -> Tensor:
        """Logits after every step, (B, T, symbols)."""
        return model.each(batch.inputs, bptt=self.config.data.bptt)[0]

    def loss_of(self, answers: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Cross-entropy over the steps in which a symbol is wanted."""
        logits = answers[:, -self.config.data.items :]  # (B, items, symbols)
        right = (logits.argmax(2) == targets).float().mean()
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten()), right

    def answers(self, model: SequenceModel) -> Tensor:
        """Logits of the symbols that are wanted: (V, items, symbols)."""
        parts = self.validation.split(EVALUATED)
        return torch.cat([model.each(part)[0][:, -self.config.data.items :] for part in parts])

    def evaluate(self, model: SequenceModel) -> dict[str, float]:
        """Mean cross-entropy and share of right symbols."""
        logits = self.answers(model)
        loss = F.cross_entropy(logits.flatten(0, 1).double(), self.wanted.flatten()).item()
        return {"loss": loss, "accuracy": (logits.argmax(2) == self.wanted).double().mean().item()}
