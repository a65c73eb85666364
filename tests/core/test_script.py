"""The exported script prints the run's losses to the last digit."""

from __future__ import annotations

import subprocess
import sys

import pytest

from core.config import OPTIMIZERS, RunConfig, load
from core.export.script import standalone_script
from core.training.events import Edit, Metrics
from core.training.loop import train
from core.training.task import make_task, versions


def run_of(config: RunConfig, edits: dict[int, float], steps: int) -> list[str]:
    """The lines a script should print, from the loop itself."""
    lines, loop = [], train(make_task(config), config.epochs)
    event = next(loop)
    while event is not None:
        reply = None
        if isinstance(event, Metrics):
            name = "validation  step" if event.split == "validation" else "step"
            values = "  ".join(f"{key} {value!r}" for key, value in event.values.items())
            lines.append(f"{name} {event.step}  epoch {event.epoch}  {values}")
            if event.split == "train" and event.step in edits:
                reply = [Edit("optimizer.learning_rate", edits[event.step])]
            if event.split == "train" and event.step == steps and steps % 23:  # in the middle of an epoch
                break
        event = next(loop, None) if reply is None else loop.send(reply)
    return lines


def printed(script: str, tmp_path) -> list[str]:
    path = tmp_path / "run.py"
    path.write_text(script)
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def check(values, edits, steps, tmp_path):
    config = load(values).resolved(device="cpu", threads=1)
    listed = [{"step": step, "name": "optimizer.learning_rate", "value": rate} for step, rate in edits.items()]
    script = standalone_script(config, listed, steps, versions(), "finished")
    assert "livetorch" not in script.replace("LiveTorch", "")
    assert printed(script, tmp_path) == run_of(config, edits, steps)


def test_a_whole_run_with_dropout_and_changes(tmp_path):
    model = {
        "blocks": [{"channels": 8, "stride": 2}, {"channels": 8, "pooling": "average", "activation": "gelu"}],
        "dropout": 0.3,
    }
    check({"epochs": 3, "model": model, "seed": 5}, {4: 0.01, 30: 0.0005}, 69, tmp_path)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_stopped_run_with_every_optimizer(optimizer, tmp_path):
    rate = 0.05 if optimizer == "sgd" else 0.002
    check({"optimizer": {"name": optimizer, "learning_rate": rate, "weight_decay": 0.001}}, {}, 7, tmp_path)


def test_a_script_for_torchvision_data_is_valid_python():
    config = load({"dataset": "fashion_mnist"}).resolved(device="cpu", threads=2)
    script = standalone_script(config, [], 3, versions(), "stopped")
    compile(script, "script.py", "exec")
    assert "torchvision.datasets.FashionMNIST(root" in script
