"""Networks that the machine cannot hold are refused with the field to change, before anything is allocated."""

from __future__ import annotations

import time

import pytest
import torch

from core.config import load
from core.errors import ConfigError
from core.models.table import layer_table
from core.training.task import make_task

WIDE = {"blocks": [{"channels": 256, "kernel_size": 3, "padding": 1}] * 4, "hidden": []}


def test_a_batch_too_large_for_memory_is_refused_at_once():
    values = {"dataset": "mnist", "device": "cpu", "threads": 1, "model": WIDE, "batch_size": 4096}
    for refused in (lambda: layer_table(values), lambda: make_task(load(values))):
        began = time.monotonic()
        with pytest.raises(ConfigError, match=r"4,096 pictures needs at least 12,\d{3} MB") as error:
            refused()
        assert error.value.field == "batch_size"
        assert time.monotonic() - began < 1.0
    assert layer_table(values | {"batch_size": 64})["parameters"] > 3_000_000


def test_evaluation_too_large_for_memory_is_refused(monkeypatch):
    monkeypatch.setenv("LIVETORCH_RUN_MEMORY_MB", "150")
    values = {"dataset": "mnist", "device": "cpu", "model": WIDE, "batch_size": 1}
    with pytest.raises(ConfigError, match="Evaluating this network needs at least 196 MB") as error:
        layer_table(values)
    assert error.value.field == "model.blocks"


def test_a_gpu_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match="no GPU"):
        make_task(load({"device": "cuda", "threads": 1}))
