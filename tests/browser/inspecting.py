"""What browser tests of the pages that look inside share."""

from __future__ import annotations

from typing import Any

from bench.browser import until
from tests.browser.training_page import live

ADDRESSES = {"cnn": "cnn", "mlp": "playground", "rnn": "rnn", "gan": "gan"}
OVER = ("finished", "stopped")


def trained(page: Any, server: Any, room: str, query: str = "", steps: int = 20) -> str:
    """Train in ``room`` until it ends or has taken ``steps`` steps, then stop; returns the run's id."""
    page.goto(f"{server.url}/{ADDRESSES[room]}{query}")
    page.locator(".live-run").wait_for(timeout=30_000)
    page.locator(f".st-key-{room}_train button:visible:enabled").click(timeout=15_000)

    until(lambda: live(page).get("drawn") in OVER or (not query and int(live(page).get("step") or 0) >= steps), 60)
    if live(page).get("drawn") not in OVER:
        page.locator(f".st-key-{room}_stop button:visible:enabled").click(timeout=15_000)
        until(lambda: live(page).get("drawn") in OVER, 30)
    return live(page)["runId"]


def open_inside(page: Any, server: Any, name: str, query: str = "") -> None:
    """Open a page that looks inside; it chooses the newest run."""
    page.goto(f"{server.url}/{name}{query}")
    page.locator(".lt-inspect").wait_for(timeout=30_000)
