"""Why a run ends: each rule by hand, and what is said."""

from __future__ import annotations

import pytest

from core.config import load
from core.training.stops import StopRules


def test_the_target_is_reached_and_not_before():
    config, rules = load({"stop": {"target_accuracy": 0.9}}), StopRules()
    assert rules.after_epoch(config, 10, 1, {"loss": 1.0, "accuracy": 0.899}, 1.0) is None
    ended = rules.after_epoch(config, 20, 2, {"loss": 1.0, "accuracy": 0.9}, 2.5)
    assert (ended.state, ended.step) == ("finished", 20)
    sentence = ended.reason.format(**ended.values)
    assert "Reached 90.00% validation accuracy after 20 steps and 2.5 s; the target was 90 %" in sentence


def test_a_stall_counts_from_the_lowest_loss():
    config, rules = load({"stop": {"patience": 2}}), StopRules()
    losses = [1.0, 0.5, 0.6, 0.4, 0.4, 0.41]
    ended = [
        rules.after_epoch(config, 10 * epoch, epoch, {"loss": loss, "accuracy": 0.5}, 1.0)
        for epoch, loss in enumerate(losses, 1)
    ]
    assert [end is not None for end in ended] == [False, False, False, False, False, True]
    sentence = ended[-1].reason.format(**ended[-1].values)
    assert "not fallen for 2 epochs; its lowest was 0.4 in epoch 4" in sentence


def test_the_time_limit_is_looked_at_after_every_step():
    config, rules = load({"stop": {"seconds": 3}}), StopRules()
    assert rules.after_step(config, 1, 2.3, 0.1, 2.99) is None
    ended = rules.after_step(config, 2, 2.3, 0.1, 3.0)
    assert ended.state == "finished" and "limit of 3 s was reached at step 2" in ended.reason.format(**ended.values)


@pytest.mark.parametrize(
    ("loss", "became"), [(float("nan"), "not a number"), (float("inf"), "infinite"), (3e4, "3e+04")]
)
def test_divergence_names_the_rate(loss, became):
    rules = StopRules()
    assert rules.after_step(load({}), 1, 2.3, 0.5, 0.0) is None
    ended = rules.after_step(load({}), 2, loss, 0.5, 0.0)
    sentence = ended.reason.format(**ended.values)
    assert ended.state == "diverged" and became in sentence and "rate 0.5 is too large" in sentence


def test_weights_that_start_too_large_are_named_as_the_cause():
    rules, config = StopRules(), load({"model": {"initialization": "large"}})
    ended = rules.after_step(config, 1, float("inf"), 0.001, 0.0)
    assert "initial weights are far too large" in ended.reason


def test_without_rules_nothing_ends():
    rules = StopRules()
    for epoch in range(1, 300):
        assert rules.after_step(load({}), epoch, 1.0, 0.1, 1e9) is None
        assert rules.after_epoch(load({}), epoch, epoch, {"loss": 1.0, "accuracy": 1.0}, 1e9) is None
