"""A few steps of a run of every family, for tests of what looks into any network."""

from __future__ import annotations

from typing import Any

from core.config import load
from core.training.task import make_task

SMALL: dict[str, dict[str, Any]] = {
    "cnn": {"page": "cnn", "dataset": "digits", "batch_size": 32},
    "mlp": {"page": "mlp"},
    "rnn_forecast": {
        "page": "rnn",
        "dataset": "sunspots",
        "data": {"length": 12},
        "model": {"cell": "gru", "hidden": 8},
    },
    "rnn_rows": {"page": "rnn", "dataset": "rows", "model": {"cell": "lstm", "hidden": 8}},
    "rnn_copy": {"page": "rnn", "dataset": "copy", "data": {"length": 6}, "model": {"cell": "rnn_tanh", "hidden": 8}},
    "rnn_stdlib": {"page": "rnn", "dataset": "stdlib", "data": {"length": 16}, "model": {"cell": "lstm", "hidden": 8}},
    "gan_ring": {"page": "gan", "dataset": "ring"},
    "gan_digits": {"page": "gan", "dataset": "digits", "conditional": True},
}


def task(name: str, steps: int = 3, **changed: Any) -> Any:
    """The task of ``SMALL[name]`` after ``steps`` optimiser steps."""
    made = make_task(load(SMALL[name] | changed).resolved(device="cpu", threads=1))
    made.single = True
    batches = made.batches(1)
    while made.step < steps:
        if (batch := next(batches, None)) is None:
            made.end_epoch(made.epoch, made.evaluate())
            batches = made.batches(made.epoch + 1)
        else:
            made.training_step(batch)
    return made
