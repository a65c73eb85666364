"""How often the playground's stage is redrawn while it trains, and how fast that training is, in a real browser."""

from __future__ import annotations

import statistics
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.browser.app_server import AppServer, app_server, chromium

Row = tuple[str, float, str, str, str]
SETTLE, SECONDS, ROUNDS = 3.0, 4.0, 3
ENDLESS = "?mlp_threads=1&mlp_epochs=100000"
WIDE = f"{ENDLESS}&mlp_dataset=spiral&mlp_classes=5&mlp_loss=cross_entropy&mlp_layer1_neurons=24&mlp_layer2_neurons=16"
# The stage is drawn inside animation frames and says last of which step it is: each change is one more redrawn frame.
COUNTER = """() => {
  window.bench = {paints: 0};
  const count = () => requestAnimationFrame(() => { window.bench.paints += 1; });
  new MutationObserver(count).observe(document.querySelector('.lt-mlp'), {attributes: true, attributeFilter: ['data-step']});
}"""
READING = (
    "() => [performance.now() / 1000, window.bench.paints, Number(document.querySelector('.live-run').dataset.epoch)]"
)


def rates(browser: Any, server: AppServer, query: str) -> tuple[float, float]:
    """(paints a second, epochs a second) of a run that is on, medians of some stretches of time."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{server.url}/playground{query}")
    page.locator(".lt-mlp[data-kind=preview]").wait_for(timeout=30_000)
    page.locator(".live-run .plot-container").first.wait_for(timeout=30_000)
    page.locator(".st-key-mlp_train button:visible:enabled").click(timeout=15_000)
    page.locator(".lt-mlp[data-kind=run]").wait_for(timeout=30_000)
    time.sleep(SETTLE)
    page.evaluate(COUNTER)
    readings = [page.evaluate(READING)]
    for _round in range(ROUNDS):
        time.sleep(SECONDS)
        readings.append(page.evaluate(READING))
    page.locator(".st-key-mlp_stop button:visible:enabled").click(timeout=15_000)
    page.locator(".live-run[data-drawn=stopped]").wait_for(timeout=15_000)
    context.close()
    stretches = [
        [(now - before) / (after[0] - earlier[0]) for before, now in zip(earlier[1:], after[1:], strict=True)]
        for earlier, after in pairwise(readings)
    ]
    paints, epochs = zip(*stretches, strict=True)
    return statistics.median(paints), statistics.median(epochs)


def rows(home: Path) -> list[Row]:
    """The default set-up and a wide one, each with training at its own speed beside it."""
    with app_server(home, LIVETORCH_THREADS="1") as server, chromium() as browser:
        paints, epochs = rates(browser, server, ENDLESS)
        wide, wide_epochs = rates(browser, server, WIDE)
    return [
        (
            "playground.paints_per_second",
            paints,
            "paints/s",
            ">= 20",
            f"the stage at 2-4-2-1 with {epochs:.0f} epochs/s",
        ),
        ("playground.watched_epochs_per_second", epochs, "epochs/s", ">= 150", "eager, in the same seconds"),
        (
            "playground.wide_paints_per_second",
            wide,
            "paints/s",
            "",
            f"the stage at 2-24-16-5, five classes, with {wide_epochs:.0f} epochs/s of 25 steps",
        ),
    ]


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Path(folder)):
            print(*row)
