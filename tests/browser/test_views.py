"""The views into a network, other runs beside it and the pad to draw on, in a real browser against a real server."""

from __future__ import annotations

import json

import pytest

from bench.browser import until
from core.config import CNNRunConfig
from core.server.scripts import SCRIPTS
from pages.shared import live_words
from tests.browser.training_page import Cnn

VIEWS = ("predictions", "classes", "closer", "filters", "updates")
LONG = "?cnn_epochs=200&cnn_batch_size=16"


class Viewed(Cnn):
    """The CNN page with its views on the screen, and what the browser says through its sockets."""

    def __init__(self, page, server, query: str = LONG) -> None:
        self.sent: list[dict] = []
        page.on("websocket", self._listen)
        super().__init__(page, server, query)

    def _listen(self, socket) -> None:
        if "/api/runs/" in socket.url:
            socket.on("framesent", lambda payload: self.sent.append(json.loads(payload)))

    def view_step(self, name: str) -> int:
        return int(self.page.locator(f".lt-view[data-view={name}]").get_attribute("data-step") or -1)

    def looks(self) -> list[str]:
        """Names of what the browser last asked for."""
        self.page.evaluate("() => 0")  # Playwright tells of frames only while it is called
        return [look["name"] for look in self.sent[-1]["looks"]] if self.sent else []

    def probabilities(self) -> list[float]:
        shown = (
            "() => [...document.querySelectorAll('.lt-bar[data-probability]')].map(e => Number(e.dataset.probability))"
        )
        return list(self.page.evaluate(shown))


def test_every_change_has_a_short_word(monkeypatch):
    monkeypatch.setattr(live_words, "_", lambda text: text)
    assert set(live_words.edit_words()) == set(CNNRunConfig.EDITABLE)


@pytest.mark.browser
def test_modules_are_given_out_and_nothing_else(page, server):
    def get(name: str, **headers: str):
        return page.request.get(f"{server.url}/livetorch/js/{name}", headers=headers)

    first = get("live_view.js")
    assert first.status == 200 and first.headers["content-type"].startswith("text/javascript")
    assert first.body() == (SCRIPTS / "live_view.js").read_bytes()
    assert first.headers["cache-control"] == "no-cache"
    again = get("live_view.js", **{"If-None-Match": first.headers["etag"]})
    assert again.status == 304 and again.body() == b""
    assert get("missing.js").status == get("live_view").status == 404
    for name in ("..%2flivetorch.css", "%2e%2e%2f%2e%2e%2fcore%2ferrors.py"):
        assert get(name).status in (400, 404)


@pytest.mark.browser
def test_each_view_follows_the_run_and_answers_when_it_is_over(page, server):
    cnn = Viewed(page, server)
    cnn.train()
    for name in VIEWS:
        panel = cnn.panel(name)
        until(lambda name=name: cnn.view_step(name) > 0)
        seen = cnn.view_step(name)
        until(lambda name=name, seen=seen: cnn.view_step(name) > seen)
        assert panel.get_attribute("data-kind") == "shown"
        assert page.locator(".lt-problem:visible").count() == 0
        assert set(cnn.looks()) == {"picture" if name == "closer" else name}
    assert page.locator(".lt-view[data-view=updates] .scatterlayer .trace").count() == 4
    cnn.end()
    page.reload()
    page.locator(".live-run[data-state=stopped]").wait_for()
    last = until(cnn.step)
    for name in VIEWS[:-1]:
        cnn.panel(name)
        until(lambda name=name: cnn.view_step(name) == last)
        assert page.locator(".lt-problem:visible").count() == 0
    cnn.panel("updates")
    page.locator(".lt-problem:visible", has_text="Open this view while a run is on").wait_for()


@pytest.mark.browser
def test_a_drawing_is_answered_while_the_network_learns(page, server):
    cnn = Viewed(page, server)
    cnn.train()
    panel = cnn.panel("closer")
    panel.get_by_role("button", name="Draw", exact=True).click()
    page.get_by_text("Draw something; the network answers while you draw.").wait_for()
    assert cnn.looks() == []
    pad = page.get_by_role("img", name="Draw a digit")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    x, y, side = box["x"], box["y"], box["width"]
    page.mouse.move(x + 0.5 * side, y + 0.2 * side)
    page.mouse.down()
    page.mouse.move(x + 0.5 * side, y + 0.8 * side, steps=12)
    page.mouse.up()
    until(lambda: len(cnn.probabilities()) == 10)
    assert sum(cnn.probabilities()) == pytest.approx(1, abs=1e-4)
    seen = cnn.view_step("closer")
    until(lambda: cnn.view_step("closer") > seen)  # renewed without another stroke
    assert page.locator(".lt-layer canvas").count() >= 4
    assert "maps of block1.conv" in page.locator(".lt-layer canvas").first.get_attribute("aria-label")
    panel.get_by_role("button", name="Clear").click()
    until(lambda: cnn.looks() == [])
    pad.focus()
    for key in ("Space", "ArrowDown", "ArrowDown", "Space"):
        page.keyboard.press(key)
    until(lambda: cnn.looks() == ["picture"])
    cnn.end()


@pytest.mark.browser
def test_a_cell_opens_its_pictures_and_a_tile_looks_closer(page, server):
    cnn = Viewed(page, server, "?cnn_epochs=1")
    cnn.train()
    cnn.reaches("finished")
    cnn.panel("classes")
    until(lambda: page.locator(".lt-matrix button[data-count]").count() == 100)
    counts = page.evaluate(
        "() => [...document.querySelectorAll('.lt-matrix button')].map(e => Number(e.dataset.count))"
    )
    assert sum(counts) == 360  # every validation picture is in one cell
    wrong = [at for at, count in enumerate(counts) if count and at // 10 != at % 10]
    true, predicted = divmod(wrong[0], 10)
    page.locator(f".lt-matrix button[data-row='{true}'][data-column='{predicted}']").click()
    page.locator(".lt-chip", has_text=f"true {true}, said {predicted}").wait_for()
    until(lambda: page.locator(".lt-tile:visible").count() == counts[wrong[0]])
    assert page.locator(".lt-tile:visible .lt-said").first.inner_text() == f"✗ {predicted} ({true})"
    page.locator(".lt-tile:visible").first.click()
    page.locator(".lt-verdict", has_text=f"it says {predicted}. It is {true}.").wait_for()
    page.get_by_role("button", name="Next wrong").click()
    told = page.locator(".lt-verdict").inner_text
    until(lambda: told().split("it says ")[1][0] != told().split("It is ")[1][0])
    cnn.panel("predictions")
    page.locator(".lt-view .lt-chip").click()
    until(lambda: page.locator(".lt-tile:visible").count() == 40)
    page.get_by_label("Order").select_option("wrong")
    shown = sum(counts) - sum(counts[at] for at in range(0, 100, 11))
    until(lambda: page.locator(".lt-tile[data-right=false]").count() == min(shown, 40))


@pytest.mark.browser
def test_nothing_is_asked_for_that_is_not_seen(page, server):
    cnn = Viewed(page, server)
    cnn.train()
    cnn.panel("predictions")
    until(lambda: cnn.looks() == ["predictions"])
    page.set_viewport_size({"width": 1440, "height": 420})
    page.locator(".live-run .lt-controls").first.evaluate("e => e.scrollIntoView({block: 'center'})")
    until(lambda: cnn.looks() == [])
    messages, seen = len(cnn.sent), cnn.view_step("predictions")
    step = cnn.step()
    until(lambda: cnn.step() > step + 200)
    assert len(cnn.sent) == messages and cnn.view_step("predictions") == seen
    page.set_viewport_size({"width": 1440, "height": 900})
    cnn.panel("predictions")
    until(lambda: cnn.looks() == ["predictions"] and cnn.view_step("predictions") > seen)
    hide = "(hidden) => { Object.defineProperty(document, 'hidden', {configurable: true, value: hidden}); document.dispatchEvent(new Event('visibilitychange')) }"
    page.evaluate(hide, True)
    until(lambda: cnn.looks() == [])
    page.evaluate(hide, False)
    until(lambda: cnn.looks() == ["predictions"])
    cnn.end()


@pytest.mark.browser
def test_the_tabs_are_walked_by_keyboard_and_remembered(page, server):
    cnn = Viewed(page, server, "")
    page.get_by_role("tab", name="Predictions").focus()
    page.keyboard.press("ArrowLeft")
    assert page.get_by_role("tab", name="Updates").get_attribute("aria-selected") == "true"
    assert page.evaluate("() => document.activeElement.dataset.view") == "updates"
    page.reload()
    page.locator(".lt-view[data-view=updates]").wait_for()
    assert cnn.sent == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_views_fit_a_phone(browser, server, scheme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme, has_touch=True)
    page = context.new_page()
    cnn = Viewed(page, server, "?cnn_epochs=2")
    cnn.train()
    cnn.reaches("finished")
    for name in VIEWS:
        panel = cnn.panel(name)
        until(lambda name=name: cnn.view_step(name) > 0)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
        assert panel.evaluate("e => e.scrollWidth <= e.clientWidth"), name
        low = [
            (one.inner_text(), one.bounding_box()["height"])
            for one in page.locator(".live-run :is(button, select):visible").all()
            if one.bounding_box()["height"] < 40
        ]
        assert low == [], name
    context.close()


@pytest.mark.browser
def test_another_run_is_drawn_beside_this_one(page, server):
    cnn = Viewed(page, server, "?cnn_epochs=3")
    cnn.train()
    cnn.reaches("finished")
    first = page.locator(".lt-chart .scatterlayer .trace").count()
    cnn.train()
    cnn.reaches("finished")
    page.locator(".st-key-cnn_compare_menu button:visible").first.click()
    page.get_by_label("Runs to draw beside this one").click()
    page.locator("[role=option]:visible").first.click()
    until(lambda: cnn.data().get("overlays") == "1")
    page.keyboard.press("Escape")
    until(lambda: page.locator(".lt-chart .scatterlayer .trace").count() > first)
    rows = page.locator(".lt-race-table tbody tr")
    until(lambda: rows.count() == 2 and "%" in rows.nth(1).inner_text())
    mine, other = (rows.nth(at).locator("td").all_inner_texts() for at in (0, 1))
    assert mine[1:3] == other[1:3]  # the same settings and seed, so the same numbers
    csv = page.request.get(f"{server.url}/api/runs/{cnn.data()['runId']}/metrics.csv").text().splitlines()
    accuracy = csv[0].split(",").index("accuracy")
    best = max(float(line.split(",")[accuracy]) for line in csv if line.startswith("validation"))
    assert mine[1] == f"{100 * best:.1f} %"


LEGENDS = """() => [...document.querySelectorAll('.lt-chart')].filter((one) => one.clientHeight).map((chart) => ({
  legend: chart.querySelector('.legend .bg').getBoundingClientRect(), plot: chart.querySelector('.nsewdrag').getBoundingClientRect(),
  chart: chart.getBoundingClientRect(), entries: chart.querySelectorAll('.legend .traces').length,
}))"""


@pytest.mark.browser
def test_the_legend_of_several_runs_never_lies_on_the_curves(page, server):
    runs = []
    for rate in (0.001, 0.01, 0.02, 0.03):
        cnn = Viewed(page, server, f"?cnn_epochs=1&cnn_schedule=cosine&cnn_lr={rate}")
        runs.append(cnn.train())
        cnn.reaches("finished")
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{server.url}/compare?runs={','.join(runs)}")

    def clear() -> list:
        """The heights of the curves of all three charts, once every legend fits and ends above them."""
        found = page.evaluate(LEGENDS) if page.locator(".lt-chart .legend").count() == 3 else []
        fit = [
            one for one in found
            if one["legend"]["right"] <= one["chart"]["right"] and one["legend"]["bottom"] <= one["plot"]["top"]
        ]  # fmt: skip
        return [one["plot"]["height"] for one in fit if one["entries"] == 4] if len(fit) == 3 else []

    narrow = until(clear)
    page.set_viewport_size({"width": 1440, "height": 900})
    until(lambda: page.evaluate(LEGENDS)[0]["legend"]["width"] > 390 and alike(clear(), narrow))
    page.set_viewport_size({"width": 390, "height": 900})
    until(lambda: page.evaluate(LEGENDS)[0]["legend"]["width"] < 390 and alike(clear(), narrow))


def alike(heights: list[float], others: list[float]) -> bool:
    """The legend takes no room from the curves, but for a pixel or two of rounding."""
    return len(heights) == len(others) == 3 and max(abs(a - b) for a, b in zip(heights, others, strict=True)) <= 3
