"""The exported script prints the run's numbers to the last digit."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from core.config import load
from core.config.rnn import RNNRunConfig
from core.export.recorded import Recorded
from core.export.rnn_script import sequence_script
from core.training.events import Edit, Metrics
from core.training.loop import train
from core.training.task import make_task, versions
from tests.core.rnn.uploads import UPLOADS, uploaded

PRINTED = {"train": ("loss", "accuracy"), "validation": ("loss", "accuracy", "bits_per_character", "mase")}


def config(dataset: str, values: dict[str, Any]) -> RNNRunConfig:
    data = {"length": 8, "upload": uploaded(dataset)} | values.get("data", {})
    model = {"hidden": 6, "embedding": 4} | values.get("model", {})
    made = {"page": "rnn", "dataset": dataset, "epochs": 2} | values | {"data": data, "model": model}
    return load(made).resolved(device="cpu", threads=1, precision=values.get("precision", "float32"))


def run_of(settings: RNNRunConfig, edits: list[dict[str, Any]], steps: int) -> tuple[list[str], bool]:
    """The lines a script should print, from the loop itself, and whether the last epoch was validated."""
    lines, task = [], make_task(settings)
    loop = train(task)
    event: Any = next(loop)
    while event is not None:
        reply = None
        if isinstance(event, Metrics):
            name = "validation  step" if event.split == "validation" else "step"
            said = [f"{key} {event.values[key]!r}" for key in PRINTED[event.split] if key in event.values]
            lines.append(f"{name} {event.step}  epoch {event.epoch}  {'  '.join(said)}")
            if event.split == "train" or event.step == 0:
                reply = [Edit(edit["name"], edit["value"]) for edit in edits if edit["step"] == event.step]
            if event.split == "train" and event.step == steps:
                return lines, False
        event = loop.send(reply) if reply else next(loop, None)
    return lines, True


def edit(step, value, name="optimizer.learning_rate"):
    return {"step": step, "name": name, "value": value}


WHOLE = {
    "sunspots": {"model": {"cell": "gru"}, "data": {"bptt": 3}, "schedule": {"name": "one_cycle"}},
    "series": {"data": {"difference": True, "carry": True}, "schedule": {"name": "plateau", "patience": 0}},
    "text": {"data": {"carry": True, "bptt": 3}, "batch_size": 7, "model": {"layers": 2, "dropout": 0.2}},
    "rows": {"model": {"bidirectional": True, "cell": "rnn_tanh"}, "batch_size": 200},
    "lines": {"model": {"bidirectional": True, "layers": 2, "dropout": 0.3}, "schedule": {"name": "cosine"}},
    "adding": {"batch_size": 4, "epochs": 1, "model": {"cell": "rnn_relu"}, "clip_norm": 0.0},
}


CHANGED = {
    "copy": {"data": {"items": 3}, "schedule": {"name": "step", "step_epochs": 1}},
    "co2": {"optimizer": {"name": "rmsprop", "learning_rate": 0.003, "momentum": 0.0}},
    "lines": {"data": {"bptt": 4}, "model": {"cell": "gru"}, "batch_size": 16},
    "text": {"data": {"length": 12}},
}


EDITS = [edit(0, 0.01, "optimizer.weight_decay"), edit(2, 0.2, "model.dropout"), edit(3, 5, "batch_size")]
EDITS += [edit(4, 0.0, "clip_norm"), edit(5, 0.3, "clip_norm"), edit(5, 0.002), edit(5, 3, "stop.patience")]
CARRIED = {"data": {"carry": True, "length": 40}, "batch_size": 8, "epochs": 3}
CASES = {f"whole {dataset}": (dataset, values, [], 10**6) for dataset, values in WHOLE.items()}
CASES |= {f"changed {dataset}": (dataset, values, EDITS, 20) for dataset, values in CHANGED.items()}
CASES |= {
    "momentum from nothing": ("co2", CHANGED["co2"], [edit(6, 0.8, "optimizer.momentum")], 9),
    "other streams from the next epoch": ("text", CARRIED, [edit(3, 5, "batch_size")], 10**6),
    "the standard library": ("stdlib", {"data": {"length": 100, "carry": True}, "batch_size": 200}, [], 2),
}
RUN_ALL = """
import contextlib, pathlib, runpy, sys
for path in sorted(pathlib.Path().glob("*/run.py")):
    sys.argv = [str(path), str(path.with_name("file.txt"))]
    with open(path.with_name("printed.txt"), "w") as file, contextlib.redirect_stdout(file):
        runpy.run_path(str(path), run_name="__main__")
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """All cases' scripts, run by one Python of their own: (expected, printed) lines of each."""
    folder, expected = tmp_path_factory.mktemp("scripts"), {}
    for number, (name, (dataset, values, edits, steps)) in enumerate(CASES.items()):
        settings = config(dataset, values)
        expected[name], validated = run_of(settings, edits, steps)
        script = sequence_script(settings, Recorded(edits, steps, versions(), "finished", validated))
        assert "livetorch" not in script.replace("LiveTorch", "")
        place = folder / f"{number:02d}"
        place.mkdir()
        (place / "run.py").write_text(script)
        (place / "file.txt").write_text(UPLOADS.get(dataset, ""))
    done = subprocess.run([sys.executable, "-c", RUN_ALL], capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return {
        name: (expected[name], (folder / f"{number:02d}" / "printed.txt").read_text().splitlines())
        for number, name in enumerate(CASES)
    }


@pytest.mark.parametrize("name", CASES)
def test_the_script_repeats_the_run(name, ran):
    expected, printed = ran[name]
    assert len(expected) > 2
    assert printed == expected


def test_a_script_refuses_another_file(tmp_path):
    script = sequence_script(config("text", {}), Recorded([], 3, versions(), "stopped"))
    (tmp_path / "run.py").write_text(script)
    (tmp_path / "other.txt").write_text("another text")
    done = subprocess.run([sys.executable, "run.py", "other.txt"], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1 and done.stderr.startswith("This is another file")
