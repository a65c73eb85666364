"""How layers fare over a run, in a real browser: a history that fills up, verdicts with a way out, moments, the input."""

from __future__ import annotations

import pytest

from bench.browser import until
from tests.browser.inspecting import open_inside, trained

pytestmark = pytest.mark.browser

SIGMOID = "&".join(f"mlp_layer{number}_neurons=8&mlp_layer{number}_activation=sigmoid" for number in range(1, 7))


def history_done(page) -> bool:
    """Whether all moments that are known were examined."""
    lines = page.locator(".lt-health-lines")
    return int(lines.get_attribute("data-steps") or 0) >= 2 and not lines.locator("progress").is_visible()


def test_a_vanishing_gradient_is_called_out_and_the_change_opens(page, server):
    trained(page, server, "mlp", f"?mlp_epochs=60&mlp_layers=6&{SIGMOID}")
    open_inside(page, server, "gradients", "?layer=hidden.2.linear")
    until(lambda: history_done(page), 60)
    assert page.locator(".lt-health-verdicts").get_attribute("data-verdicts") == "vanishing"
    assert page.locator("[data-choose=ridge-layer]").input_value() == "hidden.2.linear"
    card = page.locator(".lt-health-card[data-verdict=vanishing]")
    assert "Activation: Sigmoid → ReLU (6 ×)" in card.inner_text()
    page.locator("[data-choose=measure]").select_option("ratio")
    page.get_by_text("usual: 1/1000").wait_for(timeout=10_000)
    assert page.locator(".lt-health-lines .scatterlayer .trace").count() == 7
    card.locator("button[data-layer='hidden.0.linear']").click()
    until(lambda: "hidden1.linear" in page.locator(".lt-ridge-said").inner_text(), 10)
    card.locator("[data-change=vanishing]").click()
    page.locator(".st-key-mlp_train button:visible:enabled").wait_for(timeout=30_000)
    for number in (1, 6):
        layer = page.locator(f".st-key-mlp_layer{number} [data-testid=stPopoverButton]:visible")
        until(lambda layer=layer: layer.count() == 1 and layer.inner_text().startswith("8 · ReLU"), 30)


def test_a_healthy_run_its_moments_and_its_input(page, server):
    trained(page, server, "cnn", "?cnn_epochs=3")
    open_inside(page, server, "gradients", "?layer=nothing&example=2&part=")
    until(lambda: history_done(page), 60)
    assert page.locator(".lt-health-verdicts").get_attribute("data-verdicts") == "healthy"
    assert page.locator(".lt-health-lines .scatterlayer .trace").count() == 4
    assert page.locator(".lt-health-table tbody tr").count() == 4
    assert int(page.locator(".lt-health-ridges").get_attribute("data-ridges") or 0) >= 2
    ridges = page.locator(".lt-ridges")
    ridges.focus()
    ridges.press("ArrowUp")
    until(lambda: page.locator(".lt-ridge-said").inner_text().startswith("After step"), 10)
    number = page.locator(".lt-moment input[type=number]")
    number.fill("10")
    number.press("Enter")
    until(lambda: page.locator(".lt-health-table").get_attribute("data-step") == "10", 30)
    picture = page.locator(".lt-health-input[data-kind=picture]")
    assert picture.locator("canvas").count() == 2 and picture.locator("[data-choose=example]").input_value() == "3"
    picture.get_by_role("button", name="Next").click()
    until(lambda: picture.locator("[data-choose=example]").input_value() == "4", 10)
    assert page.locator(".lt-problem:visible").count() == 0
