"""Each optimiser against its formula, written out by hand in double precision."""

from __future__ import annotations

import math

import pytest
import torch

from core.config import OPTIMIZER_CONSTANTS, OptimizerConfig
from core.config import OPTIMIZERS as NAMES
from core.training.optimizers import OPTIMIZERS, make_optimizer, set_constants

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


def nadam(w: float) -> float:
    m = v = 0.0
    product = 1.0
    for t in range(1, STEPS + 1):
        g = gradient(w) + DECAY * w
        now, after = (0.9 * (1 - 0.5 * 0.96 ** (0.004 * at)) for at in (t, t + 1))
        product *= now
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        size = math.sqrt(v / (1 - 0.999**t)) + 1e-8
        w -= RATE * ((1 - now) / (1 - product) * g + after / (1 - product * after) * m) / size
    return w


def radam(w: float) -> float:
    m = v = 0.0
    for t in range(1, STEPS + 1):  # with beta2 = 0.999 the first five steps are not rectified
        g = gradient(w) + DECAY * w
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        w -= RATE * m / (1 - 0.9**t)
    return w


def adamax(w: float) -> float:
    m = u = 0.0
    for t in range(1, STEPS + 1):
        g = gradient(w) + DECAY * w
        m, u = 0.9 * m + 0.1 * g, max(0.999 * u, abs(g) + 1e-8)
        w -= RATE / (1 - 0.9**t) * m / u
    return w


def adadelta(w: float) -> float:
    v = u = 0.0
    for _ in range(STEPS):
        g = gradient(w) + DECAY * w
        v = 0.9 * v + 0.1 * g * g
        update = math.sqrt(u + 1e-6) / math.sqrt(v + 1e-6) * g
        u = 0.9 * u + 0.1 * update * update
        w -= RATE * update
    return w


FORMULAS = {
    "sgd": sgd,
    "adam": adam,
    "adamw": adamw,
    "nadam": nadam,
    "radam": radam,
    "adamax": adamax,
    "rmsprop": rmsprop,
    "adagrad": adagrad,
    "adadelta": adadelta,
}


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("start", [1.5, -2.0])
def test_an_optimizer_follows_its_formula(name, start):
    weight = torch.nn.Parameter(torch.tensor([start], dtype=torch.float64))
    config = OptimizerConfig(name, RATE, MOMENTUM, weight_decay=DECAY)
    optimizer = make_optimizer([weight], config)
    for _ in range(STEPS):
        optimizer.zero_grad()
        (weight**2 / 2 + weight.sin()).sum().backward()
        optimizer.step()
    assert weight.item() == pytest.approx(FORMULAS[name](start), abs=1e-8)  # torch keeps one number of NAdam in float32


def test_nesterov_looks_ahead_by_hand():
    weight = torch.nn.Parameter(torch.tensor([2.0], dtype=torch.float64))
    optimizer = make_optimizer([weight], OptimizerConfig("sgd", 0.1, 0.5, nesterov=True))
    (weight**2 / 2).sum().backward()
    optimizer.step()
    assert weight.item() == pytest.approx(2.0 - 0.1 * (2.0 + 0.5 * 2.0))


def test_nesterov_without_momentum_is_plain_descent():
    assert OptimizerConfig("sgd", momentum=0.0, nesterov=True).constants() == {"momentum": 0.0, "weight_decay": 0.0}
    optimizer = make_optimizer([torch.nn.Parameter(torch.zeros(1))], OptimizerConfig("sgd", nesterov=True))
    assert optimizer.param_groups[0]["nesterov"]
    set_constants(optimizer, OptimizerConfig("sgd", momentum=0.0, nesterov=True))
    assert not optimizer.param_groups[0]["nesterov"]


def test_the_names_offered_are_the_optimizers_there_are():
    assert set(NAMES) == set(OPTIMIZERS) == set(OPTIMIZER_CONSTANTS)
