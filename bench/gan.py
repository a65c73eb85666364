"""What the issue asks of the GAN page, measured through the real engine."""

from __future__ import annotations

import statistics
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.training import VISITOR, engine

Row = tuple[str, float, str, str, str]
SEEDS = range(5)


@dataclass
class Played:
    """A run that was watched to its end."""

    seconds: float  # from the first round to the last number
    evaluations: list[tuple[float, dict[str, float]]]  # seconds from the first round, numbers

    @property
    def last(self) -> dict[str, float]:
        """The numbers of the last evaluation."""
        return self.evaluations[-1][1]


def played(service: Any, preset: str, seed: int) -> Played:
    """Train a preset to its end with its main view open, on as many threads as the engine gives it."""
    from core.config import load
    from core.presets_gan import PRESETS
    from core.runs.looks import Look

    made = PRESETS[preset].make(PRESETS[preset].dataset or "")
    run = service.submit(VISITOR, load(made.to_dict() | {"seed": seed}))
    record = service.record(run.id, VISITOR)
    woken = threading.Event()
    unwatch = service.watch(record, woken.set)
    view = Look.of("plane", {}) if made.in_plane else Look.of("sheet", {})
    service.viewing.look(record, woken.set, (view,))
    while record.active:
        woken.wait(1.0)
        woken.clear()
    unwatch()
    assert record.state == "finished", record.row["reason"]
    rows = [(seconds, row) for split, _step, _epoch, seconds, row in record.log.rows() if split == "validation"]
    begun = rows[0][0]
    found = Played(record.log.seconds - begun, [(seconds - begun, row) for seconds, row in rows])
    service.delete(run.id, VISITOR)
    return found


def rows(home: Path) -> list[Row]:
    """(name, value, unit, bar, what happened in words) for every bar of the page."""
    with engine(home) as service:
        return [*_ring(service), *_collapse(service), *_digits(service)]


def _ring(service: Any) -> list[Row]:
    runs = [played(service, "ring", seed) for seed in SEEDS]
    good = [run.last["modes"] == 8 and run.last["good"] >= 0.8 for run in runs]
    said = "; ".join(f"{run.last['modes']:.0f} modes, {run.last['good']:.1%} good, {run.seconds:.0f} s" for run in runs)
    within = [ok and run.seconds < 60 for ok, run in zip(good, runs, strict=True)]
    return [
        ("gan.ring_seeds", sum(within), "of 5 seeds", ">= 4", f"8 of 8 modes and 80 % good in 60 s: {said}"),
        ("gan.ring_seconds", statistics.median(run.seconds for run in runs), "s", "< 60", "median of the whole run"),
    ]


def _collapse(service: Any) -> list[Row]:
    """Collapsed: at most half of the modes in each of the last ten evaluations."""
    runs = [played(service, "collapse", seed) for seed in SEEDS]
    worst = [max(row["modes"] for _seconds, row in run.evaluations[-10:]) for run in runs]
    said = "most modes in the last ten evaluations: " + ", ".join(f"{modes:.0f}" for modes in worst)
    return [("gan.collapse_seeds", sum(modes <= 4 for modes in worst), "of 5 seeds", ">= 5", said)]


def _digits(service: Any) -> list[Row]:
    runs = [played(service, "digits", seed) for seed in range(3)]
    said = "; ".join(
        f"{run.last['confidence']:.1%} sure, {run.last['classes']:.0f} classes at the end ({run.seconds:.0f} s)"
        for run in runs
    )
    # of the finished runs, whose rate has fallen: a bar that was passed on the way may be lost again
    met = [run.last["confidence"] >= 0.6 and run.last["classes"] == 10 and run.seconds < 180 for run in runs]
    return [
        ("gan.digits_seeds", sum(met), "of 3 seeds", ">= 3", f"60 % sure and ten classes in 180 s: {said}"),
        ("gan.digits_seconds", max(run.seconds for run in runs), "s", "< 180", "slowest whole run of 3 seeds"),
    ]
