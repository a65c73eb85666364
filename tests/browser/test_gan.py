"""What only a browser shows of the two players: the stage while they learn, the views, and points drawn by hand."""

from __future__ import annotations

import json

import pytest

from bench.browser import until
from tests.browser.training_page import TrainingPage

pytestmark = pytest.mark.browser
QUICK = "gan_batch_size=32&gan_generator_layers=1&gan_discriminator_layers=1&gan_epochs=500"


class Gan(TrainingPage):
    """The page of the two players."""

    room = address = "gan"
    appears = (".lt-gan-plane[data-points='400']",)  # the preview, before any run

    def __init__(self, page, server, query: str = QUICK) -> None:
        super().__init__(page, server, f"?{query}")

    def stage_step(self) -> int:
        return int(self.page.locator(".lt-gan-stage").get_attribute("data-step") or -1)

    def value(self, part: str) -> str:
        where = f".lt-gan-stage .lt-gan-box[data-part={part}] .lt-gan-value"
        return str(self.page.locator(where).text_content())

    def edits(self) -> list[dict]:
        return list(self.page.request.get(f"{self.server.url}/api/runs/{self.data()['runId']}").json()["edits"])


def test_the_stage_answers_while_the_players_learn(page, server):
    gan = Gan(page, server, f"{QUICK}&gan_latent_dimension=2")
    assert gan.stage_step() == 0
    gan.press("step_discriminator")
    until(lambda: gan.step() == 1 and gan.stage_step() == 1)
    latest = json.loads(gan.data()["metrics"])["train"]
    assert gan.value("d_real") == f"{latest['d_real']:.3f}"  # what the picture says is what was measured
    gan.press("train")
    seen = gan.stage_step()
    until(lambda: gan.stage_step() > seen + 50)
    slow = gan.view("slow")
    phases = []
    for _phase in range(12):
        phases.append(slow.get_attribute("data-phase"))
        slow.press("ArrowRight")
    assert phases[:2] == ["z_d", "fake_d"] and phases[-1] == "update_g" and len(set(phases)) == 12
    until(lambda: int(gan.view("history").get_attribute("data-moments") or 0) > 1)
    assert gan.view("warp").get_attribute("data-cells") == "289"
    gan.view("interpolation")
    assert page.locator(".lt-problem:visible").count() == 0
    until(lambda: page.locator(".lt-gan-verdict").get_attribute("data-verdict") != "none")
    gan.end()


def test_points_are_drawn_into_a_run_that_is_on(page, server):
    gan = Gan(page, server, f"{QUICK}&gan_dataset=drawn")
    plane = page.locator(".lt-gan-plane").first
    assert plane.get_attribute("data-drawn") == "60"
    gan.press("train")
    until(lambda: gan.step() > 0 and gan.stage_step() > 0)
    plane = page.locator(".lt-gan-plane").first
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.9 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.9 * box["height"], steps=4)
    page.mouse.up()
    until(lambda: [edit["name"] for edit in gan.edits()][-1:] == ["data.points"])
    drawn = int(plane.get_attribute("data-drawn"))
    assert drawn > 60
    until(lambda: len(gan.edits()[-1]["value"]) == drawn)
    page.locator("[data-tool=erase]").click()
    page.mouse.click(box["x"] + 0.2 * box["width"], box["y"] + 0.9 * box["height"])
    until(lambda: len(gan.edits()[-1]["value"]) < drawn)
    plane.focus()
    before = len(gan.edits()[-1]["value"])
    page.locator("[data-tool=draw]").click()
    plane.focus()
    page.keyboard.press("Space")
    until(lambda: len(gan.edits()[-1]["value"]) == before + 1)
    gan.end()


def test_the_page_fits_a_phone(browser, server):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    page = context.new_page()
    Gan(page, server)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    low = [
        one.inner_text()
        for one in page.locator(".live-run :is(button, select):visible").all()
        if one.bounding_box()["height"] < 40
    ]
    assert low == []
    context.close()
