"""Networks that the machine cannot hold are refused with the field to change, before anything is allocated."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
import torch

from core.config import CNNConfig, ConvBlock, load
from core.errors import ConfigError
from core.models.cnn import layer_specs
from core.models.table import layer_table, most_alive
from core.training.task import make_task, resolve

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


def test_bfloat16_needs_half_the_memory(monkeypatch):
    monkeypatch.setenv("LIVETORCH_RUN_MEMORY_MB", "150")
    values = {"dataset": "mnist", "device": "cpu", "model": WIDE, "batch_size": 1}
    assert layer_table(values | {"precision": "bfloat16"})["parameters"]
    with pytest.raises(ConfigError):
        layer_table(values | {"precision": "float32"})


def test_inside_a_residual_the_input_waits():
    """1 x 8 x 8 = 64 numbers in; 4 maps: 256. Without a skip two such sets exist at once, with one the input as well."""
    block = ConvBlock(4, convolutions=2, activation="none")
    plain = layer_specs(CNNConfig(blocks=(ConvBlock(4), block), hidden=()), (1, 8, 8), 10)
    skip = layer_specs(CNNConfig(blocks=(ConvBlock(4), replace(block, skip=True)), hidden=()), (1, 8, 8), 10)
    assert most_alive(plain, 64) == 2 * 256
    assert most_alive(skip, 64) == 3 * 256


def test_a_smaller_training_set_may_need_less_memory():
    values = {"dataset": "mnist", "device": "cpu", "model": WIDE, "batch_size": 4096}
    assert layer_table(values | {"data": {"train_share": 0.01}})["parameters"]  # 600 pictures at once, not 4,096


@pytest.mark.parametrize(
    ("model", "count"),
    [
        ({"blocks": [{"channels": 512, "padding": 5, "kernel_size": 1}], "hidden": [4096]}, r"3,0\d\d,\d{3},\d{3}"),
        (
            {"blocks": [{"channels": 512, "convolutions": 4, "kernel_size": 11, "padding": 5, "skip": True}] * 8},
            r"\d{3},\d{3},\d{3}",
        ),
    ],
)
def test_a_giant_is_refused_before_anything_is_allocated(model, count):
    began = time.monotonic()
    with pytest.raises(ConfigError, match=rf"{count} parameters; 10,000,000 are allowed"):
        layer_table({"dataset": "mnist", "model": model})
    assert time.monotonic() - began < 1.0


def test_a_gpu_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match="no GPU"):
        resolve(load({"device": "cuda"}), threads=1)
