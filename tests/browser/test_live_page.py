"""What only a browser shows: the live view, the cookie, links, reloads, faults."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from bench.browser import until
from tests.browser.app_server import ROOT, AppServer
from tests.browser.training_page import Cnn

pytestmark = pytest.mark.browser


def test_train_watch_and_steer(page, server):
    cnn = Cnn(page, server, "?cnn_epochs=200&cnn_batch_size=16")
    cnn.train()
    until(lambda: page.locator(".lt-chart .scatterlayer path.js-line").count() >= 3)
    cnn.press("pause")
    cnn.reaches("paused")
    time.sleep(0.5)
    held = cnn.step()
    time.sleep(0.7)
    assert cnn.step() == held
    for taken in (1, 2, 3):
        cnn.press("step")
        until(lambda taken=taken: cnn.step() == held + taken)
    page.locator(".st-key-cnn_lr input").fill("0.01")
    page.locator(".st-key-cnn_lr input").press("Enter")
    page.get_by_role("button", name="Resume").locator("visible=true").first.click()
    until(lambda: cnn.data().get("learningRate") == "0.01" and cnn.step() > held + 10)
    until(lambda: page.locator(".lt-chart .annotation-text", has_text="lr 0.01").count() == 2)
    metrics = json.loads(cnn.data()["metrics"])
    assert metrics["train"]["loss"] > 0 and 0 <= metrics["validation"]["accuracy"] <= 1
    until(lambda: page.locator(".lt-tile[data-right]").count() == 40)
    cnn.end()
    cnn.press("reset")
    cnn.reaches("paused")
    until(lambda: cnn.step() == 0)
    cnn.press("stop")


def test_zoom_is_kept_while_points_come(page, server):
    cnn = Cnn(page, server, "?cnn_epochs=200&cnn_batch_size=16")
    cnn.train()
    until(lambda: cnn.step() > 60)
    plot = page.locator(".lt-chart .nsewdrag").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.6, steps=6)
    page.mouse.up()
    axis = "() => document.querySelector('.lt-chart').layout.xaxis.range.map(x => Math.round(x))"
    zoomed, step = page.evaluate(axis), cnn.step()
    until(lambda: cnn.step() > step + 100)
    assert page.evaluate(axis) == zoomed
    cnn.end()


def test_leaving_and_coming_back(page, server):
    """Another page, a reload, a second tab, a lost network: the run goes on and is found again."""
    cnn = Cnn(page, server, "?cnn_epochs=200&cnn_batch_size=8")
    run = cnn.train()
    page.get_by_role("link", name="My runs").click()
    page.locator(f".st-key-runs_open_{run}").wait_for()
    page.get_by_role("link", name="Convolutional network").first.click()
    until(lambda: cnn.data().get("runId") == run and cnn.step() > 0)
    page.reload()
    until(lambda: cnn.data().get("runId") == run and cnn.step() > 0)
    tab = page.context.new_page()
    second = Cnn(tab, server)
    until(lambda: second.data().get("runId") == run and second.step() > 0)
    tab.close()
    page.context.set_offline(True)
    before = cnn.step()
    time.sleep(1.0)
    page.context.set_offline(False)
    until(lambda: cnn.step() > before + 5)
    cnn.end()


def test_strangers_see_only_what_is_shared(page, browser, server):
    cnn = Cnn(page, server, "?cnn_epochs=200&cnn_batch_size=8")
    run = cnn.train()
    page.locator(".st-key-cnn_share button:visible").click()
    link = until(lambda: next((t for t in page.locator("code").all_inner_texts() if "view=" in t), None))
    page.keyboard.press("Escape")
    context = browser.new_context()
    stranger = context.new_page()
    stranger.goto(f"{server.url}/cnn?run={run}")
    stranger.get_by_text("There is no such run").wait_for(timeout=20_000)
    watching = context.new_page()
    watching.goto(link)
    shared = Cnn.__new__(Cnn)
    shared.page = watching
    until(lambda: shared.data().get("runId") == run and shared.step() > 0)
    assert shared.button("stop").is_disabled() and shared.button("pause").is_disabled()
    context.close()
    cnn.end()


def test_the_code_prints_the_runs_losses(page, server, tmp_path):
    cnn = Cnn(page, server, "?cnn_epochs=2&cnn_dropout=0.25&cnn_seed=3")
    run = cnn.train()
    cnn.reaches("finished")
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    assert cookies["livetorch_visitor"]
    script = page.request.get(f"{server.url}/api/runs/{run}/script.py").text()
    csv = page.request.get(f"{server.url}/api/runs/{run}/metrics.csv").text().splitlines()[1:]
    path = tmp_path / "run.py"
    path.write_text(script)
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    words = [line.split() for line in done.stdout.splitlines()]
    printed = [(line[line.index("loss") + 1], line[line.index("accuracy") + 1]) for line in words]
    assert printed == [tuple(line.split(",")[4:6]) for line in csv]
    assert len(printed) == 2 * 23 + 3


def test_divergence_is_said_at_once(page, server):
    cnn = Cnn(page, server, "?cnn_lr=10000000000.0")
    cnn.press("train")
    cnn.reaches("diverged")
    assert cnn.step() <= 5  # in steps, since seconds are the machine's
    page.get_by_text("The learning rate 1e+10 is too large").first.wait_for()


def test_an_impossible_setting_is_marked_on_its_field(page, server):
    cnn = Cnn(page, server)
    field = page.locator(".st-key-cnn_block1_kernel_size input")
    field.fill("11")
    field.press("Enter")
    page.get_by_text("does not fit into").first.wait_for()
    after = "() => getComputedStyle(document.querySelector('.st-key-cnn_block1_kernel_size'), '::after').content"
    assert "does not fit" in page.evaluate(after)
    assert cnn.button("train").is_disabled()


def test_names_are_shown_as_text(page, server):
    """A hostile name opens no dialog and makes no link."""
    cnn = Cnn(page, server)
    cnn.press("step")
    until(lambda: cnn.step() == 1)
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    cnn.end()
    page.goto(f"{server.url}/runs")
    page.locator("[class*='st-key-runs_rename'] button").first.click()
    name = page.locator("[class*='st-key-runs_title'] input")
    name.fill("<img src=x onerror=alert(1)> [a](javascript:alert(2)) $x$")
    name.press("Enter")
    page.get_by_role("button", name="Save name").click()
    page.get_by_text("<img src=x onerror=alert(1)>").first.wait_for()
    assert page.locator("a[href^='javascript'], img[src='x']").count() == 0
    assert dialogs == []


@pytest.mark.skipif(sys.platform != "linux", reason="finds the worker through /proc")
def test_a_killed_server_comes_back_with_every_number(browser, tmp_path):
    import psutil

    server = AppServer(tmp_path, LIVETORCH_THREADS="1")
    server.start()
    context = browser.new_context()
    try:
        cnn = Cnn(context.new_page(), server, "?cnn_epochs=200&cnn_batch_size=8")
        run = cnn.train()
        until(lambda: cnn.step() > 100)
        family = psutil.Process(server.process.pid).children(recursive=True)
        server.kill()
        shown = cnn.step()
        _gone, alive = psutil.wait_procs(family, timeout=15)
        assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
        server.start()
        cnn.reaches("interrupted", 30)
        assert cnn.step() >= shown
        cnn.page.get_by_text("The server was restarted").first.wait_for()
        csv = context.request.get(f"{server.url}/api/runs/{run}/metrics.csv").text().splitlines()
        steps = [int(line.split(",")[1]) for line in csv if line.startswith("train")]
        assert steps == list(range(1, len(steps) + 1)) and len(steps) >= shown
        cnn.train()
        process = psutil.Process(server.process.pid)
        for worker in process.children(recursive=True):
            if worker.nice() == process.nice() + 5:
                os.kill(worker.pid, signal.SIGKILL)
        cnn.reaches("failed", 10)
        cnn.page.get_by_text("was killed (SIGKILL)").first.wait_for()
        cnn.train()
    finally:
        context.close()
        server.stop()


def test_train_draws_what_follows_the_run_and_the_rest_of_the_page_a_moment_later(page, server):
    frames = []
    page.on("websocket", lambda one: "_stcore" in one.url and one.on("framereceived", lambda data: frames.append(data)))
    cnn = Cnn(page, server, "?cnn_epochs=200&cnn_batch_size=16")
    until(lambda: page.locator(".st-key-cnn_initialization").count())  # the last control
    time.sleep(1.0)
    badge = page.locator("[data-testid=stSidebar] a[href*='run=']")
    assert badge.count() == 0
    frames.clear()
    cnn.press("train")
    until(lambda: cnn.data().get("runId"))
    assert len(frames) < 60  # all controls are more than a hundred
    until(lambda: badge.count() and page.get_by_text("change the run that is on").count())
    cnn.end()
    until(lambda: not badge.count() and not page.get_by_text("change the run that is on").count())


def test_buttons_work_after_the_server_has_forgotten_the_session(browser, tmp_path):
    """Streamlit keeps what follows a run with the session; a page that was open when it was lost must get it anew."""
    server = AppServer(tmp_path)
    server.start()
    context = browser.new_context()
    try:
        cnn = Cnn(context.new_page(), server)
        cnn.page.locator(".st-key-cnn_lr input").fill("0.01")
        cnn.page.locator(".st-key-cnn_lr input").press("Enter")
        cnn.page.get_by_text("Adam 0.01, batch 64").first.wait_for()
        server.kill()
        server.start()
        connected = "() => document.querySelector('[data-testid=stApp]').dataset.testConnectionState"
        until(lambda: cnn.page.evaluate(connected) == "CONNECTED", 30)
        time.sleep(2.0)
        run = cnn.train()
        config = context.request.get(f"{server.url}/api/runs/{run}").json()["config"]
        assert config["optimizer"]["learning_rate"] == 0.01
    finally:
        context.close()
        server.stop()


ALL_SIZES = [(1440, "dark"), (390, "light")] if os.environ.get("LIVETORCH_SCREENSHOTS") else []


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark"), *ALL_SIZES])
def test_screenshots(browser, server, width, scheme):
    """Nothing scrolls sideways, buttons can be hit; with LIVETORCH_SCREENSHOTS set, pictures are kept."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, has_touch=width < 640)
    page = context.new_page()
    cnn = Cnn(page, server, "?cnn_epochs=30")
    cnn.train()
    cnn.reaches("finished", 40)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    if width < 640:
        heights = [box.bounding_box()["height"] for box in page.locator("[class*='_transport'] button:visible").all()]
        assert len(heights) >= 5 and min(heights) >= 40
    if folder := os.environ.get("LIVETORCH_SCREENSHOTS"):
        (ROOT / folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=ROOT / folder / f"cnn-{width}-{scheme}.png")
    page.goto(server.url)
    page.locator(".st-key-home_first_run").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    context.close()
