"""What a loop needs to know about the thing it trains, and how one is made."""

from __future__ import annotations

import platform
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.config import RunConfig
from core.errors import ConfigError
from core.families import FAMILIES, found
from core.i18n import N_
from core.training.events import Edit, Started

if TYPE_CHECKING:
    from torch import Tensor


class Task(ABC):
    """A model with its data, its loss and its optimiser. One for each kind of page."""

    config: Any  # its family's RunConfig: resolved, with every change that was made so far
    step: int = 0  # optimiser steps taken
    classes: Sequence[str] = ()  # names of what it tells apart
    single: bool = False  # whoever drives the loop wants to hear after every single step
    look_seconds: float = 0.5  # looks at it are renewed no more often than this
    look_share: float = 0.04  # of the run's time that renewing may take

    @abstractmethod
    def started(self) -> Started:
        """What is to be trained, before the first step."""

    @abstractmethod
    def batches(self, epoch: int) -> Iterator[Any]:
        """The batches of one epoch (from 1), in an order that depends on the seed alone.

        Where steps are tiny, what is yielded may stand for several of them, at most the rest of the epoch; for one
        while :attr:`single`.
        """

    @abstractmethod
    def training_step(self, batch: Any) -> dict[str, float]:
        """Forward, backward, update; returns the batch's metrics, ``loss`` among them, or nothing to be recorded."""

    def validates(self, epoch: int) -> bool:
        """Whether the end of this epoch is worth an evaluation; the last one always is."""
        return True

    @abstractmethod
    def evaluate(self) -> dict[str, float]:
        """Metrics on data that is not trained on, ``loss`` among them. Draws no random numbers."""

    @abstractmethod
    def end_epoch(self, epoch: int, validation: dict[str, float]) -> None:
        """An epoch is over; ``validation`` is empty where it was not evaluated."""

    @abstractmethod
    def apply(self, edit: Edit) -> None:
        """Change a value between two steps; optimiser state is kept. Raises ConfigError."""

    @abstractmethod
    def steps_left(self) -> int:
        """Optimiser steps to the end at the present batch size."""

    @property
    @abstractmethod
    def learning_rate(self) -> float:
        """The rate the next step will use."""

    @property
    @abstractmethod
    def progress(self) -> float:
        """Epochs trained so far, e.g. 1.25; a whole number at the end of an epoch."""

    @abstractmethod
    def weights(self) -> Mapping[str, Tensor]:
        """What is kept of the network when the run is over, by name; on any device."""

    @property
    def version(self) -> tuple[int, ...]:
        """What looks depend on: another one, and what was seen is seen anew."""
        return (self.step,)


def make_task(config: RunConfig) -> Task:
    """Seed torch, set its threads, build the page's task. ``config`` leaves nothing to the machine."""
    import torch

    from core.training.precision import set_precision

    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    set_precision(config)
    task: Task = found(FAMILIES[config.page].task)(config)
    return task


def resolve(config: RunConfig, threads: int) -> RunConfig:
    """``config`` with the device and precision that will be used and, where it left them open, ``threads``.

    Raises :class:`ConfigError` for a device or precision that this machine does not have.
    """
    import torch

    from core.training.precision import resolve_precision

    device = config.device
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise ConfigError("device", N_("This machine has no GPU that PyTorch can use. Choose the CPU."))
    precision = resolve_precision(config.precision, device)
    return config.resolved(device=device, threads=config.threads or threads, precision=precision)


def versions() -> dict[str, str]:
    """Versions on which the last digits depend."""
    import torch

    return {"python": platform.python_version(), "torch": torch.__version__}
