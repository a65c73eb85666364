"""Every page draws, every button does what it says, and nonsense is met with a sentence."""

from __future__ import annotations

import pytest

from core.runs.service import service
from pages.shared import attached
from tests.core.runs.conftest import until

CNN = "train/cnn.py"


def run_id(app) -> str:
    return app.session_state["cnn_run"]


def visitor(app) -> str:
    return app.session_state["visitor"]


def view(app):
    return service().view(run_id(app), visitor(app))


def errors(app) -> str:
    return " ".join(element.value for element in [*app.error, *app.warning])


@pytest.mark.parametrize("script", [None, CNN, "train/runs.py"])
def test_every_page_draws(open_page, script):
    app = open_page(script)
    assert not app.error


def test_the_first_run_is_one_click_away(open_page):
    app = open_page()
    app.button(key="home_first_run").click().run()
    assert not app.exception
    assert view(app).state in ("queued", "running", "finished")
    service().stop(run_id(app), visitor(app))


def test_the_cards_sum_up_what_a_link_sets(open_page):
    app = open_page(CNN, cnn_batch_size="8", cnn_blocks="3", cnn_lr="banana")
    labels = " ".join(expander.label for expander in app.expander)
    assert "Adam 0.001, batch 8" in labels and "3 conv, 2 dense" in labels


def test_train_pause_step_resume_stop_reset(open_page):
    app = open_page(CNN, cnn_epochs="200", cnn_batch_size="16")
    assert app.button(key="cnn_pause").disabled and app.button(key="cnn_stop").disabled
    app.button(key="cnn_train").click().run()
    first = run_id(app)
    until(lambda: view(app).step > 0)
    app.run()
    assert app.button(key="cnn_train").disabled
    app.button(key="cnn_pause").click().run()
    assert view(app).state == "paused"
    assert app.button(key="cnn_train").label == "Resume"
    before = view(app).step
    app.button(key="cnn_step").click().run()
    app.button(key="cnn_step").click().run()
    assert view(app).step == before + 2
    app.number_input(key="cnn_lr").set_value(0.01).run()
    app.button(key="cnn_train").click().run()
    until(lambda: view(app).step > before + 5)
    assert view(app).edits[0]["value"] == 0.01
    app.run()
    app.button(key="cnn_lr_halve").click().run()
    assert [edit["value"] for edit in view(app).edits] == [0.01, 0.005]
    app.number_input(key="cnn_batch_size").set_value(32).run()
    app.slider(key="cnn_dropout").set_value(0.25).run()
    app.number_input(key="cnn_epochs").set_value(300).run()  # holds from the next run
    said = {edit["name"]: edit["value"] for edit in view(app).edits}
    assert said == {"optimizer.learning_rate": 0.005, "batch_size": 32, "model.dropout": 0.25}
    assert view(app).info["total_steps"] < 200 * 90
    app.button(key="cnn_stop").click().run()
    until(lambda: view(app).state == "stopped")
    app.run()
    app.button(key="cnn_reset").click().run()
    assert run_id(app) != first
    until(lambda: view(app).state == "paused")
    assert view(app).step == 0
    app.run()
    app.button(key="cnn_stop").click().run()


def test_step_without_a_run_takes_exactly_one(open_page):
    app = open_page(CNN)
    app.button(key="cnn_step").click().run()
    until(lambda: view(app).step == 1 and view(app).state == "paused")
    service().stop(run_id(app), visitor(app))


def test_twenty_clicks_start_one_run(open_page):
    app = open_page(CNN, cnn_epochs="200")
    app.button(key="cnn_train").click().run()
    for _click in range(3):
        if not app.button(key="cnn_train").disabled:
            app.button(key="cnn_train").click().run()
    assert len(service().views(visitor(app))) == 1
    service().stop(run_id(app), visitor(app))


def test_a_link_sets_every_kind_of_value(open_page):
    app = open_page(
        CNN, cnn_lr="0.05", cnn_optimizer="sgd", cnn_blocks="3", cnn_block3_channels="8", cnn_dense_layers="0"
    )
    assert app.number_input(key="cnn_lr").value == 0.05
    assert app.slider(key="cnn_momentum").value == 0.9
    assert app.number_input(key="cnn_block3_channels").value == 8
    assert not app.warning


def test_nonsense_in_a_link_is_refused_by_name_and_the_page_stays_whole(open_page):
    app = open_page(
        CNN,
        cnn_batch_size="1e9",
        cnn_lr="nan",
        cnn_blocks="999999999999",
        cnn_dataset="../x",
        cnn_units="1",
        run="' OR 1=1",
    )
    said = errors(app)
    for name in ("cnn_batch_size", "cnn_lr", "cnn_blocks", "cnn_dataset", "cnn_units"):
        assert name in said
    assert "no such run" in said
    assert app.number_input(key="cnn_batch_size").value == 64
    assert not app.button(key="cnn_train").disabled


def test_an_impossible_network_marks_its_field_and_cannot_be_trained(open_page):
    app = open_page(CNN)
    app.number_input(key="cnn_block1_kernel_size").set_value(11).run()
    assert "does not fit" in errors(app)
    assert any("st-key-cnn_block1_kernel_size" in block.value for block in app.html)
    assert app.button(key="cnn_train").disabled and app.button(key="cnn_step").disabled
    app.number_input(key="cnn_block1_kernel_size").set_value(3).run()
    assert not app.button(key="cnn_train").disabled


def test_another_visitor_cannot_open_a_run_but_a_share_link_shows_it(open_page):
    mine = open_page(CNN, cnn_epochs="200", cnn_batch_size="16")
    mine.button(key="cnn_train").click().run()
    until(lambda: view(mine).step > 0)
    assert "no such run" in errors(open_page(CNN, run=run_id(mine)))
    shared = open_page(CNN, run=run_id(mine), view=view(mine).view_token)
    assert not shared.error and not shared.warning
    assert run_id(shared) == run_id(mine)
    for key in ("cnn_pause", "cnn_stop"):
        assert shared.button(key=key).disabled
    assert shared.number_input(key="cnn_batch_size").value == 16
    service().stop(run_id(mine), visitor(mine))


def test_an_address_that_has_not_heard_of_the_new_run_does_not_bring_the_old_one_back(open_page, monkeypatch):
    """As when somebody presses Train and at once something else. Going back later does."""
    app = open_page(CNN)
    app.button(key="cnn_step").click().run()
    first = run_id(app)
    service().stop(first, visitor(app))
    app.run()
    app.button(key="cnn_step").click().run()
    second = run_id(app)
    app.query_params["run"] = first
    app.run()
    assert run_id(app) == second != first
    assert app.query_params["run"] in (second, [second])
    monkeypatch.setattr(attached, "STALE", 0.0)
    app.query_params["run"] = first
    app.run()
    assert run_id(app) == first
    service().stop(second, visitor(app))


def test_the_code_of_a_run_is_shown(open_page):
    app = open_page(CNN)
    app.button(key="cnn_step").click().run()
    until(lambda: view(app).step == 1)
    app.run()
    app.button(key="cnn_code").click().run()
    assert "import torch" in app.code[-1].value
    service().stop(run_id(app), visitor(app))


def test_runs_can_be_renamed_and_deleted(open_page):
    app = open_page(CNN)
    app.button(key="cnn_step").click().run()
    until(lambda: view(app).step == 1)
    run = run_id(app)
    service().stop(run, visitor(app))
    app.switch_page("train/runs.py").run()
    assert not app.exception
    app.text_input(key=f"runs_title_{run}").set_value("[x](javascript:alert(1)) <b>").run()
    app.button(key=f"runs_save_{run}").click().run()
    assert service().view(run, visitor(app)).title == "[x](javascript:alert(1)) <b>"
    assert not any("[x](javascript" in element.value for element in app.markdown)
    app.button(key=f"runs_sure_{run}").click().run()
    assert service().views(visitor(app)) == []
    assert not app.exception


def test_a_store_that_fails_is_a_sentence_on_the_page(open_page, monkeypatch):
    from core.errors import StoreError

    app = open_page(CNN)

    def full(*_args, **_more):
        raise StoreError("The disk of this server is full.")

    monkeypatch.setattr(service().store, "add", full)
    app.button(key="cnn_train").click().run()
    assert "disk of this server is full" in errors(app)
    assert not app.exception
