"""Looks into the past of a run."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.config import load
from core.probes import look
from core.training.past import Past
from core.training.task import Task

REPLAY_SECONDS = 8.0  # what would take longer is shown as of the nearest moment that was kept
KEPT = 2  # moments that stay in memory


def look_at_moment(
    config_values: dict[str, Any], edits: list[dict[str, Any]], folder: str, step: int, name: str, args: dict[str, Any]
) -> dict[str, Any]:
    """What look ``name`` sees in a run after ``step``: ``{"step": the step that was reached, "data": ...}``.

    ``config_values``: what it was started with, resolved; ``edits``: those up to ``step``; ``folder``: where its moments
    are kept. Raises as :func:`core.probes.look` does.
    """
    task = moment(json.dumps(config_values, sort_keys=True), json.dumps(edits), folder, step)
    return {"step": task.step, "data": look(task, name, args)}


@lru_cache(maxsize=KEPT)
def moment(config_json: str, edits_json: str, folder: str, step: int) -> Task:
    """The run's task as it was; several looks at one moment share it."""
    values = json.loads(config_json)
    if values.get("mode") == "compiled":  # compiling would take longer than the steps do without
        values["mode"] = "eager"
    past = Past(load(values), json.loads(edits_json), Path(folder))
    task = past.task_at(step, REPLAY_SECONDS)
    task.past = past
    return task
