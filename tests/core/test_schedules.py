"""Schedules against torch's own, and the rule that waits for a stall against ReduceLROnPlateau."""

from __future__ import annotations

import warnings

import pytest
import torch
from torch.optim import lr_scheduler

from core.config import SCHEDULES as NAMES
from core.config import ScheduleConfig, load
from core.training.schedules import SCHEDULES, Plateau, planned_rates

STEPS, EPOCHS = 40, 10


def torchs(make) -> list[float]:
    """The rates torch's scheduler gives ``STEPS`` steps of an optimiser with rate 1."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(optimizer)
    rates = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no optimiser step is taken here
        for _step in range(STEPS):
            rates.append(optimizer.param_groups[0]["lr"])
            scheduler.step()
    return rates


def ours(name: str, **constants) -> list[float]:
    schedule = ScheduleConfig(name, **constants)
    return [SCHEDULES[name](schedule, step / STEPS, EPOCHS) for step in range(STEPS)]


def test_cosine_is_torchs():
    expected = torchs(lambda o: lr_scheduler.CosineAnnealingLR(o, STEPS, eta_min=0.01))
    assert ours("cosine", warmup=0.0, floor=0.01) == pytest.approx(expected, abs=1e-12)


def test_linear_is_torchs():
    expected = torchs(lambda o: lr_scheduler.LinearLR(o, start_factor=1.0, end_factor=0.05, total_iters=STEPS))
    assert ours("linear", warmup=0.0, floor=0.05) == pytest.approx(expected, abs=1e-12)
    risen = ours("linear", warmup=0.2, floor=0.1)
    assert risen[:8] == ours("warmup", warmup=0.2)[:8]
    assert risen[8] == 1.0
    assert risen[24] == pytest.approx((1 + 0.1) / 2)


def test_steps_are_torchs():
    per_epoch = STEPS // EPOCHS
    expected = torchs(lambda o: lr_scheduler.StepLR(o, 3 * per_epoch, gamma=0.1))
    assert ours("step", step_epochs=3, factor=0.1) == pytest.approx(expected, abs=1e-12)


def test_warm_up_is_torchs():
    expected = torchs(lambda o: lr_scheduler.LinearLR(o, start_factor=1 / 25, total_iters=8))
    assert ours("warmup", warmup=0.2) == pytest.approx(expected, abs=1e-12)


def test_one_cycle_is_torchs_but_for_where_its_last_step_lies():
    """torch counts STEPS - 1 intervals, we count STEPS, so the curves are laid over one another by share."""
    schedule = ScheduleConfig("one_cycle", warmup=0.25, floor=0.04)
    expected = torchs(
        lambda o: lr_scheduler.OneCycleLR(o, 1.0, total_steps=STEPS + 1, pct_start=10.0 / STEPS, final_div_factor=1.0)
    )
    assert expected[0] == pytest.approx(SCHEDULES["one_cycle"](schedule, 0.0, EPOCHS))
    peak = max(range(STEPS), key=lambda step: SCHEDULES["one_cycle"](schedule, step / STEPS, EPOCHS))
    assert peak == 10 and abs(max(range(STEPS), key=expected.__getitem__) - peak) <= 1
    assert SCHEDULES["one_cycle"](schedule, 1.0, EPOCHS) == pytest.approx(0.04)
    assert SCHEDULES["one_cycle"](schedule, 0.625, EPOCHS) == pytest.approx((1 + 0.04) / 2)  # halfway down


def test_a_stall_lowers_the_rate_when_torchs_rule_does():
    losses = [1.0, 0.8, 0.8, 0.79999, 0.9, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7]
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    reference = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=2)
    plateau, found, expected = Plateau(ScheduleConfig("plateau", factor=0.5, patience=2)), [], []
    for epoch, loss in enumerate(losses, 1):
        plateau.see(loss, epoch)
        reference.step(loss)
        found.append(plateau.factor)
        expected.append(optimizer.param_groups[0]["lr"])
    assert found == expected
    assert expected[-1] < 0.5


@pytest.mark.parametrize("name", NAMES)
def test_every_schedule_can_be_drawn(name):
    config = load({"schedule": {"name": name}, "optimizer": {"learning_rate": 0.5}, "epochs": 20})
    rates = planned_rates(config)
    assert rates[0][0] == 0.0 and rates[-1][0] == 20.0
    assert all(0 < rate <= 0.5 for _epoch, rate in rates)
    assert max(rate for _epoch, rate in rates) == pytest.approx(0.5, rel=0.01)


def test_the_names_offered_are_the_schedules_there_are():
    assert set(NAMES) == set(SCHEDULES)
