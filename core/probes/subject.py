"""What a look may use of a run: the task of a run that is on, or what is left of one that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from torch import nn

from core.datasets import spec_of
from core.models.cnn import layer_specs, named_leaves
from core.training.assessment import Assessment, assess

if TYPE_CHECKING:
    from core.config import CNNRunConfig
    from core.datasets.images import ImageData
    from core.training.updates import UpdateMeter

ASSESSED_ANEW = 1000  # so many validation pictures are answered again at every look


class Subject(Protocol):
    """A network between two steps, of whatever family."""

    @property
    def config(self) -> Any:
        """Its family's RunConfig, resolved: nothing is left to the machine's choice."""

    @property
    def step(self) -> int:
        """Optimiser steps taken."""

    @property
    def version(self) -> tuple[int, ...]:
        """What an answer depends on: another one, and what was seen is seen anew."""


class ImageSubject(Subject, Protocol):
    """A classifier with its pictures, between two steps."""

    assessment: Assessment | None  # the newest answers to the whole validation part

    @property
    def config(self) -> CNNRunConfig:
        """Resolved: nothing is left to the machine's choice."""

    @property
    def data(self) -> ImageData:
        """The pictures of the run, on the CPU."""

    @property
    def step(self) -> int:
        """Optimiser steps taken."""

    @property
    def evaluated(self) -> nn.Module:
        """The network that validates, on ``config.device``: the averaged weights where there are any."""

    @property
    def meter(self) -> UpdateMeter | None:
        """Measures updates; nothing where no more steps are taken."""


def named_layers(subject: ImageSubject) -> list[tuple[str, nn.Module]]:
    """Names and modules of all leaf layers of the network that validates, in the order of the layer table."""
    spec = spec_of(subject.config)
    layers = layer_specs(subject.config.model, spec.shape, len(spec.classes), editable=True)
    return named_leaves(subject.evaluated, layers)


def assessed(subject: ImageSubject) -> Assessment:
    """Answers to the whole validation part: of this very step where there are few pictures, else the last ones."""
    last = subject.assessment
    few = len(subject.data.validation_images) <= ASSESSED_ANEW
    if last is None or (few and last.step != subject.step):
        last = assess(subject.evaluated, subject.data, subject.config.device, subject.step)
        subject.assessment = last  # several looks at one step share it
    return last
