"""What a training loop can say, and what can be changed in it. No torch, no process, no screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Started:
    """The run is set up; nothing has been learned yet."""

    parameters: int
    samples: int  # trained on
    validation_samples: int
    total_steps: int  # changes when the batch size does
    batch_size: int
    device: str
    threads: int
    precision: str
    start: str  # checksum of the initial weights; runs with the same one start alike
    shape: tuple[int, ...]  # of a picture: (C, H, W)
    classes: tuple[str, ...]
    versions: dict[str, str]


@dataclass(frozen=True)
class Metrics:
    """Numbers of one step (split ``train``) or one evaluation (split ``validation``)."""

    split: str
    step: int  # optimiser steps finished
    epoch: int  # epoch the step belongs to, from 1
    values: dict[str, float]  # e.g. {"loss": 2.3, "accuracy": 0.1}
    progress: float = 0.0  # epochs trained so far, e.g. 1.25


@dataclass(frozen=True)
class Edited:
    """A value was changed between two steps; it holds from step ``step + 1`` on."""

    step: int
    name: str  # dotted config path, e.g. "optimizer.learning_rate"
    value: Any


@dataclass(frozen=True)
class Ended:
    """The loop is over: ``finished`` or ``diverged``, with a reason as template and values."""

    state: str
    step: int
    reason: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Edit:
    """Asks the loop to change a value before its next step."""

    name: str
    value: Any


Event = Started | Metrics | Edited | Ended
