"""What the playground's tests share."""

from __future__ import annotations

from typing import Any

from core.config import MLPRunConfig, load_as
from core.training.events import Edit, Metrics
from core.training.loop import train
from core.training.task import make_task

DRAWN = [[-2.0, 1.0, 0], [2.0, 1.5, 1], [-3.0, -1.0, 0], [3.0, -2.0, 1], [-1.0, 2.0, 0], [1.5, 0.5, 1], [0.5, -4.0, 1]]


def config(**changed: Any) -> MLPRunConfig:
    return load_as(MLPRunConfig, {"page": "mlp"} | changed).resolved(device="cpu", threads=1)


def events(settings: MLPRunConfig, edits: list[dict[str, Any]] = (), steps: int | None = None, single=()) -> list[Any]:
    """Everything a run says, up to ``steps``; each edit is made at the first chance after its step.

    While the step lies in ``single``, steps are taken one by one.
    """
    task, waiting = make_task(settings), list(edits)
    task.single = 0 in single
    loop = train(task)
    said = [next(loop)]
    while True:
        last, reply = said[-1], None
        if isinstance(last, Metrics):
            reply = [Edit(one["name"], one["value"]) for one in waiting if one["step"] == last.step]
            waiting = [one for one in waiting if one["step"] != last.step]
            task.single = last.step in single
            if last.step == steps and last.split == "train":
                return said
        try:
            said.append(loop.send(reply or None))
        except StopIteration:
            return said


def numbers(said: list[Any], split: str, name: str = "loss") -> dict[int, float]:
    """Step -> metric."""
    points = [event for event in said if isinstance(event, Metrics) and event.split == split and event.values]
    return {event.step: event.values[name] for event in points}
