"""Every page that trains: nothing scrolls sideways, buttons can be hit, and its picture may be kept."""

from __future__ import annotations

import json
import os

import pytest

from bench.browser import until
from tests.browser.app_server import ROOT

pytestmark = pytest.mark.browser

PAGES = {  # address -> what is set, and the step from which the picture is worth looking at
    "playground": ("?mlp_epochs=2000", 5000),
    "rnn": ("?rnn_epochs=900", 300),
    "gan": ("?gan_epochs=20", 700),
}


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_screenshots_of_a_page_that_trains(browser, server, address, width, scheme):
    query, worth = PAGES[address]
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, has_touch=width < 640)
    page = context.new_page()
    page.goto(f"{server.url}/{address}{query}")
    live = page.locator(".live-run")
    live.wait_for()
    until(lambda: page.locator("[class*='_train'] button:visible").first.is_enabled(), 30)
    page.locator("[class*='_train'] button:visible").first.click()
    least = worth if os.environ.get("LIVETORCH_SCREENSHOTS") else 1
    until(lambda: int(live.get_attribute("data-step") or 0) >= least, 60)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    if width < 640:
        heights = [box.bounding_box()["height"] for box in page.locator("[class*='_transport'] button:visible").all()]
        assert len(heights) >= 5 and min(heights) >= 40
    if folder := os.environ.get("LIVETORCH_SCREENSHOTS"):
        page.mouse.move(0, 0)
        page.screenshot(path=ROOT / folder / f"{address}-{width}-{scheme}.png")
    page.locator("[class*='_stop'] button:visible").first.click()
    until(lambda: live.get_attribute("data-state") in ("stopped", "finished"))
    context.close()


WIDE = [(1440, "light")] if os.environ.get("LIVETORCH_SCREENSHOTS") else []


@pytest.mark.parametrize("address", ["transfer", "augmentation"])
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), *WIDE])
def test_screenshots_of_a_page_for_pictures(browser, server, address, width, scheme):
    """The drawn shapes are taught with the best backbone that is here: without any weights, the one that comes along."""
    context = browser.new_context(viewport={"width": width, "height": 1000}, color_scheme=scheme, has_touch=width < 640)
    page = context.new_page()
    if address == "transfer":
        page.goto(f"{server.url}/transfer")
        train = page.locator(".st-key-transfer_train button:visible:enabled")
        train.wait_for(timeout=60_000)
        train.click()
        until(lambda: page.locator(".live-run").get_attribute("data-drawn") == "finished", 60)
        metrics = json.loads(page.locator(".live-run").get_attribute("data-metrics") or "{}")
        assert metrics["train"]["accuracy"] > 0.6  # of three classes; it may not be more than learned by heart
    else:
        page.goto(f"{server.url}/augmentation")
        page.locator(".lt-aug-chain img").first.wait_for(timeout=60_000)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("LIVETORCH_SCREENSHOTS"):
        page.mouse.move(0, 0)
        page.wait_for_timeout(1500)  # pictures fade in
        page.screenshot(path=ROOT / folder / f"{address}-{width}-{scheme}.png")
    context.close()
