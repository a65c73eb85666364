"""The app in Chinese: as the browser asks, or by the switch, which keeps the run and every setting."""

from __future__ import annotations

import re

import pytest

from bench.browser import until
from tests.browser.training_page import Cnn

pytestmark = pytest.mark.browser

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ROOMS = ("playground", "cnn", "rnn", "gan", "transfer", "augmentation", "compare")


def test_the_switch_keeps_the_run_and_its_settings(page, server):
    cnn = Cnn(page, server, "?cnn_optimizer=sgd&cnn_lr=0.02&cnn_epochs=200")
    run = cnn.train()
    page.locator(".lt-languages a").click()
    page.get_by_text("学习率", exact=True).first.wait_for(timeout=30_000)
    page.locator(".live-run").wait_for()
    until(lambda: cnn.data().get("runId") == run and cnn.step() > 0)
    address = page.evaluate("() => location.href")
    assert "cnn_optimizer=sgd" in address and "cnn_lr=0.02" in address and f"run={run}" in address
    assert "停止" in cnn.button("stop").inner_text()
    cnn.press("stop")
    until(lambda: "已停止" in page.locator(".lt-run_status").first.inner_text(), 30)
    assert page.locator(".lt-problem:visible").count() == 0
    page.reload()
    page.get_by_text("学习率", exact=True).first.wait_for(timeout=30_000)  # it was kept
    page.locator(".lt-languages a").click()
    page.get_by_text("Learning rate", exact=True).first.wait_for(timeout=30_000)


@pytest.mark.parametrize("room", ROOMS)
def test_a_phone_that_asks_for_chinese_gets_it_without_scrolling_sideways(browser, server, room):
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN", has_touch=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server.url}/{room}")
    main = page.locator("[data-testid=stMain]")
    until(lambda: CHINESE.search(main.inner_text()), 30)
    page.wait_for_timeout(1500)  # the views are drawn
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert main.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    assert errors == []
    context.close()
