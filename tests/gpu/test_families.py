"""The playground, sequences and two players on a GPU."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

import pytest
import torch

from core.config import load
from core.errors import LiveTorchError
from core.families import FAMILIES
from core.probes import look
from core.training.events import Edit, Edited, Metrics
from core.training.loop import train
from core.training.task import Task, make_task, resolve
from tests.gpu import DEVICE

SEQUENCES: dict[str, dict[str, Any]] = {
    "gru": {"dataset": "rows", "model": {"cell": "gru", "hidden": 16, "layers": 2}},
    "both ways": {"dataset": "rows", "model": {"cell": "lstm", "hidden": 16, "bidirectional": True}},
    "forecast": {"dataset": "sunspots", "data": {"length": 24, "difference": True}, "model": {"hidden": 16}},
    "carried forecast": {"dataset": "sunspots", "data": {"length": 24, "carry": True}, "model": {"hidden": 16}},
    "text": {"dataset": "stdlib", "data": {"length": 100, "carry": True}, "model": {"cell": "lstm", "hidden": 16}},
    "cut gradients": {"dataset": "adding", "data": {"length": 30, "bptt": 10}, "model": {"hidden": 16}},
    "copy": {"dataset": "copy", "data": {"length": 10, "items": 3}, "model": {"hidden": 16}},
}
PICTURES = {"dataset": "digits", "batch_size": 64, "latent": {"dimension": 8}}
DENSE = {"generator": {"hidden": [32], "batch_norm": True}, "discriminator": {"hidden": [32]}}
GROWING = {"generator": {"kind": "dcgan", "channels": 8}, "discriminator": {"kind": "dcgan", "channels": 8}}
PENALTY = {"loss": {"name": "wgan_gp", "penalty": 0.5}, "steps_d": 2}
RUNS: dict[str, dict[str, Any]] = {
    "mlp by hand": {"page": "mlp"},
    "mlp classes": {
        "page": "mlp",
        "dataset": "spiral",
        "data": {"classes": 4},
        "loss": {"name": "cross_entropy"},
        "optimizer": {"name": "adam", "learning_rate": 0.01},
        "penalty": {"l2": 0.001},
    },
    "mlp by autograd": {
        "page": "mlp",
        "dataset": "multi_gauss",
        "model": {"normalization": "batch"},
        "penalty": {"l1": 0.001, "l2": 0.001},
        "optimizer": {"momentum": 0.9},
        "clip_norm": 1.0,
    },
    **{f"rnn {name}": {"page": "rnn", "batch_size": 32} | values for name, values in SEQUENCES.items()},
    "gan ring": {"page": "gan", "batch_size": 64, "latent": {"dimension": 2}, **DENSE},
    "gan penalty": {"page": "gan", "batch_size": 64, **DENSE, **PENALTY},
    "gan told the class": {"page": "gan", "conditional": True, **PICTURES, **DENSE},
    "gan dcgan": {"page": "gan", **PICTURES, **GROWING},
}
PAGES = ("mlp", "rnn", "gan")
NEEDED = {"neuron": {"layer": 0, "index": 0}}  # arguments without a default
EDITS = {
    "mlp": [Edit("poke", [0, 1, -1, 0.5]), Edit("optimizer.learning_rate", 0.01), Edit("batch_size", 7)],
    "rnn": [Edit("optimizer.learning_rate", 0.002), Edit("batch_size", 16), Edit("clip_norm", 0.5)],
    "gan": [Edit("optimizer.learning_rate", 0.0005), Edit("batch_size", 32), Edit("steps_g", 2)],
}


def task_of(name: str, device: str = DEVICE) -> Task:
    return make_task(resolve(load(RUNS[name] | {"device": device, "precision": "float32"}), threads=1))


def stepped(name: str, steps: int, device: str = DEVICE) -> tuple[Task, list[float]]:
    """A task after ``steps`` (the playground's: one by one), and the loss of each."""
    task = task_of(name, device)
    task.single = True
    return task, [task.training_step(batch)["loss"] for batch in islice(task.batches(1), steps)]


def of_page(page: str) -> list[str]:
    return [name for name in RUNS if RUNS[name]["page"] == page]


@pytest.mark.parametrize("name", RUNS)
def test_the_first_steps_are_those_of_the_cpu(name):
    """Products of float32 differ in their last bits, about 1e-7; a few updates may enlarge that a hundred times."""
    task, found = stepped(name, 6)
    other, wanted = stepped(name, 6, "cpu")
    assert found == pytest.approx(wanted, rel=1e-3, abs=1e-4)
    assert task.evaluate() == pytest.approx(other.evaluate(), rel=1e-2, abs=1e-2)
    assert {value.device.type for value in task.weights().values()} == {DEVICE}


@pytest.mark.parametrize("name", RUNS)
def test_the_same_seed_is_the_same_run(name):
    """cuDNN may add up in another order: recurrent layers and convolutions agree to five digits, the rest to the last."""
    first, second = (stepped(name, 12)[1] for _time in range(2))
    if name.startswith("rnn") or "dcgan" in name:
        assert first == pytest.approx(second, rel=1e-5, abs=1e-6)
    else:
        assert first == second


@pytest.mark.parametrize("name", ["mlp by hand", "mlp classes", "rnn gru"])
def test_it_learns(name):
    task = task_of(name)
    before = task.evaluate()["loss"]
    for epoch in range(1, 11 if name.startswith("mlp") else 3):
        for batch in task.batches(epoch):
            task.training_step(batch)
        task.end_epoch(epoch, {})
    assert task.evaluate()["loss"] < 0.95 * before


def test_a_generator_learns_where_the_modes_are():
    task = task_of("gan ring")
    before = task.evaluate()["js"]
    for epoch in range(1, 4):
        for batch in task.batches(epoch):
            task.training_step(batch)
        task.end_epoch(epoch, {})
    assert task.evaluate()["js"] < before - 0.1


@pytest.mark.parametrize("page", PAGES)
def test_a_run_hears_edits(page):
    task = task_of(of_page(page)[0])
    task.single = True
    loop, edits, steps, heard = train(task), list(EDITS[page]), 0, []
    event, reply = next(loop), None
    while steps < 6:
        event, reply = loop.send(reply), None
        if isinstance(event, Edited):
            heard.append(event.name)
        elif isinstance(event, Metrics) and event.split == "train":
            steps += 1
            reply = [edits.pop(0)] if edits else None
    assert heard == [edit.name for edit in EDITS[page]]
    for edit in EDITS[page]:
        if edit.name != "poke":
            assert task.config.with_value(edit.name, edit.value) == task.config


@pytest.mark.parametrize("page", PAGES)
def test_every_look_of_the_family_is_answered_by_one_of_its_runs_and_leaves_no_trace(page):
    answered: set[str] = set()
    for name in of_page(page):
        task, _losses = stepped(name, 3)
        task.evaluate()
        before = {key: value.clone() for key, value in task.weights().items()}
        answered |= {view for view in FAMILIES[page].looks if seen(task, view)}
        assert all(torch.equal(before[key], value) for key, value in task.weights().items())
        task.training_step(next(task.batches(1)))
    assert answered == set(FAMILIES[page].looks)


def seen(task: Task, view: str) -> bool:
    """Whether the run has this view; what it answers can be sent."""
    try:
        found = look(task, view, NEEDED.get(view, {}))
    except LiveTorchError:
        return False
    return bool(json.dumps(found, allow_nan=False))
