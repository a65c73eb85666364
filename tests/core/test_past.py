"""The time machine: a step of the past is what it was, to the last bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from core.config import load
from core.errors import LiveTorchError
from core.training import past
from core.training.events import Edit, Edited, Ended, Metrics
from core.training.loop import train
from core.training.moments import capture, packed, put_back, unpacked
from core.training.past import Past
from core.training.past_names import moment_name
from core.training.task import make_task

RUNS: dict[str, dict[str, Any]] = {
    "cnn": {
        "page": "cnn",
        "dataset": "digits",
        "batch_size": 100,
        "epochs": 3,
        "model": {"dropout": 0.2},
        "ema_decay": 0.9,
    },
    "cnn_plateau": {
        "page": "cnn",
        "dataset": "digits",
        "batch_size": 200,
        "epochs": 4,
        "schedule": {"name": "plateau", "patience": 0},
    },
    "mlp": {"page": "mlp", "epochs": 12, "optimizer": {"name": "adam"}},
    "mlp_drawn": {
        "page": "mlp",
        "dataset": "drawn",
        "data": {"points": [[-2.0, 1.0, 0], [2.0, 1.5, 1]] * 15},
        "epochs": 40,
    },
    "mlp_dropout": {"page": "mlp", "epochs": 12, "model": {"dropout": 0.3, "normalization": "batch"}},
    "rnn_rows": {
        "page": "rnn",
        "dataset": "rows",
        "epochs": 3,
        "batch_size": 100,
        "model": {"cell": "lstm", "hidden": 8, "dropout": 0.2, "layers": 2},
    },
    "rnn_carry": {
        "page": "rnn",
        "dataset": "stdlib",
        "epochs": 2,
        "batch_size": 500,
        "data": {"length": 40, "carry": True},
        "model": {"cell": "gru", "hidden": 8},
    },
    "rnn_adding": {
        "page": "rnn",
        "dataset": "adding",
        "epochs": 2,
        "batch_size": 16,
        "data": {"length": 6},
        "model": {"cell": "rnn_tanh", "hidden": 8},
    },
    "gan": {
        "page": "gan",
        "epochs": 1,
        "batch_size": 64,
        "generator": {"hidden": [16]},
        "discriminator": {"hidden": [16], "spectral_norm": True},
    },
    "gan_digits": {"page": "gan", "dataset": "digits", "epochs": 3, "batch_size": 300, "conditional": True},
}
CHANGES = {  # after how many steps what is changed
    "cnn": [(3, "optimizer.learning_rate", 0.01), (20, "batch_size", 64), (20, "model.dropout", 0.5)],
    "mlp": [(7, "batch_size", 20)],
    "mlp_drawn": [
        (60, "data.points", [[-1.0, 2.0, 0], [1.0, -2.0, 1], [3.0, 3.0, 1], [-3.0, 1.0, 0]] * 5),
    ],
    "rnn_rows": [(4, "clip_norm", 0.5), (16, "batch_size", 37)],
    "gan": [(5, "optimizer.learning_rate", 0.0005), (9, "steps_d", 2)],
}
LONGEST = 90


def lived(name: str, folder: Path, every: int) -> tuple[Any, list[dict[str, Any]], dict[int, dict[str, torch.Tensor]]]:
    """A run as it goes live: its config, its edits, and its weights after every step; moments are kept as it goes."""
    config = load(RUNS[name]).resolved(device="cpu", threads=1)
    task, edits, weights = make_task(config), [], {}
    waiting = list(CHANGES.get(name, []))
    task.single = True
    loop = train(task)
    event, reply = next(loop), None
    while not isinstance(event, Ended) and task.step < LONGEST:
        reply = None
        if isinstance(event, Edited):
            edits.append({"step": event.step, "name": event.name, "value": event.value})
        if isinstance(event, Metrics):
            if task.step and task.step % every == 0:
                (folder / moment_name(task.step)).write_bytes(packed(capture(task)))
            if waiting and task.step >= waiting[0][0]:
                reply = [Edit(*waiting.pop(0)[1:])]
        if not reply:
            weights[task.step] = {key: value.detach().clone() for key, value in task.weights().items()}
        event = loop.send(reply)
    return config, edits, weights


@pytest.mark.parametrize("name", RUNS)
def test_every_step_is_reached_bit_for_bit(name: str, tmp_path: Path) -> None:
    config, edits, weights = lived(name, tmp_path, every=13)
    assert len(edits) == len(CHANGES.get(name, []))
    past = Past(config, edits, tmp_path)
    last = max(weights)
    assert past.steps == (0, *range(13, last + 1, 13))
    for step in sorted({0, 1, 12, 13, 14, last // 2, last - 1, last}):
        found = past.task_at(step)
        assert found.step == step
        for key, value in found.weights().items():
            assert torch.equal(value, weights[step][key]), (step, key)


def test_a_run_goes_on_from_the_middle_as_if_nothing_had_been(tmp_path: Path) -> None:
    config, edits, weights = lived("cnn", tmp_path, every=10)
    task = Past(config, edits, tmp_path).task_at(23)
    for event in train(task):
        if isinstance(event, Metrics) and event.split == "train" and event.step in weights:
            for key, value in task.weights().items():
                assert torch.equal(value, weights[event.step][key])
    assert task.epoch == 3


def test_putting_back_undoes_steps(tmp_path: Path) -> None:
    task = Past(load(RUNS["gan"]).resolved(device="cpu", threads=1), [], None).task_at(5)
    state = unpacked(packed(capture(task)))
    before = {key: value.clone() for key, value in task.weights().items()}
    batches = task.batches(task.epoch)
    first = task.training_step(next(batches))
    put_back(task, state)
    assert task.step == 5
    assert all(torch.equal(value, before[key]) for key, value in task.weights().items())
    assert task.training_step(next(task.batches(task.epoch))) == first


def test_without_moments_a_run_is_trained_anew() -> None:
    past = Past(load(RUNS["mlp"]).resolved(device="cpu", threads=1), [], None)
    assert past.steps == (0,)
    assert past.task_at(30).step == 30


def test_a_moment_too_far_away_is_replaced_by_the_nearest_one(tmp_path: Path) -> None:
    config, edits, weights = lived("cnn", tmp_path, every=20)
    past = Past(config, edits, tmp_path)
    found = past.task_at(39, seconds=0.0)
    assert found.step == 40
    for key, value in found.weights().items():
        assert torch.equal(value, weights[40][key])


def test_a_broken_moment_is_passed_over(tmp_path: Path) -> None:
    config, edits, weights = lived("mlp", tmp_path, every=13)
    (tmp_path / moment_name(26)).write_bytes(b"nonsense")
    found = Past(config, edits, tmp_path).task_at(28)
    assert found.step == 28
    for key, value in found.weights().items():
        assert torch.equal(value, weights[28][key])


def test_a_moment_of_another_network_is_refused_in_words(tmp_path):
    """As an earlier version of LiveTorch may have left it, whose networks were built in another way."""
    now = load({"page": "mlp", "epochs": 2}).resolved(device="cpu", threads=1)
    then = load({"page": "mlp", "epochs": 2, "model": {"layers": [{"neurons": 7}]}}).resolved(device="cpu", threads=1)
    state = capture(make_task(then))
    state["counters"]["step"] = 3
    (tmp_path / moment_name(3)).write_bytes(packed(state))
    with pytest.raises(LiveTorchError, match="there is no way back"):
        Past(now, [], tmp_path).task_at(3)


def test_a_full_gpu_is_no_network_that_has_changed(tmp_path, monkeypatch):
    """A worker has words of its own for it."""
    settings = load({"page": "mlp", "epochs": 2}).resolved(device="cpu", threads=1)
    (tmp_path / moment_name(3)).write_bytes(packed(capture(make_task(settings))))

    def full(task: Any, state: Any) -> None:
        raise torch.OutOfMemoryError

    monkeypatch.setattr(past, "put_back", full)
    with pytest.raises(torch.OutOfMemoryError):
        Past(settings, [], tmp_path).task_at(3)
