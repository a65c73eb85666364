"""What the exported script says about itself is true: formatting, tolerance, where it ends."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from core.config import load
from core.export.script import Recorded, standalone_script
from core.training.events import Ended, Metrics
from core.training.loop import train
from core.training.task import make_task, versions


@pytest.fixture(autouse=True)
def threads_kept():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def lines_of(script: str, folder) -> list[str]:
    path = folder / "run.py"
    path.write_text(script)
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, cwd=folder, check=True)
    return done.stdout.splitlines()


def first_losses(threads: int, count: int, **values) -> list[float]:
    config = load(values | {"device": "cpu", "threads": threads})
    losses: list[float] = []
    for event in train(make_task(config)):
        if isinstance(event, Metrics) and event.split == "train":
            losses.append(event.values["loss"])
            if len(losses) == count:
                break
    return losses


@pytest.mark.parametrize("rate", [0.01, 0.1])
def test_another_number_of_threads_gives_the_same_loss_for_ten_steps(rate):
    optimizer = {"name": "sgd", "learning_rate": rate}
    one, two = (first_losses(threads, 10, optimizer=optimizer) for threads in (1, 2))
    assert one == pytest.approx(two, abs=1e-3)


def test_two_threads_are_repeated_to_the_last_digit_as_well(tmp_path):
    script = standalone_script(load({"device": "cpu", "threads": 2}), Recorded([], 12, versions(), "stopped"))
    printed = [float(line.split()[5]) for line in lines_of(script, tmp_path) if line.startswith("step")]
    assert printed == first_losses(2, 12)


def test_a_diverged_run_ends_where_it_diverged(tmp_path):
    """The batch of 479 makes three steps an epoch, so that divergence in an epoch's last step is met too."""
    ends = set()
    for rate in (1e2, 1e10):
        config = load(
            {"device": "cpu", "threads": 1, "batch_size": 479, "optimizer": {"name": "sgd", "learning_rate": rate}}
        )
        events = list(train(make_task(config)))
        assert isinstance(events[-1], Ended) and events[-1].state == "diverged"
        script = standalone_script(
            config, Recorded([], events[-1].step, versions(), "diverged", validated=events[-2].split == "validation")
        )
        expected = [(event.split, event.step) for event in events if isinstance(event, Metrics)]
        words = [line.split() for line in lines_of(script, tmp_path)]
        found = [("validation", int(w[2])) if w[0] == "validation" else ("train", int(w[1])) for w in words]
        assert found == expected
        ends.add(events[-1].step % 3)
    assert ends == {0, 2}


@pytest.mark.parametrize("dataset", ["digits", "mnist"])
@pytest.mark.parametrize("state", ["finished", "diverged"])
@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_the_script_is_formatted_as_ruff_would(dataset, state, optimizer):
    values = {
        "dataset": dataset,
        "optimizer": {"name": optimizer},
        "model": {"dropout": 0.5, "blocks": [{"skip": True, "normalization": "batch", "channels": 8}]},
        "data": {"augmentation": "shift_flip", "label_noise": 0.1, "train_share": 0.5, "validation_share": 0.1},
        "schedule": {"name": "plateau" if optimizer == "adam" else "one_cycle"},
        "loss": {"name": "mse" if state == "finished" else "cross_entropy"},
        "ema_decay": 0.9,
        "clip_norm": 1.0,
        "precision": "bfloat16" if state == "finished" else "float32",
        "device": "cpu",
        "threads": 1,
    }
    changed = {"optimizer.learning_rate": 0.01, "optimizer.weight_decay": 1e-5, "batch_size": 7, "model.dropout": 0.5}
    if optimizer == "rmsprop":
        changed["optimizer.momentum"] = 0.5
    edits = [{"step": step, "name": name, "value": value} for step in (3, 4) for name, value in changed.items()]
    run = Recorded(edits, 5, versions(), state, validated=state == "finished")
    script = standalone_script(load(values), run)
    options = ["--isolated", "--line-length", "120", "--stdin-filename", "run.py", "-"]
    for command in (["format", "--check"], ["check", "--select", "E,F,I,UP,B,SIM"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *options], input=script, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
