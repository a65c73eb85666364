"""How fast runs train: watched against bare, against a tutorial's loop, and to an accuracy."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.app_server import ROOT

CONFIG = {"epochs": 60, "batch_size": 64}
# the network that PyTorch's beginners meet first: two convolutions, two poolings, two dense layers
SMALL = {
    "dataset": "mnist",
    "model": {"blocks": [{"channels": 16, "pooling": "max"}, {"channels": 32, "pooling": "max"}], "hidden": [64]},
    "batch_size": 256,
    "epochs": 1,
    "precision": "auto",
}
VISITOR = "b" * 22
BARE = """
import time
from core.config import load
from core.runs.memory import keep_freed_memory
from core.runs.worker import prepare_process
from core.training.loop import train
from core.training.task import make_task
prepare_process()
keep_freed_memory()
config = load({config!r}).resolved(device="cpu", threads=1)
task = make_task(config)
first = None
for event in train(task):
    first = first or time.perf_counter()
print(time.perf_counter() - first)
"""


@dataclass
class Watched:
    """A run that was watched to its end."""

    seconds: float  # from the first step to the last number
    steps: int
    samples: int
    accuracy: float  # of the last validation
    reached: float | None  # seconds from the first step to the target accuracy, validation included


@contextmanager
def engine(home: Path) -> Iterator[Any]:
    """The service with a warm engine, on a data folder of its own."""
    os.environ["LIVETORCH_HOME"] = str(home)
    from core.runs.service import close_service, service

    service().client.ready.wait(60)
    try:
        yield service()
    finally:
        close_service()


def watched(service: Any, values: dict[str, Any], looks: bool = True) -> Watched:
    """Train ``values`` with a client that drains every number and has the default view open."""
    from core.config import load
    from core.runs.looks import Look

    config = load(values)
    run = service.submit(VISITOR, config)
    record = service.record(run.id, VISITOR)
    woken = threading.Event()
    unwatch = service.watch(record, woken.set)
    if looks:
        service.viewing.look(record, woken.set, (Look.of("predictions", {"order": "wrong"}),))
    cursor = 0
    while record.active:
        woken.wait(1.0)
        woken.clear()
        cursor = record.log.since(cursor)["to"]
    unwatch()
    assert record.state == "finished", record.row["reason"]
    validations = [(seconds, row) for split, _step, _epoch, seconds, row in record.log.rows() if split == "validation"]
    begun, target = validations[0][0], config.stop.target_accuracy
    times = [seconds - begun for seconds, row in validations if target and row["accuracy"] >= target]
    found = Watched(
        record.log.seconds - begun,
        record.log.step,
        record.row["info"]["samples"],
        validations[-1][1]["accuracy"],
        times[0] if times else None,
    )
    service.delete(run.id, VISITOR)
    return found


def in_a_process(*command: str) -> str:
    """What a fresh Python prints."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def live_against_bare(home: Path, rounds: int = 5) -> tuple[float, float]:
    """(median over rounds of bare seconds / live seconds, bare pictures a second)."""
    live, bare = [], []
    with engine(home) as service:
        for _round in range(rounds):
            bare.append(float(in_a_process("-c", BARE.format(config=CONFIG))))
            live.append(watched(service, CONFIG | {"threads": 1}).seconds)
    pictures = 1437 * CONFIG["epochs"] / statistics.median(bare)
    return statistics.median(b / one for b, one in zip(bare, live, strict=True)), pictures


def mnist_is_here() -> bool:
    from core.datasets import DATASETS

    return DATASETS["mnist"].available() and DATASETS["fashion_mnist"].available()


def live_against_tutorial(home: Path, threads: int, rounds: int = 2) -> tuple[float, str]:
    """(median over rounds of the pictures a second of a live run / of a tutorial's loop, the figures in words)."""
    ratios, said = [], ""
    with engine(home) as service:
        for _round in range(rounds):
            tutorial = json.loads(in_a_process("-m", "bench.tutorial", str(threads)))
            live = watched(service, SMALL | {"threads": threads})
            rate = live.samples / live.seconds
            ratios.append(rate / tutorial["rate"])
            said = (
                f"{rate:,.0f} against {tutorial['rate']:,.0f} pictures/s, validation included; "
                f"accuracy {live.accuracy:.2%} against {tutorial['accuracy']:.2%} after an epoch"
            )
    return statistics.median(ratios), said


def seconds_to(home: Path, preset: str, threads: int, rounds: int = 3) -> tuple[float, str]:
    """(median seconds from the first step until the preset's target is validated, what happened in words)."""
    from core.presets import PRESETS

    config = PRESETS[preset].make(PRESETS[preset].dataset or "mnist")
    with engine(home) as service:
        runs = [watched(service, config.to_dict() | {"threads": threads, "seed": seed}) for seed in range(rounds)]
    reached = [run.reached if run.reached is not None else float("inf") for run in runs]
    accuracies = ", ".join(f"{run.accuracy:.2%}" for run in runs)
    missed = sum(run.reached is None for run in runs)
    return statistics.median(reached), f"{accuracies}" + (f"; {missed} of {rounds} missed" if missed else "")
