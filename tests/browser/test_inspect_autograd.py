"""The backward graph of a run in a real browser: drawn, asked about, taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.browser import until
from tests.browser.inspecting import open_inside, trained

pytestmark = pytest.mark.browser


class Autograd:
    """The tab Autograd of the page /graph of one run."""

    def __init__(self, page, server, run: str) -> None:
        self.page = page
        open_inside(page, server, "graph", f"?run={run}")
        page.locator("[role=tab][data-view=autograd]").click()
        self.view = page.locator(".lt-autograd")
        until(lambda: self.drawn() > 0, 40)

    def drawn(self) -> int:
        """Nodes on the canvas that are not the boxes of modules."""
        return self.view.locator(".lt-graph-node[data-node^=n]").count()

    def switch(self, name: str, said: str) -> str:
        """Press a switch; returns what is said, once ``said`` is in it."""
        self.view.locator(f"[data-switch={name}]").click()
        question = self.view.locator(".lt-autograd-question")
        until(lambda: said in question.inner_text(), 30)
        return str(question.inner_text())

    def norms(self) -> list[str]:
        return list(self.view.locator("tr[data-gradient]").evaluate_all("all => all.map(one => one.dataset.gradient)"))


def test_the_backward_graph_answers_what_a_learner_asks(page, server):
    shown = Autograd(page, server, trained(page, server, "mlp", "?mlp_epochs=3"))
    view = shown.view
    assert (
        shown.drawn() == 25
    )  # 6 parameters with AccumulateGrad, 3 x (t, addmm), 2 x tanh, 4 of the loss, the loss itself
    assert "6 of 6 parameters get a gradient" in view.locator(".lt-autograd-question").inner_text()
    view.locator("[data-parameter='hidden.0.linear.weight']").click()
    panel = view.locator(".lt-autograd-node")
    until(lambda: "Belongs to hidden.0.linear (Linear)" in panel.inner_text())
    view.locator("input[type=search]").fill("Addmm")
    until(lambda: "3 found" in view.locator(".lt-graph-found").inner_text())
    view.locator(".lt-graph-match").first.focus()
    page.keyboard.press("Enter")
    until(lambda: "dL/dW = gᵀ @ x" in panel.inner_text())

    assert "does not require grad" in shown.switch("no_grad", "PyTorch says")
    until(lambda: shown.drawn() == 1, 20)
    assert set(shown.norms()) == {"none"}
    shown.switch("detach", "hidden.1.linear (Linear) is detached")
    until(lambda: shown.drawn() == 11, 20)
    assert shown.norms().count("none") == 4
    assert "a second time" in shown.switch("twice", "PyTorch says")
    shown.switch("none", "25 nodes")
    with page.expect_download(timeout=30_000) as download:
        view.locator("[data-download=dot]").click()
    text = Path(download.value.path()).read_text()
    assert text.startswith("digraph") and text.count("AccumulateGrad") == 6


def test_the_backward_graph_fits_a_phone(browser, server):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    page = context.new_page()
    shown = Autograd(page, server, trained(page, server, "mlp", "?mlp_epochs=3"))
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    low = [
        (one.inner_text(), one.bounding_box()["height"])
        for one in shown.view.locator(":is(button, select):visible").all()
        if one.bounding_box()["height"] < 40
    ]
    assert low == []
    context.close()
