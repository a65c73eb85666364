"""What a look may use of a run of the RNN page, live or over."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from core.config.rnn import RNNRunConfig
from core.errors import LiveTorchError
from core.i18n import N_
from core.models.rnn import SequenceModel
from core.models.unrolled import Pass, unrolled
from core.probes import pictures
from core.probes.arguments import whole
from core.probes.subject import Subject
from core.training.assessment import looking
from core.training.sequence_problems import Example, Problem
from core.training.sequences import make_model, make_problem

MOST_STEPS = 200  # of a sequence that is shown


class SequenceSubject(Subject, Protocol):
    """A recurrent network with its sequences, between two steps."""

    @property
    def config(self) -> RNNRunConfig:
        """Resolved: nothing is left to the machine's choice."""

    @property
    def problem(self) -> Problem:
        """The data of the run."""

    @property
    def model(self) -> SequenceModel:
        """The network, on ``config.device``."""


class SequenceRest:
    """What is left of a run that is over."""

    def __init__(self, config: RNNRunConfig, problem: Problem, model: SequenceModel, step: int) -> None:
        self.config, self.problem, self.model, self.step = config, problem, model, step

    @property
    def version(self) -> tuple[int, ...]:
        """It changes no more."""
        return (self.step,)


def sequence_rest(config: RNNRunConfig, weights: dict[str, Tensor], step: int) -> SequenceRest:
    """What is left of a run of the RNN page. Raises ``RuntimeError`` for weights of another network."""
    problem = make_problem(config)
    model = make_model(config, problem)
    model.load_state_dict(weights)
    return SequenceRest(config, problem, model, step)


def example_of(subject: SequenceSubject, index: object) -> Example:
    """Validation sequence ``index``, its first 200 steps. Raises :class:`LiveTorchError` where there is none."""
    example = subject.problem.example(whole("index", index, 0, subject.problem.examples - 1))
    return Example(example.inputs[:, :MOST_STEPS], example.targets, example.axis[:MOST_STEPS])


def layer_of(subject: SequenceSubject, layer: object) -> int:
    """``layer`` where the network has it."""
    return whole("layer", layer, 0, subject.config.model.layers - 1)


def passes(subject: SequenceSubject, example: Example, layer: int) -> tuple[Pass, ...]:
    """What happens in layer ``layer`` over the example, forward and perhaps backward; without gradients."""
    with looking(subject.model):
        return unrolled(subject.model.rnn, subject.model.vectors(example.inputs), layer)[-1]


def assessed(subject: SequenceSubject) -> dict[str, float]:
    """What the last evaluation found; made now where there was none. For the inside of ``looking``."""
    problem = subject.problem
    if problem.latest is None:
        problem.latest = problem.evaluate(subject.model)
    return problem.latest


def numbers(values: Tensor) -> list[float | None]:
    """All of them in a row, with six significant digits; nothing in place of what is not finite."""
    return pictures.numbers(values.detach().double().cpu().flatten().tolist())


def only(subject: SequenceSubject, kinds: tuple[str, ...]) -> None:
    """Raises :class:`LiveTorchError` where the run has another kind of data."""
    if subject.config.kind not in kinds:
        raise LiveTorchError(N_("This view belongs to other data than this run has. Reload the page."))


def probabilities(logits: Tensor) -> Tensor:
    """float32 on the CPU."""
    return torch.softmax(logits.float(), -1).cpu()
