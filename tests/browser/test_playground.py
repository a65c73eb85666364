"""What only a browser shows of the playground: the stage while it trains, weights set by hand, points painted."""

from __future__ import annotations

import pytest

from bench.browser import until
from tests.browser.training_page import TrainingPage

pytestmark = pytest.mark.browser


class Playground(TrainingPage):
    """The playground."""

    room, address = "mlp", "playground"
    appears = (".lt-mlp[data-kind]",)

    def stage(self, name: str) -> str:
        return self.page.locator(".lt-mlp").get_attribute(f"data-{name}") or ""

    def node(self, layer: int, index: int):
        return self.page.locator(f".lt-mlp-node[data-node='{layer}:{index}']")

    def said(self) -> str:
        return self.page.locator(".lt-mlp-said").inner_text().replace("−", "-")

    def set(self, value: float) -> None:
        field = self.page.get_by_label("New value")
        field.fill(str(value))
        field.press("Enter")

    def ink(self) -> int:
        """How many different colours the large map shows."""
        return self.page.locator(".lt-mlp-map").evaluate(
            "c => new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size"
        )


def middle(locator) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_stage_shows_the_run_and_answers_to_the_hand(page, server):
    play = Playground(page, server, "?mlp_epochs=100000")
    until(lambda: play.stage("kind") == "preview" and play.ink() > 20, 30)
    assert play.stage("neurons") == "4,2,1"
    page.get_by_role("button", name="One neuron more in layer 1").click()
    until(lambda: play.stage("neurons") == "5,2,1", 20)
    page.locator("[data-input=product]").click()
    until(lambda: page.locator("[data-input=product]").get_attribute("aria-checked") == "true", 20)
    play.train()
    until(lambda: play.stage("kind") == "run", 20)
    seen = int(play.stage("step"))
    until(lambda: int(play.stage("step")) > seen)
    play.node(0, 0).hover()
    until(lambda: "layer 1, neuron 1: bias" in play.said() and "Over the training points" in play.said())
    assert "layer 1, neuron 1" in page.locator(".lt-mlp-plane h4").inner_text()
    play.press("pause")
    play.reaches("paused")
    page.locator("[data-toggle=gradients]").check()
    (x0, y0), (x1, y1) = middle(play.node(1, 0)), middle(play.node(2, 0))
    page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2)  # half way lies the link
    until(lambda: "From layer 2, neuron 1 to output" in play.said() and "Its gradient is" in play.said())
    page.mouse.down()
    page.mouse.up()
    play.set(-2.5)
    page.mouse.move(5, 5)
    until(lambda: "weight -2.500" in play.said())  # also while nothing is trained
    play.node(0, 2).click()
    play.set(1.25)
    until(lambda: "bias 1.250" in play.said())
    edits = page.request.get(f"{server.url}/api/runs/{play.data()['runId']}").json()
    assert edits["state"] == "paused"
    play.press("stop")
    play.reaches("stopped")


def test_points_are_painted_also_while_it_trains_and_a_phone_shows_it_all(page, server):
    play = Playground(page, server, "?mlp_dataset=drawn&mlp_classes=3&mlp_loss=cross_entropy&mlp_epochs=100000")
    canvas = page.locator(".lt-mlp-map")
    canvas.scroll_into_view_if_needed()
    note = page.locator(".lt-mlp-paint .lt-note")
    assert play.button("train").is_disabled()

    def stroke(brush: object, height: float) -> None:
        page.locator(f"[data-brush='{brush}']").click()
        box = canvas.bounding_box()
        page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + height * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + height * box["height"], steps=12)
        page.mouse.up()

    for brush in range(3):
        stroke(brush, 0.2 + 0.3 * brush)
    assert int(note.inner_text().split()[0]) > 20
    until(lambda: play.stage("kind") == "preview" and play.button("train").is_enabled(), 20)
    play.train()
    until(lambda: play.stage("kind") == "run", 20)
    before = int(note.inner_text().split()[0])
    stroke("erase", 0.2)
    until(lambda: int(note.inner_text().split()[0]) < before)
    canvas.focus()
    for key in ("ArrowRight", "ArrowUp", "Space"):
        page.keyboard.press(key)
    page.get_by_text("points (").first.wait_for(timeout=20_000)  # the edit is marked on the curves
    assert page.locator(".lt-problem:visible").count() == 0 and page.locator("[data-testid=stAlert]").count() == 0
    page.set_viewport_size({"width": 390, "height": 844})
    until(lambda: page.locator(".lt-mlp-board").get_attribute("data-narrow") == "true")
    until(lambda: page.evaluate("() => document.documentElement.scrollWidth") <= 390)
    assert canvas.bounding_box()["width"] > 290
    page.set_viewport_size({"width": 1440, "height": 900})
    play.press("stop")
    play.reaches("stopped")


def test_every_neuron_of_a_wide_layer_can_be_touched_on_a_phone(page, server):
    page.set_viewport_size({"width": 390, "height": 844})
    play = Playground(page, server, "?mlp_layer1_neurons=32")
    until(lambda: play.stage("neurons") == "32,2,1", 20)
    box, screen = play.node(0, 31).bounding_box(), page.locator(".lt-mlp-scroll")
    assert box["width"] == box["height"] == 24
    height, seen = screen.evaluate("e => [e.scrollHeight, e.clientHeight]")
    assert height > 900 and seen == 540
    play.node(0, 31).click()
    until(lambda: "layer 1, neuron 32: bias" in play.said())
    assert screen.evaluate("e => e.scrollTop") > 300
    assert play.node(-1, 0).bounding_box()["width"] == 40  # inputs stay large
