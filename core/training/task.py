"""What a loop needs to know about the thing it trains, and the tasks by page."""

from __future__ import annotations

import importlib
import platform
from collections.abc import Iterator
from typing import Any, Protocol

from core.config import RunConfig
from core.errors import ConfigError
from core.i18n import N_
from core.training.events import Edit, Started


class Task(Protocol):
    """A model with its data, its loss and its optimiser. One for each kind of page."""

    config: RunConfig  # resolved, with every change that was made so far
    step: int  # optimiser steps taken

    def started(self) -> Started:
        """What is to be trained, before the first step."""

    def batches(self, epoch: int) -> Iterator[Any]:
        """The batches of one epoch (from 1), in an order that depends on the seed alone."""

    def training_step(self, batch: Any) -> dict[str, float]:
        """Forward, backward, update; returns the batch's metrics, ``loss`` among them."""

    def evaluate(self) -> dict[str, float]:
        """Metrics on data that is not trained on. Draws no random numbers."""

    def end_epoch(self, epoch: int, validation: dict[str, float]) -> None:
        """An epoch is over and validated."""

    def apply(self, edit: Edit) -> None:
        """Change a value between two steps; optimiser state is kept. Raises ConfigError."""

    def steps_left(self) -> int:
        """Optimiser steps to the end at the present batch size."""

    @property
    def learning_rate(self) -> float:
        """The rate the next step will use."""

    @property
    def progress(self) -> float:
        """Epochs trained so far, e.g. 1.25; a whole number at the end of an epoch."""


TASKS = {"cnn": "core.training.classification:ImageClassification"}


def make_task(config: RunConfig) -> Task:
    """Seed torch, set its threads, build the page's task. ``config`` leaves nothing to the machine."""
    import torch

    from core.training.precision import set_precision

    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    set_precision(config)
    module, name = TASKS[config.page].split(":")
    task: Task = getattr(importlib.import_module(module), name)(config)
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
