"""The RNN page in a real browser: views whose numbers are the run's own, text that is steered, steps walked through."""

from __future__ import annotations

import json

import pytest

from bench.browser import until
from tests.browser.training_page import TrainingPage

pytestmark = pytest.mark.browser


class Rnn(TrainingPage):
    """The RNN page."""

    room = address = "rnn"
    appears = (".lt-unroll", ".live-run")


def test_a_forecast_is_followed_and_each_view_answers(page, server):
    rnn = Rnn(page, server, "?rnn_epochs=4&rnn_seed=3")
    panel = rnn.view("forecast")  # before a run: its first weights
    assert "Not trained yet" in panel.inner_text()
    untrained = panel.locator("td[data-method=network][data-span=one_step]").get_attribute("data-mase")
    rnn.press("train")
    rnn.reaches("finished")
    step = rnn.data()["step"]
    until(lambda: panel.get_attribute("data-step") == step)
    shown = float(panel.locator("td[data-method=network][data-span=one_step]").get_attribute("data-mase"))
    told = json.loads(rnn.data()["metrics"])["validation"]["mase"]
    assert shown == pytest.approx(told, rel=1e-3) and shown != float(untrained)
    assert panel.locator(".scatterlayer .trace").count() >= 4
    place = panel.locator("output").inner_text()
    panel.locator("input[type=range]").focus()
    page.keyboard.press("Home")  # the free run begins where the held-out part begins
    until(lambda: panel.locator("output").inner_text() != place)
    for name, found in (("hidden", ".lt-heat-canvas"), ("gates", ".lt-heat-canvas"), ("gradient", ".scatterlayer")):
        assert rnn.view(name).locator(f"{found}:visible").count() >= 1
    assert page.locator(".lt-gradient-verdict").inner_text().startswith("The gradient")
    assert "{" not in page.locator(".lt-gradient-verdict").inner_text()
    heat = rnn.view("hidden").locator(".lt-heat-canvas").first
    heat.focus()
    page.keyboard.press("ArrowRight")
    assert "unit 1, step 2" in page.locator(".lt-heat-read").first.inner_text()
    panel = rnn.view("step")
    assert "step 24 of 24" in panel.inner_text()
    panel.locator(".lt-unrolled").focus()
    page.keyboard.press("ArrowLeft")
    until(lambda: "step 23 of 24" in panel.inner_text())
    assert panel.locator(".lt-parts tbody tr").count() == 4  # three gates and the candidate
    assert page.locator(".lt-problem:visible").count() == 0


def test_text_is_sampled_and_steered_and_puzzles_are_shown(page, server):
    rnn = Rnn(page, server, "?rnn_dataset=stdlib&rnn_length=32&rnn_hidden=16&rnn_epochs=1&rnn_batch_size=512")
    panel = rnn.view("text")
    rnn.press("step")
    until(lambda: panel.get_attribute("data-step") == "1", 30)
    letters = panel.locator(".lt-characters").first.locator("span[data-at]")
    assert letters.count() == 200
    first = panel.locator(".lt-characters").first.inner_text()
    panel.get_by_role("button", name="Another").click()
    until(lambda: panel.locator(".lt-characters").first.inner_text() != first)
    panel.get_by_label("Begins with").fill("def ")
    until(lambda: panel.locator(".lt-said-before").first.inner_text() == "def ")
    letters.nth(3).hover()
    until(lambda: "Instead of" in panel.inner_text())
    bits = [float(row.get_attribute("data-bits")) for row in panel.locator(".lt-bar[data-method]").all()]
    assert bits[0] > bits[2] > bits[1] > 0  # one step: worse than unigram, which is worse than bigram
    rnn.end()
    page.locator(".st-key-rnn_presets button:visible").first.click()
    page.locator(".st-key-rnn_preset_adding_rnn button:visible").click()
    page.keyboard.press("Escape")
    rnn.press("step")
    panel = page.locator(".lt-view[data-view=sequences]")
    until(lambda: panel.locator(".lt-sequence").count() == 12, 30)
    assert panel.locator(".lt-addends i[data-marked=true]").count() == 24
    assert page.locator(".lt-tabs button[data-view=gates]").count() == 0  # a plain RNN has none
    rnn.press("stop")


@pytest.mark.parametrize("milliseconds", [0, 20, 60])
def test_step_right_after_a_preset_is_a_step_of_the_preset(page, server, milliseconds):
    rnn = Rnn(page, server, "?rnn_dataset=sunspots&rnn_length=32&rnn_batch_size=77")
    page.locator(".st-key-rnn_presets button:visible").first.click()
    page.locator(".st-key-rnn_preset_adding_rnn button:visible").wait_for()
    page.evaluate(
        """pause => {
            const click = key => [...document.querySelectorAll(`.st-key-rnn_${key} button`)].find(one => one.offsetParent).click();
            click("preset_adding_rnn");
            setTimeout(() => click("step"), pause);
        }""",
        milliseconds,
    )
    until(lambda: rnn.step() == 1, 30)
    assert page.locator(".lt-tabs button[data-view=sequences]").count() == 1  # sunspots have none
    said = ("rnn_length=50", "rnn_batch_size=128", "run=")
    until(
        lambda: all(one in page.evaluate("() => location.href") for one in said)
    )  # page.url is only told between calls
    page.keyboard.press("Escape")
    rnn.press("stop")
