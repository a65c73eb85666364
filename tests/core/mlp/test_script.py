"""The exported script prints the run's recorded numbers to the last digit."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from typing import Any

import pytest

from core.config import OPTIMIZERS, MLPRunConfig
from core.export.mlp_script import plane_script
from core.export.recorded import Recorded
from core.training.events import Metrics
from core.training.playground import recorded
from core.training.task import versions
from tests.core.mlp.runs import DRAWN, config, events


def lines_of(said: list[Any], settings: MLPRunConfig) -> list[str]:
    """What the script should print, from the loop itself."""
    names = ("loss", "accuracy") if settings.task == "classification" else ("loss",)

    def values(event: Metrics) -> str:
        return " ".join(f"{name} {event.values[name]!r}" for name in names)

    points = [event for event in said if isinstance(event, Metrics) and event.values]
    tested = {event.step: event for event in points if event.split == "validation"}
    lines = [f"epoch 0  test {values(tested[0])}"]
    for event in points:
        whole = event.split == "train" and event.progress == event.epoch
        if whole and recorded(event.epoch, settings.epochs) and event.step in tested:
            lines.append(f"epoch {event.epoch}  train {values(event)}  test {values(tested[event.step])}")
    return lines


def printed(script: str, tmp_path=None) -> list[str]:
    """In a process of its own where there is a folder; else here, which is quicker."""
    assert "import livetorch" not in script and "core." not in script
    if tmp_path is None:
        with contextlib.redirect_stdout(io.StringIO()) as file:
            exec(compile(script, "run.py", "exec"), {"__name__": "__main__"})
        return file.getvalue().splitlines()
    path = tmp_path / "run.py"
    path.write_text(script)
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def check(settings: MLPRunConfig, edits=(), steps=None, single=(), tmp_path=None) -> None:
    said = events(settings, list(edits), steps, single)
    last = max(event.step for event in said if isinstance(event, Metrics))
    script = plane_script(settings, Recorded(list(edits), last, versions(), "finished"))
    expected = lines_of(said, settings)
    assert len(expected) > 2
    assert printed(script, tmp_path) == expected


def edit(step: int, name: str, value: Any) -> dict[str, Any]:
    return {"step": step, "name": name, "value": value}


def test_the_default_run_in_a_process_of_its_own(tmp_path):
    check(config(epochs=20), tmp_path=tmp_path)


SETTINGS = {
    "spiral of five, cross-entropy, Adam, cosine": {
        "dataset": "spiral",
        "data": {"classes": 5, "noise": 0.1},
        "loss": {"name": "cross_entropy"},
        "optimizer": {"name": "adam", "learning_rate": 0.01},
        "schedule": {"name": "cosine", "warmup": 0.1},
        "model": {"layers": [{"neurons": 8, "activation": "relu"}] * 2, "skip": True, "initialization": "kaiming"},
    },
    "batch normalisation with a last single point": {
        "data": {"samples": 242},  # 121 of them trained on
        "model": {"layers": [{"neurons": 5, "activation": "elu"}] * 2, "normalization": "batch", "dropout": 0.2},
        "loss": {"name": "bce"},
    },
    "layer normalisation, hinge, clipped, one cycle": {
        "dataset": "moons",
        "model": {"layers": [{"neurons": 6, "activation": "gelu"}] * 2, "normalization": "layer"},
        "loss": {"name": "hinge"},
        "clip_norm": 0.1,
        "schedule": {"name": "one_cycle"},
    },
    "regression, stalled, all inputs, both penalties": {
        "dataset": "multi_gauss",
        "features": {name: True for name in ("x1_squared", "x2_squared", "product", "sin_x1", "sin_x2")},
        "penalty": {"l1": 0.001, "l2": 0.001},
        "schedule": {"name": "plateau", "patience": 0, "factor": 0.5},
        "optimizer": {"name": "sgd", "learning_rate": 0.5},
    },
    "points set by hand, three classes, squared error": {
        "dataset": "drawn",
        "data": {"points": [*DRAWN, [0.0, 4.0, 2], [0.2, 4.5, 2]], "classes": 3},
        "batch_size": 2,
        "penalty": {"l2": 0.01},
    },
    "slope without hidden layers": {"dataset": "plane", "model": {"layers": []}, "penalty": {"l1": 0.01}},
    "two clouds": {"dataset": "gaussians", "data": {"noise": 0.3, "seed": 4}, "seed": 2},
    "exclusive or, too small": {"dataset": "xor", "model": {"initialization": "small"}},
}


@pytest.mark.parametrize("values", SETTINGS.values(), ids=SETTINGS)
def test_what_a_run_uses_is_in_its_script(values):
    check(config(epochs=6, **values))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_stopped_run_with_every_optimizer(optimizer):
    chosen = {"name": optimizer, "learning_rate": 0.01, "weight_decay": 0.001}
    check(config(epochs=9, optimizer=chosen, data={"samples": 100}), steps=33, single=range(29, 40))


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adamw"])
def test_everything_that_can_change_is_replayed(optimizer):
    """In the middle of an epoch and at its end; several weights at one step; momentum from nothing."""
    edits = [
        edit(0, "optimizer.weight_decay", 0.01),
        edit(0, "poke", [1, 1, 3, 2.0]),
        edit(3, "model.dropout", 0.4),
        edit(4, "poke", [0, 2, -1, -1.5]),
        edit(4, "poke", [2, 0, 1, 0.75]),
        edit(6, "batch_size", 7),
        edit(20, "penalty.l2", 0.02),
        edit(20, "optimizer.learning_rate", 0.002),
        edit(21, "penalty.l1", 0.01),
        edit(22, "clip_norm", 0.05),
        edit(30, "model.dropout", 0.0),
        edit(33, "penalty.l1", 0.0),
    ]
    if optimizer != "adamw":
        edits += [edit(7, "optimizer.momentum", 0.8), edit(40, "optimizer.momentum", 0.0)]
    edits.sort(key=lambda one: one["step"])
    chosen = {"name": optimizer, "learning_rate": 0.01, "momentum": 0.0}
    settings = config(epochs=9, optimizer=chosen, data={"samples": 100})
    check(settings, edits, single=range(10_000))


@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_points_set_by_hand_on_the_way_are_replayed(normalization):
    more, fewer = [*DRAWN, [4.0, 4.0, 0], [4.5, 4.0, 0], [4.0, 4.5, 0]], DRAWN[:5]
    edits = [
        edit(0, "data.points", more),
        edit(2, "data.points", fewer),
        edit(4, "data.points", DRAWN),
        edit(4, "poke", [0, 0, 0, 1.0]),
        edit(9, "data.points", more),
    ]
    data = {"points": DRAWN, "train_share": 0.7}
    settings = config(dataset="drawn", data=data, batch_size=2, epochs=7, model={"normalization": normalization})
    check(settings, edits, single=range(10_000))


def test_a_script_is_plain_and_holds_only_what_its_run_uses():
    script = plane_script(config(), Recorded([], 10, versions(), "stopped"))
    for word in ("Dropout", "penalty", "factor", "EDITS", "clip", ": int", "-> ", "xor", "initialise"):
        assert word not in script, word
    assert "def circles(count, noise, draw):" in script
    compile(script, "run.py", "exec")
    assert "rounds differently" in plane_script(config(mode="compiled"), Recorded([], 10, versions(), "stopped"))
