"""The update meter: ratios that can be worked out by hand, and nothing where nobody asked."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from core.training.updates import MOST_POINTS, UpdateMeter


def linear(weight: list[list[float]], bias: list[float]) -> nn.Linear:
    layer = nn.Linear(len(weight[0]), len(bias))
    layer.weight.data, layer.bias.data = torch.tensor(weight), torch.tensor(bias)
    return layer


def stepped(meter: UpdateMeter, optimizer: torch.optim.Optimizer, step: int = 1) -> None:
    with meter.measuring(step):
        optimizer.step()


def test_sgd_moves_a_layer_by_rate_times_gradient():
    """|w| = |(3, 4, 0)| = 5, |g| = |(2, 1, 2)| = 3, so the ratio is 0.1 x 3 / 5."""
    layer = linear([[3.0, 4.0]], [0.0])
    meter = UpdateMeter([("dense1", layer), ("dense1.activation", nn.ReLU())])
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    layer(torch.tensor([[1.0, 0.5]])).mul(2).sum().backward()  # gradients (2, 1) and 2
    meter.wanted = True
    stepped(meter, optimizer, step=7)
    (point,) = meter.points
    assert meter.names == ["dense1"]
    assert point.step == 7
    assert point.weight == [5.0]
    assert point.gradient == [3.0]
    assert point.ratio == [pytest.approx(0.06, rel=1e-6)]
    assert meter.wanted is False


def test_nothing_is_measured_unless_wanted():
    layer = linear([[1.0]], [1.0])
    meter = UpdateMeter([("logits", layer)])
    optimizer = torch.optim.SGD(layer.parameters(), lr=1.0)
    layer(torch.ones(1, 1)).sum().backward()
    stepped(meter, optimizer)
    assert meter.points == []
    assert layer.weight.item() == 0.0  # the step was taken


def test_zero_weights_and_missing_gradients_have_no_ratio_and_no_norm():
    still, zero = linear([[2.0]], [0.0]), linear([[0.0]], [0.0])
    meter = UpdateMeter([("still", still), ("zero", zero)])
    optimizer = torch.optim.SGD([*still.parameters(), *zero.parameters()], lr=1.0)
    zero(torch.ones(1, 1)).sum().backward()
    meter.wanted = True
    stepped(meter, optimizer)
    (point,) = meter.points
    assert point.ratio[0] == 0.0 and math.isnan(point.ratio[1])
    assert math.isnan(point.gradient[0]) and point.gradient[1] == pytest.approx(math.sqrt(2))
    assert point.weight == [2.0, 0.0]


def test_huge_weights_do_not_overflow():
    layer = linear([[3e30, 4e30]], [0.0])
    meter = UpdateMeter([("logits", layer)])
    meter.wanted = True
    stepped(meter, torch.optim.SGD(layer.parameters(), lr=1.0))
    assert meter.points[0].weight == [pytest.approx(5e30, rel=1e-6)]


def test_a_step_that_fails_is_not_recorded():
    meter = UpdateMeter([("logits", linear([[1.0]], [1.0]))])
    meter.wanted = True
    with pytest.raises(RuntimeError, match="no memory"), meter.measuring(1):
        raise RuntimeError("no memory")
    assert meter.points == [] and meter.wanted


def test_the_history_is_thinned_and_keeps_its_first_and_last_step():
    layer = linear([[1.0]], [0.0])
    meter = UpdateMeter([("logits", layer)])
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.0)
    for step in range(1, MOST_POINTS + 2):
        meter.wanted = True
        stepped(meter, optimizer, step)
    steps = [point.step for point in meter.points]
    assert steps == [*range(1, MOST_POINTS, 2), MOST_POINTS + 1]
