"""The page that shows how any number of a network comes about, in a real browser against a real server."""

from __future__ import annotations

import json

import pytest

from bench.browser import until
from tests.browser.test_views import Viewed


class Arithmetic:
    """The page /arithmetic of one run."""

    def __init__(self, page, server, run: str, more: str = "") -> None:
        self.page = page
        page.goto(f"{server.url}/arithmetic?run={run}{more}")
        page.locator(".lt-ar-inner").wait_for()

    def place(self) -> dict[str, int]:
        return dict(json.loads(self.card().get_attribute("data-place")))

    def card(self):
        return self.page.locator(".lt-ar-card")

    def map(self):
        return self.page.locator(".lt-ar-figure[data-role=made] .lt-ar-map")

    def shows(self, layer: str) -> None:
        until(lambda: self.card().get_attribute("data-layer") == layer)

    def value(self) -> float:
        return float(self.page.locator(".lt-ar-big").get_attribute("data-value").replace("−", "-"))

    def cells(self, grid: str) -> list[float]:
        texts = self.page.locator(f".lt-ar-grid[data-grid={grid}] [data-cell]").evaluate_all(
            "all => all.map(one => one.dataset.value)"
        )
        return [float(text.replace("−", "-")) for text in texts]

    def hover(self, row: int, column: int, side: int) -> None:
        box = self.map().bounding_box()
        self.page.mouse.move(
            box["x"] + (column + 0.5) * box["width"] / side, box["y"] + (row + 0.5) * box["height"] / side
        )


def trained(page, server, query: str = "?cnn_epochs=1") -> str:
    cnn = Viewed(page, server, query)
    cnn.train()
    cnn.reaches("finished")
    return str(cnn.data()["runId"])


@pytest.mark.browser
def test_a_pixel_that_is_pointed_at_is_taken_apart(page, server):
    run = trained(page, server)
    seen = Arithmetic(page, server, run, "&layer=0")
    for row, column in ((2, 3), (5, 5)):
        seen.hover(row, column, 8)
        until(lambda row=row, column=column: (seen.place()["row"], seen.place()["column"]) == (row, column))
        patch, kernel, products = (seen.cells(grid) for grid in ("patch", "kernel", "products"))
        assert len(patch) == len(kernel) == len(products) == 9
        assert products == pytest.approx([x * w for x, w in zip(patch, kernel, strict=True)], rel=1e-5, abs=1e-7)
        numbers = page.locator(".lt-ar-form > .lt-ar-equation .lt-ar-number").evaluate_all(
            "all => all.map(one => Number(one.dataset.value.replace('−', '-')))"
        )
        assert numbers[0] == pytest.approx(sum(products), rel=1e-5, abs=1e-6)
        assert numbers[-1] == pytest.approx(seen.value(), rel=1e-5, abs=1e-6)
    page.locator(".lt-ar-grid[data-grid=kernel] [data-cell='1,1']").hover()
    assert page.locator(".lt-ar-grid [data-cell][data-hot]").count() == 3
    assert "×" in page.locator(".lt-ar-read").first.inner_text()
    seen.map().focus()
    page.keyboard.press("ArrowRight")
    until(lambda: seen.place()["column"] == 6)
    page.keyboard.press("PageDown")
    until(lambda: seen.place()["channel"] == 1)
    page.keyboard.press("]")
    seen.shows("1")
    assert seen.place()["column"] == 6  # the same pixel, one layer on
    page.locator(".lt-ar-chain [data-layer=loss]").click()
    seen.shows("loss")
    assert page.locator(".lt-ar-table tbody tr").count() == 11  # ten classes and their sum
    page.get_by_role("button", name="Draw", exact=True).click()
    box = page.locator(".lt-pad-canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 0.8 * box["height"], steps=6)
    page.mouse.up()
    page.get_by_text("Without a true answer there is no loss to compute.").wait_for()
    assert page.locator(".lt-problem:visible").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_read_on_a_phone_and_forgives_a_wrong_link(browser, server, scheme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme, has_touch=True)
    page = context.new_page()
    run = trained(page, server)
    seen = Arithmetic(page, server, run, "&layer=xyz&example=99999&part=foo")
    page.get_by_text("This network has no layer xyz; another one is shown.").wait_for()
    seen.map().scroll_into_view_if_needed()
    box = seen.map().bounding_box()
    page.touchscreen.tap(box["x"] + 1.5 * box["width"] / 8, box["y"] + 2.5 * box["height"] / 8)
    until(lambda: (seen.place()["row"], seen.place()["column"]) == (2, 1))
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    small = page.locator(".lt-inspect :is(.lt-inspect-bar, .lt-ar-walk, .lt-inspect-links) :is(button, select):visible")
    assert [one.inner_text() for one in small.all() if one.bounding_box()["height"] < 40] == []
    context.close()
