"""What a run would start from: its network with the first weights, before anybody presses Train."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from core.config import load
from core.probes import look
from core.training.task import Task, make_task


def look_at_fresh(config_values: dict[str, Any], name: str, args: dict[str, Any]) -> dict[str, Any]:
    """What look ``name`` sees in a run of ``config_values`` at step 0.

    Raises :class:`ConfigError` for a run that cannot be, and as :func:`core.probes.look` does.
    """
    return look(_task(json.dumps(config_values, sort_keys=True)), name, args)


@lru_cache(maxsize=1)
def _task(config_json: str) -> Task:
    """Several looks are asked of one."""
    return make_task(load(json.loads(config_json)).resolved(device="cpu", threads=1))
