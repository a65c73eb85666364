"""Clicks that come faster than the browser hears: settings hold, and runs begin with them."""

from __future__ import annotations

from core.runs.service import service
from pages.shared import asked

RNN = "train/rnn.py"


def config(app):
    return service().view(app.session_state["rnn_run"], app.session_state["visitor"]).config


def stop(app) -> None:
    service().stop(app.session_state["rnn_run"], app.session_state["visitor"])


def said_again(app, before: dict[str, object]) -> None:
    """The browser sends widgets as they were: it has not heard of what the page set."""
    for key, value in before.items():
        kind = "selectbox" if key == "rnn_dataset" else "toggle" if key == "rnn_carry" else "number_input"
        getattr(app, kind)(key=key).set_value(value)


def test_a_run_begins_with_a_preset_of_which_the_browser_has_not_heard(open_page):
    app = open_page(RNN, rnn_dataset="sunspots", rnn_length="32", rnn_batch_size="77")
    before = {key: app.number_input(key=key).value for key in ("rnn_length", "rnn_batch_size", "rnn_lr")}
    app.button(key="rnn_preset_adding_rnn").click().run()
    said_again(app, before)
    app.button(key="rnn_step").click().run()
    assert not app.exception and not app.error
    begun = config(app)
    assert (begun.dataset, begun.data.length, begun.batch_size) == ("adding", 50, 128)
    assert app.number_input(key="rnn_length").value == 50 and app.query_params["rnn_length"] == "50"
    stop(app)


def test_clicks_of_one_message_are_heard_settings_first(open_page):
    app = open_page(RNN, rnn_dataset="sunspots", rnn_length="32")
    app.button(key="rnn_step").click()
    app.button(key="rnn_preset_adding_rnn").click()
    app.button(key="rnn_lr_halve").click().run()
    assert not app.exception and not app.error
    assert config(app).dataset == "adding" and config(app).data.length == 50
    stop(app)


def test_halving_twice_is_a_quarter(open_page):
    app = open_page(RNN, rnn_lr="0.008")
    app.button(key="rnn_lr_halve").click().run()
    said_again(app, {"rnn_lr": 0.008})
    app.button(key="rnn_lr_halve").click().run()
    assert app.number_input(key="rnn_lr").value == 0.002 and app.query_params["rnn_lr"] == "0.002"
    said_again(app, {"rnn_lr": 0.008})  # two behind
    app.button(key="rnn_lr_double").click().run()
    assert app.number_input(key="rnn_lr").value == 0.004


def test_a_rate_that_is_stale_is_no_edit_of_the_run(open_page):
    app = open_page(RNN, rnn_lr="0.008")
    app.button(key="rnn_step").click().run()
    app.button(key="rnn_lr_halve").click().run()
    said_again(app, {"rnn_lr": 0.008})
    app.run()
    run = service().view(app.session_state["rnn_run"], app.session_state["visitor"])
    assert run.now.optimizer.learning_rate == 0.004 and len(run.edits) <= 1
    stop(app)


def test_data_that_are_stale_switch_nothing_off(open_page):
    app = open_page(RNN, rnn_dataset="stdlib")  # text, whose state may be carried on; the adding problem's may not
    app.selectbox(key="rnn_dataset").set_value("adding").run()
    before = {"rnn_dataset": "adding", "rnn_lr": app.number_input(key="rnn_lr").value}
    app.button(key="rnn_preset_characters").click().run()
    assert app.toggle(key="rnn_carry").value
    said_again(app, before)
    app.run()
    assert app.selectbox(key="rnn_dataset").value == "stdlib" and app.toggle(key="rnn_carry").value


def test_what_the_visitor_sets_back_stays_set_back(open_page):
    app = open_page(RNN, rnn_dataset="sunspots", rnn_length="32", rnn_batch_size="77")
    app.button(key="rnn_preset_adding_rnn").click().run()
    app.number_input(key="rnn_length").set_value(32).run()  # one alone: the others are as the preset has them
    assert app.number_input(key="rnn_length").value == 32
    app.run()
    assert app.number_input(key="rnn_length").value == 32 and app.number_input(key="rnn_batch_size").value == 128


def test_after_a_while_the_value_of_before_is_meant(open_page, monkeypatch):
    app = open_page(RNN, rnn_lr="0.008")
    app.button(key="rnn_lr_halve").click().run()
    monkeypatch.setattr(asked.time, "monotonic", lambda now=asked.time.monotonic: now() + 2 * asked.HEARD)
    app.number_input(key="rnn_lr").set_value(0.008).run()
    assert app.number_input(key="rnn_lr").value == 0.008
