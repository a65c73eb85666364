"""How much being watched costs a run: the live run with one draining client against the same loop bare."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
from pathlib import Path

from tests.browser.app_server import ROOT

CONFIG = {"epochs": 60, "batch_size": 64}
BARE = """
import time
from core.config import load
from core.runs.worker import prepare_process
from core.training.loop import train
from core.training.task import make_task
prepare_process()
config = load({config!r}).resolved(device="cpu", threads=1)
task = make_task(config)
first = None
for event in train(task, config.epochs):
    first = first or time.perf_counter()
print(time.perf_counter() - first)
"""


def bare_seconds() -> float:
    """The loop in a fresh process of the same niceness, nothing attached."""
    code = BARE.format(config=CONFIG)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def live_against_bare(home: Path, rounds: int = 5) -> tuple[float, float]:
    """(median over rounds of bare seconds / live seconds, bare pictures a second)."""
    os.environ["LIVETORCH_HOME"] = str(home)
    from core.config import load
    from core.runs.service import close_service, service

    live, bare = [], []
    visitor = "b" * 22
    service().client.ready.wait(60)
    for _round in range(rounds):
        bare.append(bare_seconds())
        run = service().submit(visitor, load(CONFIG | {"threads": 1}))
        record = service().record(run.id, visitor)
        woken = threading.Event()
        unwatch = service().watch(record, woken.set)
        cursor = 0
        while record.active:
            woken.wait(1.0)
            woken.clear()
            cursor = record.log.since(cursor)["to"]
        unwatch()
        live.append(record.log.seconds)
        service().delete(run.id, visitor)
    close_service()
    pictures = 1437 * CONFIG["epochs"] / statistics.median(bare)
    return statistics.median(b / one for b, one in zip(bare, live, strict=True)), pictures
