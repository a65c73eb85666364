"""The loss landscape in a real browser: it grows row by row, can be cancelled, and shows the run's path."""

from __future__ import annotations

import pytest

from bench.browser import until
from tests.browser.inspecting import open_inside, trained

pytestmark = pytest.mark.browser


def test_a_landscape_grows_is_cancelled_and_drawn_otherwise(page, server):
    trained(page, server, "cnn", "?cnn_epochs=3")
    open_inside(page, server, "landscape")
    picture = page.locator(".lt-landscape")
    until(lambda: int(picture.get_attribute("data-rows") or 0) >= 2, 60)
    page.locator("[data-landscape=cancel]:visible").click()
    until(lambda: "Stopped after" in picture.inner_text(), 10)
    assert page.locator(".lt-landscape .scatterlayer .point").count() >= 3  # the path, and the star
    page.locator("[data-choose=shape]").select_option("slice")
    until(lambda: "Loss at the star" in picture.inner_text() and picture.get_attribute("data-kind") == "slice", 30)
    until(lambda: page.locator(".lt-landscape .scatterlayer .point").count() >= 13, 30)
    page.locator("[data-choose=kind]").select_option("random")
    until(lambda: page.get_by_text("first random direction").count() == 1, 30)


def test_the_slider_goes_back_and_a_branch_goes_on(page, server):
    trained(page, server, "cnn", "?cnn_epochs=4")
    step = int(page.evaluate("() => document.querySelector('.live-run').dataset.step"))
    page.locator(".lt-views").scroll_into_view_if_needed()
    shown = page.locator(".lt-view:not([hidden])")
    until(lambda: shown.get_attribute("data-step") == str(step), 30)
    number = page.locator(".lt-moment input[type=number]")
    number.fill("30")
    number.press("Enter")
    until(lambda: shown.get_attribute("data-step") == "30", 60)
    assert f"after step 30 of {step}" in page.locator(".lt-moment").inner_text()
    page.locator("[data-moment=branch]").click()
    rate = page.locator(".st-key-cnn_branch_optimizer_learning_rate input")
    rate.wait_for(timeout=20_000)
    rate.fill("0.02")
    rate.press("Enter")
    page.locator(".st-key-cnn_branch_start button").click()
    until(lambda: page.locator(".live-run[data-state=finished][data-overlays='1']").count() == 1, 60)
    assert page.evaluate("() => document.querySelector('.live-run').dataset.step") == str(step)
    page.locator("[data-moment=now]").scroll_into_view_if_needed()
    assert page.locator(".lt-race-table tbody tr").count() == 2
