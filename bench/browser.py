"""What a visitor waits for, measured inside the browser."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from tests.browser.app_server import AppServer

# Notes the moment of each press on a transport button and of each change that is painted after it.
OBSERVER = """() => {
  window.bench = {pressed: 0, run: 0, painted: 0, state: 0, ages: []};
  document.addEventListener('click', (event) => {
    if (event.target.closest('[class*="_transport"] button')) window.bench = {...window.bench, pressed: performance.now(), run: 0, painted: 0, state: 0};
  }, true);
  let step = '', run = '', state = '';
  new MutationObserver(() => {
    const live = document.querySelector('.live-run');
    if (!live) return;
    const now = performance.now(), data = live.dataset;
    if (data.runId !== run) { run = data.runId; window.bench.run ||= now; }
    if (data.state !== state) { state = data.state; window.bench.state ||= now; }
    if (data.step !== step) {
      step = data.step;
      if (Number(step) >= 1) window.bench.painted ||= now;
      if (data.state === 'running') window.bench.ages.push(Date.now() - 1000 * Number(data.metricTime));
    }
  }).observe(document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ['data-step', 'data-run-id', 'data-state']});
}"""


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not pass."""
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def until(condition: Callable[[], Any], seconds: float = 15.0) -> Any:
    """Poll ``condition`` until it holds; returns its value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError("the page did not get there")
        time.sleep(0.03)
    return value


class CnnPage:
    """The CNN page in one browser tab."""

    def __init__(self, browser: Any, server: AppServer, query: str = "") -> None:
        self.context = browser.new_context(viewport={"width": 1440, "height": 900})
        self.page = self.context.new_page()
        self.page.goto(f"{server.url}/cnn{query}")
        self.page.locator(".lt-table").first.wait_for(timeout=30_000)
        self.page.locator(".live-run .plot-container").first.wait_for(timeout=30_000)
        self.page.evaluate(OBSERVER)

    def press(self, what: str) -> None:
        self.page.locator(f".st-key-cnn_{what} button:visible:enabled").click(timeout=15_000)

    def state(self) -> str:
        return str(self.page.evaluate("() => document.querySelector('.live-run')?.dataset.state"))

    def bench(self) -> dict[str, Any]:
        return dict(self.page.evaluate("() => window.bench"))

    def shown_after_press(self, states: tuple[str, ...]) -> float:
        """Milliseconds from the last press to the paint of one of ``states``."""
        until(lambda: self.state() in states)
        noted = self.bench()
        return float(noted["state"] - noted["pressed"])

    def close(self) -> None:
        self.context.close()


def click_to_first_point(
    browser: Any, server: AppServer, rounds: int = 12
) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds to the first painted point, to Pause and to Stop being shown, of several runs."""
    first, pause, stop = [], [], []
    page = CnnPage(browser, server, "?cnn_epochs=200")
    for _round in range(rounds):
        page.press("train")
        until(lambda: page.bench()["painted"])
        noted = page.bench()
        first.append(noted["painted"] - noted["pressed"])
        time.sleep(0.7)
        page.press("pause")
        pause.append(page.shown_after_press(("paused",)))
        time.sleep(0.3)
        page.press("stop")
        stop.append(page.shown_after_press(("stopped",)))
        time.sleep(0.5)
    page.close()
    return first, pause, stop


def metric_to_paint(browser: Any, server: AppServer, seconds: float = 8.0) -> list[float]:
    """Ages in milliseconds of the newest metric at the moment it is painted."""
    page = CnnPage(browser, server, "?cnn_epochs=200&cnn_batch_size=8")
    page.press("train")
    until(lambda: page.bench()["painted"])
    time.sleep(1.0)
    page.page.evaluate("() => { window.bench.ages = [] }")
    time.sleep(seconds)
    ages = list(page.bench()["ages"])
    page.press("stop")
    page.shown_after_press(("stopped", "finished"))
    page.close()
    return ages


def median(values: list[float]) -> float:
    return statistics.median(values)
