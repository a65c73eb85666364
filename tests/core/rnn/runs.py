"""Small runs for tests: one of each data set, with the cells taking turns."""

from __future__ import annotations

from typing import Any

from core.config import load
from core.config.rnn import RNNRunConfig
from core.training.events import Edit, Metrics
from core.training.loop import train
from core.training.task import make_task
from tests.core.rnn.uploads import uploaded

SMALL: dict[str, dict[str, Any]] = {
    "sunspots": {"model": {"cell": "gru", "layers": 2}},
    "co2": {"data": {"difference": True, "carry": True}, "model": {"cell": "rnn_tanh"}},
    "series": {"model": {"cell": "lstm", "dropout": 0.2}},
    "stdlib": {"data": {"carry": True, "length": 100}, "model": {"cell": "lstm"}, "batch_size": 1000},
    "text": {"data": {"bptt": 3}, "model": {"cell": "gru", "dropout": 0.3}},
    "rows": {"model": {"cell": "lstm", "bidirectional": True, "layers": 2}},
    "pixels": {"model": {"cell": "rnn_relu"}, "data": {"bptt": 10}},
    "lines": {"model": {"cell": "gru", "bidirectional": True}},
    "adding": {"model": {"cell": "lstm", "layers": 3, "dropout": 0.1}},
    "copy": {"model": {"cell": "rnn_tanh"}, "data": {"items": 2}},
}


def config(dataset: str, **changed: Any) -> RNNRunConfig:
    values = SMALL[dataset] | changed
    data = {"length": 8, "upload": uploaded(dataset)} | SMALL[dataset].get("data", {}) | changed.get("data", {})
    model = {"hidden": 8, "embedding": 4} | SMALL[dataset].get("model", {}) | changed.get("model", {})
    made = {"page": "rnn", "dataset": dataset, "epochs": 2, **values, "data": data, "model": model}
    return load(made).resolved(device="cpu", threads=1)


def trained(settings: RNNRunConfig, steps: int = 4) -> Any:
    """A task after some steps."""
    task = make_task(settings)
    for number, batch in enumerate(task.batches(1), 1):
        task.training_step(batch)
        if number == steps:
            break
    return task


def numbers(settings: RNNRunConfig, steps: int = 6, edits: dict[int, Edit] | None = None) -> list[dict[str, float]]:
    """What the first steps of a run say."""
    said: list[dict[str, float]] = []
    loop = train(make_task(settings))
    event: Any = next(loop)
    while event is not None and len(said) < steps:
        reply = None
        if isinstance(event, Metrics):
            said.append(event.values)
            edit = (edits or {}).get(event.step)
            reply = [edit] if edit and event.split == "train" else None
        event = loop.send(reply) if reply else next(loop, None)
    return said
