"""Steps taken by replaying a recording, without a GPU: a stand-in records tensor operations where CUDA records kernels.

Like CUDA's, it holds numbers as they were and tensors as they are, takes no step while it records, and refuses
whatever would have to read a number back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map_only

from core.config import CNNRunConfig, load
from core.training.events import Edit, Metrics
from core.training.graphed import GraphedStep
from core.training.loop import train
from core.training.moments import capture, packed, put_back, unpacked
from core.training.optimizers import GRAPHED, make_optimizer
from core.training.task import make_task, resolve

aten = torch.ops.aten
READS = (aten._local_scalar_dense.default, aten.nonzero.default, aten.equal.default)
# their schemas keep quiet about the running moments that they write: places of those among the arguments
WRITES = {aten.native_batch_norm.default: (3, 4)}
BLOCKS = [{"channels": 8, "normalization": "batch", "pooling": "max"}, {"channels": 8, "skip": True, "stride": 2}]
VALUES: dict[str, Any] = {
    "model": {"blocks": BLOCKS, "hidden": [16], "dropout": 0.2},
    "data": {"augmentation": "shift_flip", "train_share": 0.35},
    "schedule": {"name": "one_cycle"},
    "batch_size": 96,
    "epochs": 3,
    "device": "cpu",
    "precision": "float32",
}


class Recording:
    """In place of ``torch.cuda.CUDAGraph``."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, tuple[Any, ...], dict[str, Any], Any]] = []
        self.replays = 0

    def replay(self) -> None:
        """Do it all again, in the very memory that was recorded."""
        self.replays += 1
        with torch.no_grad():
            for operation, args, kwargs, recorded in self.calls:
                made = operation(*args, **kwargs)
                if not operation._schema.is_mutable:
                    tree_map_pairs(recorded, made)


def tree_map_pairs(recorded: Any, made: Any) -> None:
    """Copy what was made into what was recorded; a view is there already."""
    if isinstance(recorded, Tensor):
        if recorded.data_ptr() != made.data_ptr() and recorded.numel():
            recorded.copy_(made)
    elif isinstance(recorded, list | tuple):
        for one, other in zip(recorded, made, strict=True):
            tree_map_pairs(one, other)


class Recorder(TorchDispatchMode):
    """Writes operations down. What they would change is left as it is."""

    def __init__(self, recording: Recording) -> None:
        super().__init__()
        self.calls = recording.calls

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        if operation in READS:
            raise RuntimeError("operation not permitted when stream is capturing")
        kwargs = dict(kwargs or {})
        written = [place for place, one in enumerate(operation._schema.arguments) if one.alias_info and one.is_write]
        written = [*written, *WRITES.get(operation, ())]
        tried = [copied(one) if place in written else one for place, one in enumerate(args)]
        found = operation(*tried, **kwargs)
        if operation._schema.is_mutable:
            found = args[0] if len(operation._schema.returns) == 1 else found
        self.calls.append((operation, args, kwargs, found))
        return found


def copied(value: Any) -> Any:
    return tree_map_only(Tensor, torch.clone, value)


@contextmanager
def recorded(graph: Recording) -> Iterator[None]:
    with torch.random.fork_rng(devices=[]), Recorder(graph):
        yield


@pytest.fixture
def stand_in(monkeypatch):
    stream = SimpleNamespace(wait_stream=lambda other: None)
    for name, thing in {
        "Stream": lambda: stream,
        "current_stream": lambda: stream,
        "stream": lambda stream: nullcontext(),
        "CUDAGraph": Recording,
        "graph": recorded,
    }.items():
        monkeypatch.setattr(torch.cuda, name, thing)


def config(**changed: Any) -> CNNRunConfig:
    return resolve(load(VALUES | changed), threads=1)


def graphed(settings: CNNRunConfig) -> Any:
    """A task as it is on a GPU."""
    task = make_task(settings)
    task.graphed = GraphedStep(task)
    task.optimizer = make_optimizer(task.model.parameters(), settings.optimizer, rate_on=settings.device)
    return task


def losses(task: Any, edits: dict[int, list[Edit]] | None = None) -> list[float]:
    found, reply, loop = [], None, train(task)
    event = next(loop)
    while True:
        if isinstance(event, Metrics):
            found.append(event.values["loss"])
            reply = (edits or {}).get(event.step) if event.split == "train" else None
        try:
            event, reply = loop.send(reply), None
        except StopIteration:
            return found


@pytest.mark.parametrize("name", sorted(GRAPHED))
@pytest.mark.parametrize("more", [{}, {"weight_decay": 0.01}])
def test_replayed_steps_are_those_taken_one_by_one(stand_in, name, more):
    optimizer = {"name": name, "learning_rate": 0.2 if name == "sgd" else 0.02} | more
    if name == "sgd":
        optimizer |= {"momentum": 0.9, "nesterov": True}
    settings = config(optimizer=optimizer, clip_norm=1.0)
    task = graphed(settings)
    found = losses(task)
    assert found == pytest.approx(losses(make_task(settings)), rel=1e-4)
    assert task.graphed.graph.replays == 12  # of 18 steps 3 warm up, and 3 are the smaller last ones of their epochs


@pytest.mark.parametrize("ema_decay", [0.0, 0.9])
def test_edits_hold_from_the_next_step(stand_in, ema_decay):
    edits = {
        5: [Edit("optimizer.learning_rate", 0.001)],
        7: [Edit("batch_size", 64)],
        13: [Edit("optimizer.weight_decay", 0.1), Edit("clip_norm", 0.5)],
        19: [Edit("model.dropout", 0.0)],
    }
    settings = config(optimizer={"name": "adamw", "learning_rate": 0.01}, ema_decay=ema_decay, epochs=4)
    task = graphed(settings)
    assert losses(task, edits) == pytest.approx(losses(make_task(settings), edits), rel=1e-4)
    assert task.graphed.graph.replays > 0


def test_nothing_is_trained_while_it_is_recorded(stand_in):
    task = graphed(config())
    batches = task.batches(1)
    for _step in range(3):
        task.training_step(next(batches))
    before = capture(task)
    task.graphed._capture(next(batches))
    after = capture(task)
    assert task.graphed.graph.calls and not task.graphed.refused
    for kind in ("networks", "optimizers"):
        torch.testing.assert_close(after[kind], before[kind], rtol=0, atol=0)
    assert torch.equal(after["torch"], before["torch"])


def test_a_step_that_cannot_be_recorded_is_taken_without(stand_in, caplog):
    settings = config(loss={"name": "mse"})  # one-hot labels are checked on a CPU, which reads them
    task = graphed(settings)
    assert losses(task) == pytest.approx(losses(make_task(settings)), rel=1e-6)
    assert task.graphed.refused and task.graphed.graph is None
    assert "cannot be a CUDA graph" in caplog.text


def test_the_updates_are_measured_outside_of_the_recording(stand_in):
    task = graphed(config())
    batches = task.batches(1)
    for step in range(5):
        task.meter.wanted = step == 4
        task.training_step(next(batches))
    assert [point.step for point in task.meter.points] == [5]
    assert task.graphed.graph.replays == 1


@pytest.mark.parametrize("name", sorted(GRAPHED))
def test_a_moment_of_a_graphed_run_goes_on_with_and_without_a_graph(stand_in, name):
    """The rate of the moment is a tensor, that of a run on the CPU is not; each keeps its own."""
    settings = config(optimizer={"name": name, "learning_rate": 0.01})
    task = graphed(settings)
    batches = task.batches(1)
    for _step in range(4):
        task.training_step(next(batches))
    state = unpacked(packed(capture(task)))
    wanted = [task.training_step(batch)["loss"] for batch in batches]
    for other in (graphed(settings), make_task(settings)):
        rate, constants = other.optimizer.param_groups[0]["lr"], other.optimizer.param_groups[0].get("capturable")
        put_back(other, state)
        group = other.optimizer.param_groups[0]
        assert (group["lr"] is rate) == isinstance(rate, Tensor) and group.get("capturable") == constants
        assert [other.training_step(batch)["loss"] for batch in other.batches(1)] == pytest.approx(wanted, rel=1e-4)
