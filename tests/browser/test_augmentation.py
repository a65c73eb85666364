"""From a recipe to a run: transforms are added, their pictures seen, a value changed, and a network trained with it."""

from __future__ import annotations

import urllib.parse

import pytest

from bench.browser import until
from tests.browser.training_page import live

pytestmark = pytest.mark.browser


def recipe_in(page) -> str:
    """What the link says."""
    return urllib.parse.parse_qs(urllib.parse.urlsplit(page.evaluate("() => location.href")).query).get("recipe", [""])[
        0
    ]


def captions(page) -> list[str]:
    return [str(text) for text in page.locator(".lt-aug-chain").first.locator("figcaption b").all_text_contents()]


def settled(page) -> bool:
    return page.locator("[data-testid=stStatusWidget]").count() == 0


def test_a_recipe_is_built_seen_and_trained_with(page, server):
    page.goto(f"{server.url}/augmentation?from=digits&recipe=hflip_1")
    page.locator(".lt-aug-chain").first.wait_for(timeout=40_000)
    assert captions(page) == ["As it is", "Flip left to right"]
    assert "a flipped 2" in str(page.locator("[data-testid=stAlert]").first.text_content())

    page.get_by_role("button", name="Add a transform").click()
    page.get_by_role("button", name="Rotation", exact=True).click()
    until(lambda: captions(page) == ["As it is", "Flip left to right", "Rotation"])
    page.keyboard.press("Escape")
    before = page.locator(".lt-aug-chain img").nth(2).get_attribute("src")
    rotation = page.locator("[class*=st-key-augmentation_][class*=_card]").filter(has_text="Rotation")
    rotation.locator("summary").click()
    high = rotation.get_by_role("slider").nth(2)  # after the chance and the low end
    for _press in range(8):
        high.press("ArrowRight")
    until(lambda: "rotate_1_-15_23_black" in recipe_in(page))
    until(lambda: page.locator(".lt-aug-chain img").nth(2).get_attribute("src") != before)

    page.locator("[class*=st-key-augmentation_][class*=_card]").first.locator("summary").click()
    page.locator("[class*=st-key-augmentation_][class*=_remove] button:visible").first.click()
    until(lambda: captions(page) == ["As it is", "Rotation"])
    first = page.locator(".lt-aug-sheet .lt-aug-tile").first
    assert "°" in str(first.get_attribute("title"))
    assert page.locator(".lt-aug-sheet").first.locator("img").count() == 12

    page.get_by_role("button", name="Train with this").click()
    page.locator(".live-run").wait_for(timeout=30_000)
    train = page.locator(".st-key-cnn_train button:visible:enabled")
    train.wait_for(timeout=30_000)
    page.get_by_role("button", name="What the network sees").click()
    page.locator(".lt-aug-batch img").first.wait_for(timeout=30_000)
    assert page.locator(".lt-aug-batch").count() == 2
    page.keyboard.press("Escape")
    train.click(timeout=15_000)

    until(lambda: int(live(page).get("step") or 0) >= 5, 60)
    script = page.request.get(f"{server.url}/api/runs/{live(page)['runId']}/script.py").text()
    assert "v2.RandomRotation(degrees=(-15.0, 23.0)" in script
    page.locator(".st-key-cnn_stop button:visible:enabled").click(timeout=15_000)
    until(lambda: live(page).get("drawn") in ("stopped", "finished"))


def test_nothing_scrolls_sideways_on_a_telephone(browser, server):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    page = context.new_page()
    page.goto(f"{server.url}/augmentation?recipe=augmix_1_3_5~affine_1_-10_10_0.1_0.9_1.1_5_black~-cutmix_1")
    page.locator(".lt-aug-sheet").first.wait_for(timeout=40_000)
    until(lambda: settled(page))
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert page.locator(".lt-aug-sheet").count() >= 3  # two pictures, and both mixed
    context.close()
