"""One update, explained, in a real browser: its moments, its chain of layers, choosing a weight."""

from __future__ import annotations

import pytest

from bench.browser import until
from tests.browser.training_page import Cnn

SHOWN = ".lt-step[data-kind=shown]"


class Explained:
    """The page /step."""

    def __init__(self, page, server, query: str) -> None:
        self.page = page
        page.goto(f"{server.url}/step{query}")
        page.locator(SHOWN).wait_for(timeout=30_000)

    def phase(self, name: str) -> None:
        self.page.locator(f".lt-step-phases button[data-phase={name}]").click()
        until(lambda: self.page.locator(SHOWN).get_attribute("data-phase") == name)

    def card(self) -> str:
        return str(self.page.locator(".lt-step-card").inner_text())

    def settled(self) -> None:
        until(lambda: self.page.locator(".lt-step[data-busy]").count() == 0)


@pytest.mark.browser
def test_a_step_is_gone_through_and_a_weight_is_chosen(page, server):
    cnn = Cnn(page, server, "?cnn_epochs=2")
    cnn.train()
    cnn.reaches("finished")
    last = cnn.step()
    seen = Explained(page, server, f"?run={cnn.data()['runId']}")
    assert int(page.locator(SHOWN).get_attribute("data-step")) == last - 1  # the last one that was taken
    boxes = page.locator(".lt-step-chain li")
    assert boxes.count() == page.locator(".lt-step-table tbody tr").count() + 2
    assert page.locator(".lt-step-picture").count() == 16
    for _moment in range(2):
        page.keyboard.press("ArrowRight")
    assert page.locator(SHOWN).get_attribute("data-phase") == "forward"
    assert page.locator(".lt-step-chain li[data-lit=true]").count() == 1
    seen.phase("weight")
    before, after = (page.locator(f"[data-weight-value={one}]").inner_text() for one in ("before", "after"))
    assert before != after
    page.locator(".lt-step-map").focus()
    page.keyboard.press("ArrowRight")
    until(lambda: page.locator("[data-weight-value=before]").inner_text() != before)
    seen.settled()
    page.locator("select[data-choose=layer]").select_option(index=2)
    until(lambda: "The new weight of dense1" in seen.card())
    seen.phase("gradient")
    page.locator(".lt-step-terms button[data-term='1']").click()
    until(lambda: page.locator(".lt-step-terms tr[data-chosen=true] [data-term='1']").count() == 1)
    seen.phase("optimizer")
    assert "torch's exp_avg_sq" in seen.card()
    assert page.locator(".lt-problem:visible").count() == 0


@pytest.mark.browser
def test_it_plays_by_itself_and_refuses_a_foreign_link_in_words(page, server):
    cnn = Cnn(page, server, "?cnn_epochs=1")
    cnn.train()
    cnn.reaches("finished")
    seen = Explained(page, server, f"?run={cnn.data()['runId']}&part=foo&layer=xyz&example=99999")
    page.locator(".lt-problem:visible", has_text="part is foo").wait_for()
    page.get_by_label("Speed").select_option("fast")
    page.locator(".lt-step-play").click()
    until(lambda: page.locator(SHOWN).get_attribute("data-phase") == "forward")
    page.locator(".lt-step-play").click()
    page.locator("select[data-choose=mode]").select_option("example")
    until(lambda: "alone were the batch" in page.locator(".lt-step-which").inner_text())
    seen.phase("optimizer")
    assert "No step is taken on a validation example" in seen.card()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
