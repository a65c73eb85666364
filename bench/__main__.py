"""Run every benchmark, print one table, write ``bench/results.json``."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from bench import augmentation, backbones, gan, inside, mlp, pictures, rnn, stage, transfer
from bench.browser import click_to_first_point, median, metric_to_paint, p95
from bench.load import reactions_under_load, rerun_milliseconds
from bench.training import live_against_bare, live_against_tutorial, mnist_is_here, seconds_to
from core.runs.limits import cores
from tests.browser.app_server import app_server, chromium

RESULTS = Path(__file__).parent / "results.json"
Row = tuple[str, float, str, str, str]  # name, value, unit, bar, what


def in_the_browser(home: Path) -> list[Row]:
    """What a visitor waits for."""
    with app_server(home) as server, chromium() as browser:
        first, pause, stop = click_to_first_point(browser, server)
        ages = metric_to_paint(browser, server)
    return [
        ("live.click_to_first_point_p95_ms", p95(first), "ms", "<= 500", "click on Train to the first painted point"),
        ("live.metric_to_paint_p95_ms", p95(ages), "ms", "<= 150", "newest metric's age when painted"),
        ("live.metric_to_paint_p50_ms", median(ages), "ms", "", "the same, median"),
        ("live.pause_shown_p95_ms", p95(pause), "ms", "<= 300", "click on Pause to 'paused' on screen"),
        ("live.stop_shown_p95_ms", p95(stop), "ms", "<= 300", "click on Stop to 'stopped' on screen"),
    ]


def on_the_server(home: Path) -> list[Row]:
    """What the server does for one and for many."""
    reruns = rerun_milliseconds(home / "rerun")
    with app_server(home / "load", LIVETORCH_THREADS="1") as server:
        reactions = reactions_under_load(server, sessions=30, seconds=10.0)
    return [
        ("page.rerun_p50_ms", median(reruns), "ms", "<= 60", "CNN page rerun after a slider moved, in the server"),
        ("load.reaction_p95_ms", p95(reactions), "ms", "<= 500", "30 sessions watch 2 runs: slider to new page"),
        ("load.sessions", 30.0, "sessions", "", f"{len(reactions)} reactions measured"),
    ]


def training(home: Path) -> list[Row]:
    """How fast runs train on all cores."""
    ratio, bare = live_against_bare(home / "ratio")
    rows: list[Row] = [
        ("cnn.live_vs_unwatched", ratio, "x", ">= 0.95", f"one draining client; bare loop {bare:,.0f} pictures/s")
    ]
    if not mnist_is_here():
        print("No MNIST and Fashion-MNIST under LIVETORCH_DATA: their benchmarks are left out.")
        return rows
    ratio, said = live_against_tutorial(home / "tutorial", cores())
    rows.append(("cnn.live_vs_tutorial", ratio, "x", ">= 4", said))
    for name, preset, bar in (
        ("cnn.mnist99_seconds", "mnist99", "<= 6"),
        ("cnn.fashion91_seconds", "fashion91", "<= 30"),
    ):
        seconds, said = seconds_to(home / preset, preset, cores())
        rows.append((name, seconds, "s", bar, f"first step to validated target, {cores()} threads: {said}"))
    return rows


def families(home: Path) -> list[Row]:
    """What each page's presets promise."""
    return [
        row
        for bench in (mlp, stage, rnn, gan, inside, backbones, augmentation, pictures, transfer)
        for row in bench.rows(home / bench.__name__)
    ]


def machine() -> Row:
    """How fast this machine is just now, to read the milliseconds by; shared ones vary threefold."""
    seconds = []
    for _round in range(5):
        began, total = time.perf_counter(), 0
        for number in range(1_000_000):
            total += number
        seconds.append(1e3 * (time.perf_counter() - began))
    return "machine.million_additions_ms", median(seconds), "ms", "", "plain Python, to read the milliseconds by"


def main() -> None:
    rows: list[Row] = [machine()]
    with tempfile.TemporaryDirectory() as folder:
        rows += training(Path(folder))
        rows += families(Path(folder))
        rows += in_the_browser(Path(folder) / "browser")
        rows += on_the_server(Path(folder))
    rows.append(machine())
    width = max(len(row[0]) for row in rows)
    for name, value, unit, bar, what in rows:
        print(f"{name:<{width}}  {value:>10.2f} {unit:<8} {bar:<8} {what}")
    said = [dict(zip(("name", "value", "unit", "bar", "what"), row, strict=True)) for row in rows]
    RESULTS.write_text(json.dumps(said, indent=1) + "\n")


if __name__ == "__main__":
    main()
