"""What a loop needs to know about the thing it trains, and how one is made."""

from __future__ import annotations

import platform
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from core.config import RunConfig
from core.errors import ConfigError
from core.families import FAMILIES, found
from core.i18n import N_
from core.training.events import Edit, Started

if TYPE_CHECKING:
    from torch import Generator, Tensor, nn
    from torch.optim import Optimizer

    from core.training.past import Past
    from core.training.schedules import Plateau


class Task(ABC):
    """A model with its data, its loss and its optimiser. One for each kind of page."""

    config: Any  # its family's RunConfig: resolved, with every change that was made so far
    step: int = 0  # optimiser steps taken
    epoch: int = 0  # the epoch that is running, or else the last one that ended
    open: bool = False  # whether it is running: its batches have begun, its end has not been told
    edits_made: int = 0  # changes made so far
    plateau: Plateau
    past: Past | None = None  # where it was brought back to one of its moments: the others
    classes: Sequence[str] = ()  # names of what it tells apart
    single: bool = False  # whoever drives the loop wants to hear after every single step
    most: int = 10**9  # steps that what is yielded may stand for
    place: ClassVar[tuple[str, ...]] = ()  # names of the attributes that say how far the running epoch is
    look_seconds: float = 0.5  # looks at it are renewed no more often than this
    look_share: float = 0.04  # of the run's time that renewing may take

    @abstractmethod
    def started(self) -> Started:
        """What is to be trained, before the first step."""

    def batches(self, epoch: int) -> Iterator[Any]:
        """The batches of one epoch (from 1), in an order that depends on the seed alone; of a running one the rest.

        Where steps are tiny, what is yielded may stand for several of them, at most the rest of the epoch or
        :attr:`most`; for one while :attr:`single`.
        """
        if not self.open or epoch != self.epoch:
            self.epoch, self.open = epoch, True
            self.begin_epoch()
        yield from self.rest_of_epoch()

    @abstractmethod
    def begin_epoch(self) -> None:
        """Draw the order of :attr:`epoch`."""

    @abstractmethod
    def rest_of_epoch(self) -> Iterator[Any]:
        """Its batches that have not been trained on."""

    @abstractmethod
    def training_step(self, batch: Any) -> dict[str, float]:
        """Forward, backward, update; returns the batch's metrics, ``loss`` among them, or nothing to be recorded."""

    def validates(self, epoch: int) -> bool:
        """Whether the end of this epoch is worth an evaluation; the last one always is."""
        return True

    @abstractmethod
    def evaluate(self) -> dict[str, float]:
        """Metrics on data that is not trained on, ``loss`` among them. Draws no random numbers."""

    def end_epoch(self, epoch: int, validation: dict[str, float]) -> None:
        """An epoch is over; ``validation`` is empty where it was not evaluated. Lets the schedule know how it went."""
        if self.config.schedule.name == "plateau":
            self.plateau.see((validation or self.evaluate())["loss"], epoch)
        self.open = False

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

    def about(self) -> Mapping[str, Any]:
        """What else must be known to use the weights without this run, JSON-ready: how inputs are prepared."""
        return {}

    @abstractmethod
    def networks(self) -> Mapping[str, nn.Module]:
        """Everything with weights or buffers that training changes."""

    @abstractmethod
    def optimizers(self) -> Mapping[str, Optimizer]:
        """What changes them."""

    @abstractmethod
    def generators(self) -> Mapping[str, Generator]:
        """Its own sources of random numbers, beside torch's global one."""

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
