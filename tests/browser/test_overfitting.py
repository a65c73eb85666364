"""When the playground says that its network learns by heart: the rule on curves made by hand, and two runs."""

from __future__ import annotations

from typing import Any

import pytest

from bench.browser import until
from tests.browser.test_playground import Playground

pytestmark = pytest.mark.browser

RULE = "async ([run, more]) => (await import('/livetorch/js/overfitting.js')).overfitting(run, more)"
EPOCHS = 20


def columns(losses: list[float], accuracies: list[float | None]) -> dict[str, list[Any]]:
    steps = list(range(len(losses)))
    return {"step": steps, "epoch": steps, "loss": losses, "accuracy": accuracies}


def flat(value: Any) -> list[Any]:
    return [value] * EPOCHS


def falling(first: float, last: float, count: int = EPOCHS) -> list[float]:
    return [first + (last - first) * at / (count - 1) for at in range(count)]


@pytest.fixture
def judge(page, server):
    """Says what kind of overfitting the rule finds in two lists of losses and two of accuracies."""
    page.goto(f"{server.url}/healthz")

    def kind(train, test, train_accuracy=None, test_accuracy=None, **more) -> str:
        accuracies = [one or flat(None) for one in (train_accuracy, test_accuracy)]
        run = {"train": columns(train, accuracies[0]), "validation": columns(test, accuracies[1])}
        found = page.evaluate(RULE, [run, more])
        return found["kind"] if found else ""

    return kind


def test_half_a_point_at_99_percent_is_not_scolded_however_far_apart_the_losses_are(judge):
    small, large = falling(0.7, 0.004), [*falling(0.7, 0.02, 9), *falling(0.05, 0.09, 11)]
    assert judge(small, large, flat(0.995), flat(0.99)) == ""
    assert judge(small, flat(0.9), flat(1.0), flat(0.94)) == "apart"  # the other side: six points


def test_in_classification_five_points_count_and_two_where_the_test_loss_has_turned(judge):
    train, test = falling(0.7, 0.1), flat(0.3)
    assert judge(train, test, flat(0.99), flat(0.93)) == "apart"
    assert judge(train, test, flat(0.99), flat(0.95)) == ""
    turned = [*falling(0.7, 0.2, 9), *flat(0.25)[:11]]
    assert judge(train, turned, flat(0.99), flat(0.96)) == "risen"
    assert judge(train, turned, flat(0.99), flat(0.98)) == ""


def test_a_turn_must_last_and_the_training_loss_must_have_fallen_since(judge):
    accuracies = flat(0.99), flat(0.96)
    still_low = [*falling(0.7, 0.2, 9), *flat(0.25)[:9], 0.21, 0.25]  # 0.21 is not a tenth above 0.2
    assert judge(falling(0.7, 0.1), still_low, *accuracies) == ""
    worse_both = [*flat(0.1)[:9], *flat(0.15)[:11]]
    assert judge(worse_both, [*flat(0.2)[:9], *flat(0.25)[:11]], *accuracies) == ""


def test_in_regression_the_gap_is_a_share_of_the_loss_of_knowing_nothing(judge):
    assert judge(falling(0.2, 0.001), falling(0.2, 0.004)) == ""  # four times the loss, 1.5 %
    assert judge(falling(0.2, 0.001), falling(0.2, 0.02)) == "apart"  # 9.5 %
    assert judge(falling(60.0, 0.001), falling(60.0, 0.04)) == "apart"  # weights drawn too large count as 0.5
    assert judge(falling(0.2, 0.001), [*falling(0.2, 0.002, 9), *flat(0.008)[:11]]) == "risen"


def test_a_network_that_learns_too_little_and_a_run_that_has_just_begun_are_not_overfitting(judge):
    assert judge(flat(0.6), flat(0.65), flat(0.7), flat(0.62)) == ""
    few = [part[:10] for part in (falling(0.7, 0.1), flat(0.9), flat(1.0), flat(0.5))]
    assert judge(*few) == ""
    assert judge(falling(0.7, 0.1), flat(0.9), flat(1.0), flat(0.5), since=9) == ""  # other points since step 9


def test_the_sentence_stays_until_the_gap_is_half_as_wide(judge):
    near = falling(0.7, 0.1), flat(0.3), flat(0.99), flat(0.96)
    assert judge(*near) == "" and judge(*near, open=True) == "apart"
    assert judge(*near[:3], flat(0.97), open=True) == ""


def trained(page: Any, server: Any, link: str, neurons: str) -> Any:
    """What is said after a run of two layers of ReLU on moons."""
    layers = "&".join(f"mlp_layer{at}_neurons={neurons}&mlp_layer{at}_activation=relu" for at in (1, 2))
    play = Playground(page, server, f"?mlp_dataset=moons&mlp_loss=bce&mlp_optimizer=adam&mlp_lr=0.01&{layers}&{link}")
    play.train()
    play.reaches("finished")
    until(lambda: play.stage("step") == play.data()["step"])
    return page.locator(".lt-mlp-gap")


def test_eighteen_points_learned_by_heart_are_spoken_of(page, server):
    said = trained(page, server, "mlp_samples=60&mlp_noise=0.5&mlp_train_share=0.3&mlp_epochs=300", "32")
    until(lambda: said.get_attribute("data-kind") == "risen")
    assert "in epoch" in said.inner_text() and "(overfitting)" in said.inner_text()


def test_moons_at_99_percent_are_not_scolded(page, server):
    said = trained(page, server, "mlp_noise=0.3&mlp_epochs=300&mlp_seed=3", "8")
    shown = page.locator(".lt-mlp-number:not(.lt-mlp-epoch) b").all_inner_texts()
    train, test, right, right_new = (float(text.removesuffix(" %")) for text in shown)
    assert right > 99 and right_new > 98 and test > 10 * train  # the last digits are the processor's
    assert said.is_hidden()
