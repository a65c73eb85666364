"""Compiled steps give the eager numbers up to rounding, also while settings change; without a compiler, a sentence."""

from __future__ import annotations

import pytest

from core.errors import ConfigError
from core.training.task import make_task
from tests.core.mlp.runs import config, events, numbers

pytest.importorskip("torch._inductor")


def edit(step, name, value):
    return {"step": step, "name": name, "value": value}


def close(values, edits=(), relative=1e-4):
    eager = numbers(events(config(**values), list(edits)), "validation")
    compiled = numbers(events(config(mode="compiled", **values), list(edits)), "validation")
    assert compiled.keys() == eager.keys() and compiled != eager
    assert list(compiled.values()) == pytest.approx(list(eager.values()), rel=relative)


def test_the_default_network_with_changes_on_the_way():
    edits = [
        edit(250, "optimizer.learning_rate", 0.01),
        edit(500, "poke", [0, 1, 0, 0.5]),
        edit(750, "optimizer.weight_decay", 0.001),  # no longer the plain update, which is compiled along
    ]
    close({"epochs": 50}, edits)


def test_penalties_skips_and_another_optimizer():
    values = {
        "epochs": 20,
        "dataset": "spiral",
        "data": {"classes": 3, "samples": 110},  # 55 trained on: the last batch is not compiled
        "model": {"layers": [{"neurons": 6, "activation": "gelu"}] * 2, "skip": True},
        "loss": {"name": "cross_entropy"},
        "penalty": {"l1": 0.001, "l2": 0.001},
        "optimizer": {"name": "adam", "learning_rate": 0.003},
    }
    close(values)


def test_without_a_compiler_there_is_a_sentence(monkeypatch):
    from torch._inductor import cpp_builder, exc

    def missing():
        raise exc.InvalidCxxCompiler

    monkeypatch.setattr(cpp_builder, "get_cpp_compiler", missing)
    with pytest.raises(ConfigError, match="this machine has none") as refused:
        make_task(config(mode="compiled"))
    assert refused.value.field == "mode"
