"""Looks into a model: pure functions of a task that leave weights, mode and random numbers as they were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.probes.wall import wall_picture, wall_predictions

PROBES: dict[str, Callable[[Any], dict[str, Any]]] = {"wall": wall_predictions}
PICTURES: dict[str, Callable[[Any], bytes]] = {"wall": wall_picture}
