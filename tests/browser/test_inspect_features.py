"""What an answer rests on and what units look for, in a real browser against a real server."""

from __future__ import annotations

import pytest

from bench.browser import until
from tests.browser.training_page import Cnn

pytestmark = pytest.mark.browser


class Features:
    """The page /features as a visitor handles it."""

    def __init__(self, page, server, query: str) -> None:
        self.page = page
        page.goto(f"{server.url}/features{query}")
        page.locator(".lt-features").wait_for(timeout=30_000)

    def tab(self, name: str):
        self.page.locator(f".lt-features .lt-tabs button[data-view={name}]").click()
        return self.page.locator(f".lt-view[data-view={name}]")

    def explained(self, seconds: float = 40) -> list:
        """Both attributions, once they are there; Captum may have to be loaded first."""
        self.page.locator(".lt-attribution:visible").first.wait_for(timeout=40_000)
        both = self.page.locator(".lt-attribution:visible").all()
        until(lambda: all(one.get_attribute("data-kind") == "shown" for one in both), seconds)
        return both


def test_an_answer_is_explained_and_a_unit_shows_what_it_looks_for(page, server):
    cnn = Cnn(page, server, "?cnn_epochs=1")
    run = cnn.train()
    cnn.reaches("finished", 30)
    view = Features(page, server, f"?run={run}&example=99999&layer=xyz&part=foo")
    view.tab("rest")
    first, second = view.explained()
    assert first.get_attribute("data-method") == "grad_cam"
    assert "convergence delta" in second.inner_text()
    first.locator("select[data-choose=method]").select_option("occlusion")
    first.locator("select[data-choose=target]").select_option("3")
    first.locator(".lt-verdict", has_text="Score of 3 before the softmax").wait_for(timeout=15_000)
    view.tab("maps")
    tile = page.locator(".lt-view[data-view=maps] .lt-unit[aria-label='Unit 6 of block2.conv']")
    tile.click(timeout=15_000)
    page.locator(".lt-unit-found[data-unit='2:5']").wait_for(timeout=20_000)
    assert page.locator(".lt-example").count() == 12
    until(lambda: page.locator(".lt-ascent").get_attribute("data-steps") == "128", 40)
    page.locator(".lt-example").first.click()
    page.locator(".lt-view[data-view=rest]:visible").wait_for()
    view.explained()
    assert page.locator(".lt-problem:visible").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_points_are_explained_on_a_phone(browser, server, scheme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme, has_touch=True)
    page = context.new_page()
    page.goto(f"{server.url}/playground")
    page.locator(".live-run").first.wait_for(timeout=60_000)
    page.locator(".st-key-mlp_train button:visible:enabled").first.click(timeout=30_000)
    until(lambda: int(page.locator(".live-run").first.get_attribute("data-step") or 0) > 20, 30)
    page.locator(".st-key-mlp_stop button:visible:enabled").first.click(timeout=15_000)
    page.locator(".live-run:is([data-state=stopped], [data-state=finished])").wait_for(timeout=40_000)
    view = Features(page, server, f"?run={page.locator('.live-run').first.get_attribute('data-run-id')}")
    for name in ("rest", "unit", "maps"):
        panel = view.tab(name)
        if name == "rest":
            view.explained()
            assert page.locator(".lt-share:visible").count() == 4
        elif name == "unit":
            page.locator(".lt-unit-plane:visible").wait_for(timeout=15_000)
        else:
            panel.locator(".lt-unit").first.wait_for(timeout=15_000)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
        low = [
            one.bounding_box()["height"]
            for one in panel.locator("button:visible, select:visible").all()
            if one.bounding_box()["height"] < 40
        ]
        assert low == [], name
    context.close()
