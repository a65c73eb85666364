"""Limits of this server. Each has an environment variable, a default and a reason."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import psutil

from core.errors import LimitError
from core.i18n import N_


def memory_mb(pid: int | None) -> float:
    """Resident memory of a process; 0 for one that is gone."""
    try:
        return float(psutil.Process(pid).memory_info().rss) / 2**20
    except psutil.Error:
        return 0.0


def cores() -> int:
    """CPU cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Limit:
    """One limit: its default on a laptop and on a host for strangers, and what it means."""

    laptop: int | Callable[[], int]
    hosted: int | Callable[[], int]
    meaning: str


LIMITS: dict[str, Limit] = {
    "LIVETORCH_MAX_RUNNING": Limit(
        lambda: 4 * cores(), lambda: 4 * cores(), "runs at the same time; more wait in the queue"
    ),
    "LIVETORCH_QUEUE": Limit(50, 50, "runs that may wait"),
    "LIVETORCH_RUNS_PER_VISITOR": Limit(0, 2, "running and waiting runs of one visitor (0: no limit)"),
    "LIVETORCH_RUN_SECONDS": Limit(0, 300, "training seconds of one run, pauses not counted (0: no limit)"),
    "LIVETORCH_PAUSE_SECONDS": Limit(0, 1800, "longest pause before a run is stopped (0: no limit)"),
    "LIVETORCH_THREADS": Limit(
        lambda: max(1, cores() - 1), 1, "CPU threads of a run that does not choose; one core is left to the browser"
    ),
    "LIVETORCH_RUN_MEMORY_MB": Limit(4096, 4096, "resident memory of a run"),
    "LIVETORCH_QUESTION_MEMORY_MB": Limit(2048, 2048, "resident memory of a question worker"),
    "LIVETORCH_HEARTBEAT_SECONDS": Limit(20, 20, "silence after which a run counts as hung"),
    "LIVETORCH_STOP_SECONDS": Limit(5, 5, "time a run has to obey Stop before its process is killed"),
    "LIVETORCH_MAX_PARAMETERS": Limit(10_000_000, 10_000_000, "parameters of a network"),
    "LIVETORCH_KEPT_RUNS": Limit(1000, 50, "runs kept for one visitor; the oldest ended ones go"),
    "LIVETORCH_KEPT_DAYS": Limit(0, 30, "days an ended run is kept (0: for ever)"),
    "LIVETORCH_MOMENTS_MB": Limit(50, 20, "moments kept of one run, to go back to (0: none)"),
    "LIVETORCH_UPLOAD_MB": Limit(4, 4, "size of one uploaded file"),
    "LIVETORCH_SESSION_UPLOADS_MB": Limit(32, 32, "uploads of one browser tab within an hour"),
    "LIVETORCH_UPLOADS_MB": Limit(512, 256, "uploads of all visitors within an hour"),
    "LIVETORCH_PICTURE_MB": Limit(15, 15, "size of one picture that is brought"),
    "LIVETORCH_PICTURE_ZIP_MB": Limit(50, 50, "size of one zip of pictures"),
    "LIVETORCH_PICTURE_UPLOADS_MB": Limit(256, 256, "pictures and zips that are being brought at a time"),
    "LIVETORCH_PICTURES_PER_VISITOR": Limit(20_000, 4_000, "pictures kept for one visitor"),
    "LIVETORCH_PICTURES_PER_VISITOR_MB": Limit(2_000, 200, "size of the pictures kept for one visitor"),
    "LIVETORCH_PICTURES_MB": Limit(10_000, 4_000, "size of all kept pictures; the oldest go"),
    "LIVETORCH_PICTURES_DAYS": Limit(0, 30, "days a picture is kept (0: for ever)"),
    "LIVETORCH_DISK_FLOOR_MB": Limit(1024, 1024, "free disk below which no run is started"),
}


@dataclass(frozen=True)
class Limits:
    """The limits in force, by environment variable."""

    hosted: bool
    values: Mapping[str, int]

    @classmethod
    def from_environment(cls) -> Limits:
        """Read the environment; raises :class:`LimitError` for a value that is no whole number from 0."""
        hosted = os.environ.get("LIVETORCH_HOSTED", "") not in ("", "0")
        values = {}
        for name, limit in LIMITS.items():
            default = limit.hosted if hosted else limit.laptop
            text = os.environ.get(name, "")
            if text and not text.isdecimal():
                raise LimitError(N_("{name} is {value!r}; it must be a whole number from 0."), name=name, value=text)
            values[name] = int(text) if text else default() if callable(default) else default
        return cls(hosted, values)

    def __getattr__(self, name: str) -> int:
        try:
            return self.values[f"LIVETORCH_{name.upper()}"]
        except KeyError:
            raise AttributeError(name) from None
