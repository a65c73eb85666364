"""What is taken away: the training script prints the run's losses to the last digit, the other one predicts the same."""

from __future__ import annotations

import ast
import contextlib
import io
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from core.backbones.registry import BACKBONES
from core.config.transfer import TransferRunConfig
from core.export.predict_script import predict_script_of
from core.export.recorded import Recorded
from core.export.transfer_script import transfer_script
from core.export.transfer_zip import folder_name, write_zip
from core.models.formula import FormulaNet
from core.pictures.files import path_of
from core.pictures.sets import read_set
from core.probes.transfer.unseen import one_picture
from core.runs.weights import weights_of
from core.training.events import Edit, Edited, Metrics
from core.training.loop import train
from core.training.task import make_task, versions
from tests.core.transfer import standin

RECIPE = "=Own~hflip_0.5~rotate_1_-20_20_black"


def trained(settings, edits: tuple[dict[str, Any], ...] = ()) -> tuple[Any, list[Any]]:
    """The task at its end, and what the loop said; ``edits`` are made after their steps."""
    task = make_task(settings)
    loop, said, waiting = train(task), [], list(edits)
    event = next(loop)
    while True:
        said.append(event)
        due = [
            one
            for one in waiting
            if isinstance(event, Metrics) and event.split == "train" and one["step"] == event.step
        ]
        waiting = [one for one in waiting if one not in due]
        try:
            event = loop.send(
                [Edit(one["name"], one["value"]) for one in due] if not isinstance(event, Edited) else None
            )
        except StopIteration:
            return task, said


def lines_of(said: list[Any]) -> list[str]:
    points = [event for event in said if isinstance(event, Metrics)]
    return [
        f"{'validation  ' * (one.split == 'validation')}step {one.step}  epoch {one.epoch}  "
        f"loss {one.values['loss']!r}  accuracy {one.values['accuracy']!r}"
        for one in points
    ]


def unpacked(task, said, tmp_path, edits=()) -> Path:
    """The zip of a run, in a folder."""
    last = max(event.step for event in said if isinstance(event, Metrics))
    script = transfer_script(task_config(task, edits), Recorded(list(edits), last, versions(), "finished"))
    weights, folder = tmp_path / "weights.safetensors", tmp_path / "taken"
    weights.write_bytes(weights_of(task))
    file = io.BytesIO()
    write_zip(file, task.config, read_set(task.config.pictures), script, weights)
    zipfile.ZipFile(file).extractall(folder)
    return folder


def task_config(task, edits):
    """The settings a run was started with, which its script begins from."""
    config = task.config
    for one in edits:
        config = config.with_value(one["name"], STARTED[one["name"]])
    return config


STARTED = {"optimizer.learning_rate": 0.001, "model.dropout": 0.2, "batch_size": 4}


def printed(path: Path, *arguments: str, monkeypatch) -> list[str]:
    """What a script prints, run here: a process of its own would not know the tiny backbone."""
    script = path.read_text()
    assert "livetorch_tiny" in script and "import core" not in script and "from core" not in script
    monkeypatch.setattr(sys, "argv", [str(path), *arguments])
    with contextlib.redirect_stdout(io.StringIO()) as file:
        exec(compile(script, str(path), "exec"), {"__name__": "__main__", "__file__": str(path)})
    return file.getvalue().splitlines()


CASES: dict[str, dict[str, Any]] = {
    "head": {},
    "hidden": {
        "model": {"hidden": 6, "dropout": 0.3},
        "optimizer": {"name": "sgd", "learning_rate": 0.05, "momentum": 0.9},
    },
    "recipe": {"recipe": RECIPE, "draws": 2, "schedule": {"name": "one_cycle"}},
    "finetune": {"mode": "finetune", "blocks": 1, "decay": 0.3, "recipe": RECIPE, "clip_norm": 1.0},
    "scratch": {"mode": "scratch", "recipe": RECIPE + "~-mixup_0.4", "schedule": {"name": "cosine"}, "seed": 5},
    "squared": {"loss": {"name": "mse", "label_smoothing": 0.1}, "schedule": {"name": "plateau"}},
}


@pytest.mark.parametrize("case", CASES)
def test_the_training_script_repeats_the_run_to_the_last_digit(case, tmp_path, monkeypatch):
    task, said = trained(standin.config(standin.kept(), **CASES[case]))
    folder = unpacked(task, said, tmp_path)
    assert printed(folder / "train.py", monkeypatch=monkeypatch) == lines_of(said)


def test_what_was_changed_by_hand_is_repeated(tmp_path, monkeypatch):
    edits = (
        {"step": 2, "name": "optimizer.learning_rate", "value": 0.02},
        {"step": 4, "name": "model.dropout", "value": 0.5},
        {"step": 5, "name": "batch_size", "value": 3},
    )
    settings = standin.config(standin.kept(), model={"dropout": 0.2}, optimizer={"learning_rate": 0.001})
    task, said = trained(settings, edits)
    folder = unpacked(task, said, tmp_path, edits)
    assert printed(folder / "train.py", monkeypatch=monkeypatch) == lines_of(said)


@pytest.mark.parametrize("mode", ["head", "finetune", "scratch"])
def test_the_other_script_predicts_what_the_page_says(mode, tmp_path, monkeypatch):
    settings = standin.config(standin.kept(), mode=mode, optimizer={"learning_rate": 0.02})
    task, said = trained(settings)
    folder = unpacked(task, said, tmp_path)
    new = standin.picture((90, 60, 190), seed=9, side=40)
    (line,) = printed(folder / "predict.py", str(path_of(new)), monkeypatch=monkeypatch)
    found = line.removeprefix(str(path_of(new))).split()
    shown = one_picture(task, sha=new)
    for name, share in zip(found[::2], found[1::2], strict=True):
        assert float(share) == pytest.approx(shown["probabilities"][shown["classes"].index(name)], abs=2e-6)


def test_the_other_script_reads_what_phones_send_where_it_can(tmp_path, monkeypatch):
    heif = pytest.importorskip("pillow_heif")
    task, said = trained(standin.config(standin.kept()))
    folder, photo = unpacked(task, said, tmp_path), tmp_path / "phone.heic"
    heif.from_pillow(Image.new("RGB", (64, 48), (200, 40, 40))).save(photo, quality=90)
    (line,) = printed(folder / "predict.py", str(photo), monkeypatch=monkeypatch)
    assert line.startswith(str(photo)) and len(line.removeprefix(str(photo)).split()) == 2 * len(task.data.classes)


def test_classes_become_folders_on_any_system():
    assert folder_name("../../etc/passwd") == "etc-passwd"
    assert folder_name("Käfer / Bienen") == "Käfer---Bienen"
    assert folder_name("???") == "class"


def test_the_offline_backbone_of_a_script_gives_the_same_features(tmp_path):
    """Its network's code is copied into the script, beside functions of the script's own."""
    script = predict_script_of(TransferRunConfig(backbone="formula"))
    names = [part.name for part in ast.parse(script).body if isinstance(part, ast.FunctionDef | ast.ClassDef)]
    assert len(names) == len(set(names))
    found: dict[str, Any] = {"__name__": "script", "__file__": str(tmp_path / "predict.py")}
    exec(compile(script, "predict.py", "exec"), found)
    weights = Path(__file__).resolve().parents[3] / "assets" / "backbones" / "formula.safetensors"
    shutil.copy(weights, tmp_path)
    own = FormulaNet().eval()
    own.load_state_dict(load_file(weights))
    pixels = torch.randint(0, 256, (2, 3, 64, 64), dtype=torch.uint8)
    images = found["normalised"](pixels)
    with torch.inference_mode():
        assert torch.equal(found["build_backbone"]().features(images), own.features(images))
    photo = Image.new("RGB", (300, 200), (9, 99, 199))
    assert found["middle"](photo).shape == (3, BACKBONES["formula"].side, BACKBONES["formula"].side)
