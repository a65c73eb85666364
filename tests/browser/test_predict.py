"""The tab "Predict": pictures named by several networks, an answer explained, on to another page with the same picture."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from PIL import Image

from bench.browser import until
from core.backbones.registry import ZOO

pytestmark = pytest.mark.browser


def answered(page: Any) -> str | None:
    """Answers that have come, of those that are asked for."""
    return str(page.evaluate("() => document.querySelector('.lt-predict')?.dataset.done ?? ''"))


def photo() -> dict[str, Any]:
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((300, 200)).save(file, "JPEG")
    return {"name": "mine.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def test_pictures_are_named_and_an_answer_is_explained(page, server):
    page.goto(f"{server.url}/transfer?tab=predict")
    page.locator(".lt-predict").wait_for(timeout=60_000)
    page.locator(".st-key-transfer_predict_models button").filter(has_text="SqueezeNet 1.1").click()
    until(lambda: answered(page) == "4/4", 60)  # two photos, and MobileNetV2 to begin with
    cards = page.locator(".lt-predict-card")
    assert cards.count() == 2 and cards.first.locator(".lt-guess").count() == 10
    assert "%" in cards.first.locator(".lt-guess").first.inner_text()
    assert page.locator(".lt-predict-table tbody tr").count() == 2
    if not ZOO["squeezenet1_1"].available():
        assert "nothing was learned" in page.locator(".lt-predict-random").inner_text()
        assert page.locator(".st-key-transfer_predict_squeezenet1_1_download button:visible").count() > 0

    cards.first.locator("[data-backbone=squeezenet1_1] .lt-guess").first.click()
    page.locator(".lt-predict-why .lt-attribution[data-kind=shown]").wait_for(timeout=60_000)
    page.locator(".lt-predict-over:visible").wait_for(timeout=10_000)
    page.keyboard.press("Escape")
    assert page.locator(".lt-predict-why:not(:empty)").count() == 0
    assert page.evaluate("() => document.activeElement.className") == "lt-guess"  # where the visitor was

    page.locator("input[type=file]").first.set_input_files(photo())
    until(lambda: answered(page) == "2/2", 60)
    assert cards.get_attribute("aria-label") == "mine.jpg"
    cards.locator(".lt-guess").first.click()
    page.locator("[data-what=inside]").click()
    page.wait_for_url(re.compile("/features"), timeout=20_000)
    assert re.search("picture=[0-9a-f]{64}", page.url)
    page.locator(".lt-attribution[data-kind=shown]").first.wait_for(timeout=60_000)
    assert "/ 3" in page.locator(".lt-inspect-bar").first.inner_text()  # before the two samples
