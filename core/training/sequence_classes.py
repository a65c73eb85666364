"""The class of a whole sequence: digits read in pieces, labelled lines."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from core.config.rnn import RNNRunConfig
from core.datasets import uploads
from core.datasets.images import digits
from core.datasets.text import HELD_OUT_LINES, UNKNOWN, parse_lines, vocabulary
from core.models.rnn import SequenceModel
from core.training.breaks import breathe
from core.training.sequence_problems import EVALUATED, Batch, Example, Shuffled

SHUFFLE_SEED = 0  # which lines validate does not depend on the run's seed


class Classification(Shuffled):
    """Sequences (N, T, features) or (N, T) with one label each; the answer is wanted after the last step."""

    every = False
    sequences: Tensor
    labels: Tensor
    validation: Tensor
    validation_labels: Tensor
    lengths: Tensor | None = None  # (N,) on the CPU
    validation_lengths: Tensor | None = None

    @property
    def steps(self) -> int:
        """Steps of the longest sequence."""
        return self.sequences.shape[1]

    @property
    def examples(self) -> int:
        """All that validate."""
        return len(self.validation)

    def example(self, index: int) -> Example:
        """One of them, without what it is filled up with."""
        length = self.steps if self.validation_lengths is None else int(self.validation_lengths[index])
        inputs = self.validation[index : index + 1, :length]
        return Example(inputs, self.validation_labels[index : index + 1], self.axis(index, length))

    def axis(self, index: int, length: int) -> list[str]:
        """Names of the steps."""
        return [str(step + 1) for step in range(length)]

    def pick(self, chosen: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        """Sequences, cut to the longest among them, and labels (B,)."""
        place = chosen.to(self.device)
        if self.lengths is None:
            return self.sequences[place], self.labels[place], None
        lengths = self.lengths[chosen]
        return self.sequences[place, : int(lengths.max())], self.labels[place], lengths

    def forward(self, model: SequenceModel, batch: Batch) -> Tensor:
        """Logits at the end, (B, classes)."""
        return model.last(batch.inputs, batch.lengths, self.config.data.bptt)

    def loss_of(self, answers: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Cross-entropy of the answer at the end."""
        return F.cross_entropy(answers, targets), (answers.argmax(1) == targets).float().mean()

    def answers(self, model: SequenceModel) -> Tensor:
        """Logits of all that validate: (V, classes)."""
        parts = []
        for chosen in torch.arange(self.examples).split(EVALUATED):
            breathe()
            lengths = None if self.validation_lengths is None else self.validation_lengths[chosen]
            most = self.steps if lengths is None else int(lengths.max())
            parts.append(model.last(self.validation[chosen.to(self.device), :most], lengths))
        return torch.cat(parts)

    def evaluate(self, model: SequenceModel) -> dict[str, float]:
        """Mean cross-entropy and share of right answers."""
        logits = self.answers(model)
        loss = F.cross_entropy(logits.double(), self.validation_labels).item()
        right = (logits.argmax(1) == self.validation_labels).sum().item()
        return {"loss": loss, "accuracy": right / self.examples}


class Digits(Classification):
    """scikit-learn's digits: 8 steps of a row of 8 pixels, or 64 steps of a pixel."""

    def __init__(self, config: RNNRunConfig) -> None:
        super().__init__(config)
        self.data = digits()
        self.inputs = 8 if config.dataset == "rows" else 1
        self.outputs, self.classes = 10, self.data.classes
        self.sequences, self.labels = self._read(self.data.train_images), self.data.train_labels.to(self.device)
        self.validation = self._read(self.data.validation_images)
        self.validation_labels = self.data.validation_labels.to(self.device)
        self.samples, self.validation_samples = len(self.sequences), len(self.validation)

    def _read(self, images: Tensor) -> Tensor:
        """Pictures (N, 1, 8, 8) as sequences (N, 8, 8) or (N, 64, 1), mean 0 and deviation 1 over the training part."""
        return self.data.normalised(images).view(len(images), -1, self.inputs).to(self.device)


class Lines(Classification):
    """A visitor's labelled lines, character by character; a fifth of a fixed shuffle validates."""

    inputs = 1

    def __init__(self, config: RNNRunConfig) -> None:
        super().__init__(config)
        found = parse_lines(uploads.read(config.data.upload))
        self.classes, self.outputs = found.classes, len(found.classes)
        self.vocabulary = vocabulary("".join(found.lines))
        self.tokens = len(self.vocabulary)
        place = {character: number for number, character in enumerate(self.vocabulary)}
        lengths = torch.tensor([len(line) for line in found.lines])
        symbols = torch.zeros(len(found.lines), int(lengths.max()), dtype=torch.int64)
        for row, line in zip(symbols, found.lines, strict=True):
            row[: len(line)] = torch.tensor([place.get(character, 0) for character in line])
        labels = torch.tensor(found.labels)
        order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(SHUFFLE_SEED))
        held = max(1, round(HELD_OUT_LINES * len(labels)))
        train, validation = order[:-held], order[-held:]
        self.sequences, self.labels = symbols[train].to(self.device), labels[train].to(self.device)
        self.validation, self.validation_labels = (
            symbols[validation].to(self.device),
            labels[validation].to(self.device),
        )
        self.lengths, self.validation_lengths = lengths[train], lengths[validation]
        self.samples, self.validation_samples = len(train), held

    def axis(self, index: int, length: int) -> list[str]:
        """The characters."""
        return list(self.text(index))

    def text(self, index: int) -> str:
        """Validation line ``index``; characters outside the vocabulary as one symbol."""
        length = int(self.validation_lengths[index]) if self.validation_lengths is not None else 0
        return "".join(self.vocabulary[symbol] for symbol in self.validation[index, :length].tolist()) or UNKNOWN
