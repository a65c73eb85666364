"""The forward graph in a real browser: drawn by elkjs in its worker, coloured, folded, asked about, taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.browser import until
from tests.browser.inspecting import open_inside, trained

pytestmark = pytest.mark.browser


class Graph:
    """The tab Modules of the page /graph."""

    def __init__(self, page, server, query: str) -> None:
        self.page = page
        open_inside(page, server, "graph", query)
        self.view = page.locator(".lt-graph-modules")
        self.canvas = self.view.locator(".lt-graph")
        until(lambda: self.view.get_attribute("data-kind") == "shown", 60)

    def nodes(self) -> list[str]:
        return list(
            self.canvas.locator(".lt-graph-node[role=button]").evaluate_all("all => all.map(e => e.dataset.node)")
        )

    def fills(self) -> set[str]:
        return set(
            self.canvas.locator(".lt-graph-node[data-node^=o] .lt-graph-box").evaluate_all(
                "all => all.map(e => e.getAttribute('fill'))"
            )
        )

    def download(self, name: str) -> str:
        with self.page.expect_download(timeout=30_000) as download:
            self.view.locator(f"button[data-graph={name}]").click()
        return Path(download.value.path()).read_text()


def test_the_graph_of_a_run_is_drawn_coloured_and_asked_about(page, server):
    run = trained(page, server, "mlp", "?mlp_epochs=3")
    shown = Graph(page, server, f"?run={run}&layer=hidden.1.linear")
    view = shown.view
    assert sorted(shown.nodes()) == sorted([f"o{number}" for number in range(9)] + ["m:hidden.0", "m:hidden.1"])
    panel = view.locator(".lt-graph-side")
    until(lambda: "nn.Linear(4, 2)," in panel.inner_text(), 30)  # the layer of the link is chosen
    assert "9 operations, 25 parameters, 36 FLOPs" in view.inner_text()
    assert len(shown.fills()) > 3

    view.locator("[data-choose=colour]").select_option("gradient")
    until(lambda: "Size of the gradient" in view.locator(".lt-graph-legend").inner_text())
    view.locator("[data-fold='m:hidden.1']").first.click()
    until(lambda: "o4" not in shown.nodes() and "m:hidden.1" in shown.nodes())
    view.locator("input[type=search]").fill("linear")
    until(lambda: "found" in view.locator(".lt-graph-found").inner_text())
    view.locator("input[type=search]").fill("")

    view.locator(".lt-graph-frame").focus()  # from here on by keyboard alone
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    until(lambda: view.locator(".lt-graph-selected").count() == 1)
    assert shown.download("dot").startswith("digraph network {")
    assert shown.download("svg").count("<rect") > 8
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_model_of_torchvision_needs_no_run(page, server):
    shown = Graph(page, server, "?model=squeezenet1_1")
    text = shown.view.inner_text()
    assert "1.24 M parameters" in text and "china.jpg" in text and "weights are random" in text
    folded = len(shown.nodes())
    shown.view.locator("button[data-graph=unfold]").click()
    until(lambda: len(shown.nodes()) > folded and len(shown.nodes()) > 66, 30)
