"""The exported script prints the run's losses to the last digit."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from core.config import OPTIMIZERS, CNNRunConfig, load
from core.export.script import Recorded, changes_of, standalone_script
from core.training.events import Edit, Metrics
from core.training.loop import train
from core.training.task import make_task, versions


def run_of(config: CNNRunConfig, edits: list[dict[str, Any]], steps: int) -> list[str]:
    """The lines a script should print, from the loop itself."""
    lines, loop = [], train(make_task(config))
    event = next(loop)
    while event is not None:
        reply = None
        if isinstance(event, Metrics):
            name = "validation  step" if event.split == "validation" else "step"
            values = "  ".join(f"{key} {event.values[key]!r}" for key in ("loss", "accuracy"))
            lines.append(f"{name} {event.step}  epoch {event.epoch}  {values}")
            if event.split == "train" or event.step == 0:
                reply = [Edit(edit["name"], edit["value"]) for edit in edits if edit["step"] == event.step]
            if event.split == "train" and event.step == steps and steps % 23:  # in the middle of an epoch
                break
        event = loop.send(reply) if reply else next(loop, None)
    return lines


def printed(script: str, tmp_path) -> list[str]:
    path = tmp_path / "run.py"
    path.write_text(script)
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def edit(step, value, name="optimizer.learning_rate"):
    return {"step": step, "name": name, "value": value}


def check(values, edits, steps, tmp_path):
    config = load(values).resolved(device="cpu", threads=1, precision=values.get("precision", "float32"))
    script = standalone_script(config, Recorded(edits, steps, versions(), "finished"))
    assert "livetorch" not in script.replace("LiveTorch", "")
    assert printed(script, tmp_path) == run_of(config, edits, steps)


def test_a_whole_run_with_dropout_and_changes(tmp_path):
    model = {
        "blocks": [{"channels": 8, "stride": 2}, {"channels": 8, "pooling": "average", "activation": "gelu"}],
        "dropout": 0.3,
    }
    check({"epochs": 3, "model": model, "seed": 5}, [edit(4, 0.01), edit(30, 0.0005)], 69, tmp_path)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_stopped_run_with_every_optimizer(optimizer, tmp_path):
    rate = 0.05 if optimizer == "sgd" else 0.002
    check({"optimizer": {"name": optimizer, "learning_rate": rate, "weight_decay": 0.001}}, [], 7, tmp_path)


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adamw"])
def test_everything_that_can_change_is_replayed(optimizer, tmp_path):
    """Momentum from nothing, dropout from nothing, other batches in the middle of an epoch and at its end."""
    edits = [
        edit(0, 0.01, "optimizer.weight_decay"),
        edit(3, 0.4, "model.dropout"),
        edit(5, 100, "batch_size"),
        edit(18, 48, "batch_size"),
        edit(18, 0.002),
        edit(30, 0.0, "model.dropout"),
    ]
    if optimizer != "adamw":
        edits += [edit(0, 0.1, "optimizer.momentum"), edit(0, 0.0, "optimizer.momentum")]
        edits += [edit(7, 0.8, "optimizer.momentum"), edit(33, 0.0, "optimizer.momentum")]
    chosen = {"name": optimizer, "learning_rate": 0.001, "momentum": 0.0}
    check({"epochs": 3, "batch_size": 64, "optimizer": chosen}, edits, 50, tmp_path)


CHOICES = {
    "one cycle, averaged, clipped": {
        "schedule": {"name": "one_cycle"},
        "ema_decay": 0.9,
        "clip_norm": 0.5,
        "optimizer": {"name": "nadam", "learning_rate": 0.003},
    },
    "cosine, squared error, smoothed": {
        "schedule": {"name": "cosine", "warmup": 0.1},
        "loss": {"name": "mse", "label_smoothing": 0.1},
        "optimizer": {"name": "sgd", "nesterov": True, "learning_rate": 0.1},
    },
    "steps, shifted, fewer pictures": {
        "schedule": {"name": "step", "step_epochs": 1, "factor": 0.5},
        "data": {"augmentation": "shift_flip", "train_share": 0.5, "validation_share": 0.2, "label_noise": 0.1},
    },
    "stalled, residual, bfloat16": {
        "schedule": {"name": "plateau", "patience": 0, "factor": 0.5},
        "optimizer": {"learning_rate": 0.1},
        "model": {
            "blocks": [{"channels": 4, "normalization": "batch"}, {"channels": 8, "skip": True, "stride": 2}],
            "initialization": "kaiming",
        },
        "precision": "bfloat16",
    },
}


@pytest.mark.parametrize("chosen", CHOICES)
def test_every_choice_is_replayed(chosen, tmp_path):
    values = {"epochs": 3, "batch_size": 128} | CHOICES[chosen]
    check(values, [edit(3, 0.004), edit(5, 0.2, "model.dropout")], 10**6, tmp_path)


def test_clipping_and_smoothing_can_begin_on_the_way(tmp_path):
    edits = [edit(2, 0.3, "clip_norm"), edit(4, 0.1, "loss.label_smoothing"), edit(5, 0.8, "optimizer.beta1")]
    check({"epochs": 1}, [*edits, edit(6, 5, "stop.patience")], 10**6, tmp_path)


def test_changes_go_by_torchs_own_names():
    config = load({"optimizer": {"name": "sgd", "momentum": 0.0, "nesterov": True}})
    edits = [edit(1, 0.5, "optimizer.momentum"), edit(2, 0.0, "optimizer.momentum"), edit(2, 9, "stop.seconds")]
    assert changes_of(config, edits) == {
        1: {"momentum": 0.5, "nesterov": True},
        2: {"momentum": 0.0, "nesterov": False},
    }


def test_a_script_for_torchvision_data_is_valid_python():
    config = load({"dataset": "fashion_mnist"}).resolved(device="cpu", threads=2)
    script = standalone_script(config, Recorded([], 3, versions(), "stopped"))
    compile(script, "script.py", "exec")
    assert "torchvision.datasets.FashionMNIST(root" in script
