"""The next character of a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from core.config.rnn import RNNRunConfig
from core.datasets.text import entropies, load_text, vocabulary
from core.errors import ConfigError
from core.i18n import N_
from core.models.rnn import SequenceModel, detached
from core.training.breaks import breathe
from core.training.sequence_problems import Batch, Example, Position, Shuffled, bits

STREAM = 500  # characters that one stream of the held-out text has, where the hidden state is carried
PIECES = 20  # of the held-out text, for looking at
SHOWN = 100  # characters of an example


@lru_cache(maxsize=2)
def encoded(content: str, symbols: str) -> Tensor:
    """The place in ``symbols`` of every character, 0 for those that are not in it: (N,) int64."""
    codes = np.frombuffer(content.encode("utf-32-le"), np.uint32)
    known = np.frombuffer(symbols.encode("utf-32-le"), np.uint32)
    order = known.argsort()
    at = order[np.searchsorted(known, codes, sorter=order).clip(max=len(known) - 1)]
    return torch.from_numpy(np.where(known[at] == codes, at, 0).astype(np.int64))


class Characters(Shuffled):
    """Pieces of a text; after every character the next one is wanted.

    With a carried state the text is cut into as many streams as a batch has sequences, which are read side by
    side, piece by piece. The last tenth validates, cut into streams or pieces in the same way.
    """

    inputs = 1
    every = True

    def __init__(self, config: RNNRunConfig) -> None:
        super().__init__(config)
        text = load_text(config.dataset, config.data)
        self.sha256 = text.sha256
        self.vocabulary = vocabulary(text.content)
        self.tokens = self.outputs = len(self.vocabulary)
        self.held_out = text.content[text.split :]
        symbols = encoded(text.content, self.vocabulary)
        self.symbols = symbols[: text.split].to(self.device)  # (N,)
        self.validation = symbols[text.split :].to(self.device)
        self.samples = (len(self.symbols) - 1) // self.steps
        self.validation_samples = len(self.validation)
        self.entropies = entropies(self.held_out)
        self.check_size(config.batch_size)

    def check_size(self, size: int) -> None:
        """There must be a piece to learn, and in a carried run one for each stream; else :class:`ConfigError`."""
        needed = size * self.steps if self.config.data.carry else self.steps
        if len(self.symbols) <= needed:
            raise ConfigError(
                "batch_size" if self.config.data.carry else "data.length",
                N_(
                    "The text has {count:,} characters to train on; {size:,} streams of at least {length} do not fit. Take smaller batches, shorter pieces or a longer text."
                ),
                count=len(self.symbols),
                size=size if self.config.data.carry else 1,
                length=self.steps,
            )

    @property
    def steps(self) -> int:
        """Characters of a piece."""
        return self.config.data.length

    @property
    def examples(self) -> int:
        """Pieces of the held-out text."""
        return max(1, min(PIECES, (len(self.validation) - 1) // SHOWN))

    def example(self, index: int) -> Example:
        """Characters of the held-out text, (1, 100) at most, and those one later."""
        piece = self.validation[index * SHOWN : (index + 1) * SHOWN + 1]
        shown = self.held_out[index * SHOWN : (index + 1) * SHOWN]
        return Example(piece[None, :-1], piece[None, 1:], list(shown[: len(piece) - 1]))

    def batches(self, size: Callable[[], int], order: Generator, position: Position) -> Iterator[Batch]:
        """Pieces in random order, or streams side by side; then another batch size holds from the next epoch."""
        if not self.config.data.carry:
            yield from super().batches(size, order, position)
            return
        if not position:
            self.state = None
            position |= {"streams": size(), "read": 0}
        streams = position["streams"]
        length = (len(self.symbols) - 1) // streams
        inputs = self.symbols[: streams * length].view(streams, length)
        targets = self.symbols[1 : streams * length + 1].view(streams, length)
        whole = -(-length // self.steps)
        parts = zip(inputs.split(self.steps, 1), targets.split(self.steps, 1), strict=True)
        for number, (piece, wanted) in islice(enumerate(parts), position["read"], None):
            position["read"] = number + 1
            yield Batch(piece, wanted, number, number + 1, whole)

    def pick(self, chosen: Tensor) -> tuple[Tensor, Tensor, None]:
        """Pieces and the same one character later, (B, T) each."""
        places = chosen.to(self.device)[:, None] * self.steps + torch.arange(self.steps, device=self.device)
        return self.symbols[places], self.symbols[places + 1], None

    def left(self, seen: int, whole: int, size: int) -> int:
        """Streams go on as they were cut."""
        return whole - seen if self.config.data.carry else super().left(seen, whole, size)

    def steps_per_epoch(self, size: int) -> int:
        """Batches of pieces, or pieces of a stream."""
        if not self.config.data.carry:
            return super().steps_per_epoch(size)
        return -(-((len(self.symbols) - 1) // size) // self.steps)

    def forward(self, model: SequenceModel, batch: Batch) -> Tensor:
        """Logits of the next character after every one, (B, T, characters); a carried state goes on from here."""
        logits, state = model.each(batch.inputs, self.state, self.config.data.bptt)
        if self.config.data.carry:
            self.state = detached(state)
        return logits

    def loss_of(self, answers: Tensor, targets: Tensor) -> tuple[Tensor, None]:
        """Mean -log probability of the next character, in nats."""
        return F.cross_entropy(answers.flatten(0, 1), targets.flatten()), None

    def metrics(self, loss: float, accuracy: float | None) -> dict[str, float]:
        """The loss in bits, too."""
        return {"loss": loss, "bits_per_character": bits(loss)}

    def evaluate(self, model: SequenceModel) -> dict[str, float]:
        """The same over the held-out text."""
        steps = STREAM if self.config.data.carry else self.steps
        rows = max(1, (len(self.validation) - 1) // steps)
        length = min(steps, len(self.validation) - 1)
        inputs = self.validation[: rows * length].view(rows, length)
        targets = self.validation[1 : rows * length + 1].view(rows, length)
        total = 0.0
        for piece, wanted in zip(inputs.split(128), targets.split(128), strict=True):
            breathe()
            logits, _state = model.each(piece)
            total += F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), reduction="sum").item()
        loss = total / (rows * length)
        return {"loss": loss, "bits_per_character": bits(loss)}
