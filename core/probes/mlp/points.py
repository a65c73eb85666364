"""The points a playground run learns from and is tested on."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from torch import Tensor

from core.datasets.plane import PlaneData
from core.probes.mlp.subject import PlaneSubject
from core.probes.pictures import numbers


def points(subject: PlaneSubject) -> dict[str, Any]:
    """Training and test points with their targets: class numbers, or values in regression."""
    config = subject.config
    said = {"version": subject.points_version, "task": config.task, "classes": config.classes}
    return said | _both(subject.data)


@lru_cache(maxsize=2)
def _both(data: PlaneData) -> dict[str, Any]:
    """Remembered, for looks are renewed many times while the points stay."""
    return {
        "train": _columns(data.train_points, data.train_targets),
        "test": _columns(data.test_points, data.test_targets),
    }


def _columns(places: Tensor, targets: Tensor) -> dict[str, Any]:
    """(n, 2) and (n,) as three lists."""
    x1, x2 = places.T.tolist()
    return {"x1": numbers(x1, 4), "x2": numbers(x2, 4), "target": numbers(targets.tolist(), 4)}
