"""Each optimiser against its formula, written out by hand in double precision."""

from __future__ import annotations

import math

import pytest
import torch

from core.config import OptimizerConfig
from core.training.optimizers import OPTIMIZERS

RATE, MOMENTUM, DECAY, STEPS = 0.1, 0.5, 0.01, 4


def gradient(w: float) -> float:
    """Of the loss w^2 / 2 + sin(w)."""
    return w + math.cos(w)


def sgd(w: float) -> float:
    v = 0.0
    for _ in range(STEPS):
        v = MOMENTUM * v + gradient(w) + DECAY * w
        w -= RATE * v
    return w


def adam(w: float, decoupled: bool = False) -> float:
    m = v = 0.0
    for t in range(1, STEPS + 1):
        g = gradient(w) + (0 if decoupled else DECAY * w)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        if decoupled:
            w -= RATE * DECAY * w
        w -= RATE * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return w


def adamw(w: float) -> float:
    return adam(w, decoupled=True)


def rmsprop(w: float) -> float:
    mean = buffer = 0.0
    for _ in range(STEPS):
        g = gradient(w) + DECAY * w
        mean = 0.99 * mean + 0.01 * g * g
        buffer = MOMENTUM * buffer + g / (math.sqrt(mean) + 1e-8)
        w -= RATE * buffer
    return w


def adagrad(w: float) -> float:
    total = 0.0
    for _ in range(STEPS):
        g = gradient(w) + DECAY * w
        total += g * g
        w -= RATE * g / (math.sqrt(total) + 1e-10)
    return w


FORMULAS = {"sgd": sgd, "adam": adam, "adamw": adamw, "rmsprop": rmsprop, "adagrad": adagrad}


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("start", [1.5, -2.0])
def test_an_optimizer_follows_its_formula(name, start):
    weight = torch.nn.Parameter(torch.tensor([start], dtype=torch.float64))
    optimizer = OPTIMIZERS[name]([weight], OptimizerConfig(name, RATE, MOMENTUM, DECAY))
    for _ in range(STEPS):
        optimizer.zero_grad()
        (weight**2 / 2 + weight.sin()).sum().backward()
        optimizer.step()
    assert weight.item() == pytest.approx(FORMULAS[name](start), abs=1e-12)
