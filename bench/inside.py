"""What looking inside costs a run, and how long the time machine takes."""

from __future__ import annotations

import random
import statistics
import threading
import time
from pathlib import Path
from typing import Any

from bench.training import CONFIG, VISITOR, engine

Row = tuple[str, float, str, str, str]

# looks that a page keeps open while a run is on, by page
ALWAYS_ON: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "graph": [("graph_values", {})],
    "gradients": [("health_now", {})],
}
PRESETS_REACHED = {  # by page: what a visitor starts first, and what is heavy
    "cnn": ("default", "lenet5", "resnet"),
    "mlp": ("default", "spiral"),
    "rnn": ("forecast_sunspots", "characters", "adding_lstm"),
    "gan": ("ring", "digits"),
}
SECONDS = 15.0  # that each of them trains before it is travelled in
JOURNEYS = 12


def rows(home: Path) -> list[Row]:
    """What looking costs, and how soon a past step is there."""
    return [*watching(home / "watching"), *travelling(home / "travelling")]


def seconds_of(service: Any, looks: list[tuple[str, dict[str, Any]]], watched: bool) -> float:
    """Seconds from the first step to the last number of the bench's default run."""
    from core.config import load
    from core.runs.looks import Look

    run = service.submit(VISITOR, load(CONFIG | {"threads": 1}))
    record = service.record(run.id, VISITOR)
    woken = threading.Event()
    unwatch = service.watch(record, woken.set) if watched else (lambda: None)
    if looks and watched:
        service.viewing.look(record, woken.set, tuple(Look.of(name, args) for name, args in looks))
    cursor = 0
    while record.active:
        woken.wait(0.5)
        woken.clear()
        if watched:
            cursor = record.log.since(cursor)["to"]
    unwatch()
    assert record.state == "finished", record.row["reason"]
    first = next(seconds for _split, step, _epoch, seconds, _row in record.log.rows() if step)
    seconds = float(record.log.seconds - first)
    service.delete(run.id, VISITOR)
    return seconds


def watching(home: Path, rounds: int = 5) -> list[Row]:
    """A run with an inspecting page open and a draining client, against the same run that nobody watches."""
    made = []
    with engine(home) as service:
        for page, looks in ALWAYS_ON.items():
            pairs = [(seconds_of(service, [], False), seconds_of(service, looks, True)) for _round in range(rounds)]
            ratio = statistics.median(alone / seen for alone, seen in pairs)
            what = f"the page /{page} open and draining, against a run nobody watches"
            made.append((f"inside.{page}_watched_vs_unwatched", ratio, "x", ">= 0.95", what))
    return made


def travelling(home: Path) -> list[Row]:
    """Seconds until a random past step can be looked at, for a preset of every page."""
    made = []
    with engine(home) as service:
        for page, names in PRESETS_REACHED.items():
            for preset in names:
                seconds, said = _journeys(service, page, preset)
                what = f"to {JOURNEYS} random steps of a run of {SECONDS:.0f} s; {said}"
                made.append((f"time_machine.{page}_{preset}_p95_s", _p95(seconds), "s", "<= 2", what))
    return made


def _journeys(service: Any, page: str, preset: str) -> tuple[list[float], str]:
    from core import presets, presets_gan, presets_mlp, presets_rnn
    from core.runs.looks import Look

    known = {"cnn": presets, "mlp": presets_mlp, "rnn": presets_rnn, "gan": presets_gan}[page].PRESETS[preset]
    config = known.make(known.dataset or "digits")
    run = service.submit(VISITOR, config)
    record = service.record(run.id, VISITOR)
    deadline = time.monotonic() + SECONDS
    while record.active and time.monotonic() < deadline:
        time.sleep(0.1)
    if record.active:
        service.stop(run.id, VISITOR)
    while record.active:
        time.sleep(0.05)
    drawn, seconds, reached = random.Random(0), [], 0
    last = record.log.step
    service.viewing._moment(
        record, Look.of("health_now", {}, last), last, last
    )  # the question process reads the data once
    for _journey in range(JOURNEYS):
        step = drawn.randint(1, last)
        began = time.perf_counter()
        answer = service.viewing._moment(record, Look.of("health_now", {}, step), step, last)
        seconds.append(time.perf_counter() - began)
        reached += answer.step == step
    service.delete(run.id, VISITOR)
    return seconds, f"{reached} of {JOURNEYS} reached exactly, {last:,} steps in all"


def _p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]
