"""The transfer page in a real browser: the drawn shapes are taught, looked at, mended, taught again and taken away."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from PIL import Image

from bench.browser import until
from tests.browser.training_page import TrainingPage

pytestmark = pytest.mark.browser
# the smallest backbone, with random weights, which are never missing
QUERY = "?transfer_backbone=formula&transfer_pretrained=off&transfer_epochs=10&transfer_lr=0.003"


class Transfer(TrainingPage):
    """The transfer page."""

    room = address = "transfer"
    patience = 120

    def __init__(self, page, server, query: str = QUERY) -> None:
        super().__init__(page, server, query)

    def tab(self, name: str) -> None:
        self.page.locator(".st-key-transfer_predict_tab").get_by_text(name, exact=True).click()


def test_own_classes_are_taught_looked_at_mended_and_taken_away(page, server):
    transfer = Transfer(page, server)
    until(lambda: page.locator(".st-key-transfer_train button:visible:enabled").count() > 0, 60)
    transfer.press("train")
    transfer.reaches("finished")
    told = json.loads(transfer.data()["metrics"])
    assert transfer.data()["step"] == "60" and told["train"]["loss"] < 1.0  # from ln 3 and more
    first = transfer.data()["runId"]

    file = io.BytesIO()
    Image.new("RGB", (90, 60), (200, 120, 40)).save(file, "PNG")
    new = {"name": "new.png", "mimeType": "image/png", "buffer": file.getvalue()}
    transfer.panel("try")
    page.locator(".lt-try-bring input[type=file]").set_input_files(new)
    until(lambda: page.locator(".lt-try-verdict").inner_text().startswith("Step 60"), 60)
    page.get_by_role("button", name="One of the run's").click()
    until(lambda: "It is circle" in page.locator(".lt-try-verdict").inner_text(), 30)
    panel = transfer.view("try")
    shares = [float(row.get_attribute("data-probability")) for row in panel.locator(".lt-bar").all()]
    assert len(shares) == 3 and sum(shares) == pytest.approx(1.0, abs=1e-3)
    assert panel.locator("canvas").is_visible()
    wall = transfer.view("predictions")
    until(lambda: wall.locator(".lt-photo:visible").count() == 30)
    until(lambda: wall.locator(".lt-photo img").first.evaluate("one => one.naturalWidth") > 0)

    transfer.tab("Find and mend")
    panel = transfer.view("classes")
    counts = [int(cell or 0) for cell in panel.locator(".lt-matrix td button").all_inner_texts()]
    assert sum(counts) == 30 and sum(counts[::4]) == round(30 * told["validation"]["accuracy"])
    place = max(range(9), key=counts.__getitem__)
    panel.locator(".lt-matrix td button").nth(place).click()
    until(lambda: page.locator(".lt-view[data-view=predictions] .lt-photo:visible").count() == counts[place])
    assert transfer.view("map").locator(".lt-map-plot").get_attribute("data-points") == "120"
    assert transfer.view("advice").locator(".lt-advice li").count() >= 1

    wall = transfer.view("predictions")
    wall.locator(".lt-photo:visible").first.click()
    other = wall.locator(".lt-mend-classes button[aria-pressed=false]").first
    other.click()
    until(lambda: page.locator(".st-key-transfer_retrain button:visible").count() == 1, 30)
    assert "1 with another class" in page.locator(".st-key-transfer_retrain_offer").inner_text()
    transfer.press("retrain")
    until(lambda: transfer.data().get("runId") not in ("", first), 30)
    transfer.reaches("finished")
    assert page.locator(".lt-problem:visible").count() == 0

    transfer.tab("Take away")
    link = page.locator(".st-key-transfer_take_takeaway a").get_attribute("href")
    answer = page.request.get(server.url + link)
    assert answer.ok
    names = zipfile.ZipFile(io.BytesIO(answer.body())).namelist()
    assert {"train.py", "predict.py", "weights.safetensors"} <= set(names)
    assert sum(name.startswith("pictures/") for name in names) == 120


def test_a_phone_shows_it_without_scrolling_sideways(page, server):
    page.set_viewport_size({"width": 390, "height": 844})
    Transfer(page, server)
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
