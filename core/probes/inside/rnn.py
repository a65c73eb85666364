"""A recurrent network of the RNN page with a sequence of its data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from core.models.rnn import SequenceModel
from core.probes.arguments import one_of, whole
from core.probes.inside import Inside
from core.training.sequence_problems import Batch, Problem

if TYPE_CHECKING:
    from core.probes.rnn.subject import SequenceSubject

PARTS = ("network",)


class Answering(SequenceModel):
    """The layers of another network, the very same ones, answering at the end or after every step as its task wants."""

    def __init__(self, model: SequenceModel, problem: Problem, lengths: Tensor | None = None) -> None:
        nn.Module.__init__(self)
        self.embedding, self.rnn, self.dropout, self.head = model.embedding, model.rnn, model.dropout, model.head
        self.every, self.lengths = problem.every, lengths

    def forward(self, inputs: Tensor) -> Tensor:
        """(B, T, features) or (B, T) -> (B, T, outputs) or (B, outputs)"""
        return self.each(inputs)[0] if self.every else self.last(inputs, self.lengths)


def inside(subject: SequenceSubject, part: str, example: int, count: int, split: str) -> Inside:
    """See :func:`core.probes.inside.inside`. A hidden state begins at zero; gradients go back through all steps."""
    one_of("part", part or PARTS[0], PARTS)
    problem = subject.problem
    count = whole("count", count, 1, 1024)
    if split == "train":
        batch = _training(problem, example, count)
    else:
        whole("example", example, 0, problem.examples - 1)
        batch = _validation(problem, example, count)
    axis = problem.example(min(example, problem.examples - 1)).axis if split == "validation" else []
    return _inside(subject, batch, axis)


def _inside(subject: SequenceSubject, batch: Batch, axis: list[str]) -> Inside:
    problem = subject.problem
    return Inside(
        model=Answering(subject.model, problem, batch.lengths),
        inputs=batch.inputs,
        target=batch.targets,
        loss_of=lambda answers: problem.loss_of(answers, batch.targets)[0],
        parts=PARTS,
        part=PARTS[0],
        outputs=tuple(problem.classes or problem.vocabulary),
        kind="sequence",
        names=_names(problem, batch),
        examples=problem.examples,
        steps=tuple(axis),
        ending=lambda steps: _inside(subject, _last(batch, problem, steps), axis[-steps:]),
    )


def _last(batch: Batch, problem: Problem, steps: int) -> Batch:
    """The last ``steps`` of sequences, and what is wanted in them."""
    targets = batch.targets[:, -steps:] if problem.every else batch.targets
    return Batch(batch.inputs[:, -steps:], targets, batch.before, batch.seen, batch.whole)


def _training(problem: Problem, first: int, count: int) -> Batch:
    """The first batch of an epoch in the order of seed ``first``, drawn without touching the run's own."""
    draw = torch.Generator().manual_seed(first)
    kept = problem.state
    batch = next(iter(problem.batches(lambda: count, draw, {})))
    problem.state = kept
    return batch


def _validation(problem: Problem, first: int, count: int) -> Batch:
    """Validation sequences of one length: those after ``first`` that are as long."""
    found = [problem.example(first)]
    for place in range(first + 1, min(first + count, problem.examples)):
        other = problem.example(place)
        if other.inputs.shape == found[0].inputs.shape and other.targets.shape == found[0].targets.shape:
            found.append(other)
    inputs, targets = torch.cat([one.inputs for one in found]), torch.cat([one.targets for one in found])
    return Batch(inputs, targets, 0, 1, 1)


def _names(problem: Problem, batch: Batch) -> tuple[str, ...]:
    if problem.classes and batch.targets.dim() == 1:
        return tuple(problem.classes[label] for label in batch.targets.tolist())
    return tuple("" for _one in range(len(batch.inputs)))
