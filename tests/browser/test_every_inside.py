"""Every page that looks inside: it shows something of a real run, nothing scrolls sideways, and its picture may be kept."""

from __future__ import annotations

import os

import pytest

from bench.browser import until
from tests.browser.app_server import ROOT
from tests.browser.inspecting import trained

pytestmark = pytest.mark.browser

SHOWN = {  # page -> what is there once it has an answer
    "graph": ".lt-graph svg rect",
    "gradients": ".lt-health-lines .scatterlayer .trace",
    "step": ".lt-step-chain > *, .lt-step canvas",
    "arithmetic": ".lt-inspect canvas",
    "features": ".lt-inspect canvas",
    "landscape": ".lt-landscape .scatterlayer .point",
}
SIZES = [(390, "dark"), (1440, "light")] if os.environ.get("LIVETORCH_SCREENSHOTS") else [(390, "dark")]


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_screenshots_of_every_page_that_looks_inside(browser, server, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, has_touch=width < 640)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    trained(page, server, "cnn", "?cnn_epochs=4")
    for address, shown in SHOWN.items():
        page.goto(f"{server.url}/{address}")
        page.locator(".lt-inspect").wait_for(timeout=60_000)
        until(lambda shown=shown: page.locator(shown).count() > 0, 60)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, address
        if folder := os.environ.get("LIVETORCH_SCREENSHOTS"):
            page.wait_for_timeout(4000)
            page.mouse.move(0, 0)
            page.screenshot(path=ROOT / folder / f"{address}-{width}-{scheme}.png")
    assert errors == []
    context.close()
