"""The playground without a browser: its settings, its points, what is done by hand, what a teacher hides."""

from __future__ import annotations

import pytest
import streamlit as st

from core.config import load
from core.presets_mlp import PRESETS
from core.runs.service import service
from pages.shared import playground_stage
from pages.shared.playground_stage import on_edit
from pages.shared.recipe import config_of, linked_values, widget_values
from tests.core.runs.conftest import until
from tests.pages.test_pages import CNN, errors

PLAYGROUND = "train/playground.py"
FOUR = [[-3.0, 1.0, 0.0], [3.0, 1.0, 1.0], [-3.0, -1.0, 0.0], [3.0, -1.0, 1.0]]
LONG = {"mlp_epochs": "100000"}


def visitor(app) -> str:
    return app.session_state["visitor"]


def view(app):
    return service().view(app.session_state["mlp_run"], visitor(app))


def by_hand(app, monkeypatch, name, value) -> None:
    """What the stage sends when something is done in it; AppTest has no browser that could."""
    state = app.session_state
    edits = {"mlp_live": {"edit": {"name": name, "value": value, "id": "1"}}}

    class State(dict):
        """The session's values with what the component said."""

        def get(self, key, default=None):
            return edits.get(key) or (state[key] if key in state else default)  # noqa: SIM401

        def __contains__(self, key):
            return key in state

        def __getitem__(self, key):
            return state[key]

        def __setitem__(self, key, given):
            state[key] = given

    monkeypatch.setattr(st, "session_state", State())
    monkeypatch.setattr("pages.shared.transport.visitor", lambda: state["visitor"])
    monkeypatch.setattr(playground_stage, "visitor", lambda: state["visitor"])
    on_edit("mlp")
    monkeypatch.undo()
    app.run()


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_every_control(open_page, name):
    app = open_page(PLAYGROUND)
    app.button(key=f"mlp_preset_{name}").click().run()
    assert not app.exception and not app.error
    assert config_of("mlp", app.session_state) == PRESETS[name].make(PRESETS[name].dataset or "circles")
    assert not app.button(key="mlp_train").disabled


def test_train_edit_pause_step_stop(open_page):
    app = open_page(PLAYGROUND, **LONG)
    app.button(key="mlp_train").click().run()
    until(lambda: view(app).step > 0)
    app.run()
    app.number_input(key="mlp_lr").set_value(0.1).run()
    app.number_input(key="mlp_l2").set_value(0.01).run()
    app.slider(key="mlp_dropout").set_value(0.2).run()
    app.number_input(key="mlp_batch_size").set_value(30).run()
    app.button(key="mlp_pause").click().run()
    said = {edit["name"]: edit["value"] for edit in view(app).edits}
    assert said == {"optimizer.learning_rate": 0.1, "penalty.l2": 0.01, "model.dropout": 0.2, "batch_size": 30}
    before = view(app).step
    app.button(key="mlp_step").click().run()
    assert view(app).step == before + 1 and view(app).state == "paused"
    assert not [button for button in app.button if button.key == "mlp_restart"]
    app.number_input(key="mlp_layers").set_value(3).run()  # holds from the next run, which is one click away
    app.button(key="mlp_restart").click().run()
    assert len(view(app).config.model.layers) == 3 and view(app).state in ("queued", "running")
    until(lambda: view(app).step > 0)
    app.run()
    app.button(key="mlp_stop").click().run()
    until(lambda: view(app).state == "stopped")


def test_a_full_share_link_is_taken_whole(open_page):
    other = load(
        {
            "page": "mlp",
            "dataset": "spiral",
            "data": {"samples": 300, "noise": 0.1, "train_share": 0.7, "classes": 4, "seed": 9},
            "features": {"x1": False, "sin_x1": True},
            "model": {
                "layers": [{"neurons": 7, "activation": "relu"}] * 3,
                "normalization": "layer",
                "initialization": "orthogonal",
                "skip": True,
            },
            "loss": {"name": "cross_entropy"},
            "penalty": {"l1": 0.002},
            "optimizer": {"name": "adam", "learning_rate": 0.01, "momentum": 0.0},
        }
    )
    app = open_page(PLAYGROUND, **{key: str(value) for key, value in linked_values("mlp", other).items()})
    assert not app.warning and not app.error
    assert config_of("mlp", app.session_state) == other
    assert "mlp_points" not in linked_values("mlp", other) and "mlp_points" in widget_values("mlp", other)


def test_nonsense_in_a_link_is_refused_by_name(open_page):
    wrong = {
        "layers": "99",
        "layer1_neurons": "-3",
        "noise": "nan",
        "dataset": "../x",
        "points": "1,2,3",
        "x1": "maybe",
    }
    app = open_page(PLAYGROUND, **{f"mlp_{name}": value for name, value in wrong.items()}, hide="nothing,%00,<b>")
    said = errors(app)
    for name in wrong:
        assert f"mlp_{name}" in said
    assert app.number_input(key="mlp_layers").value == 2
    assert not app.button(key="mlp_train").disabled


def test_what_cannot_be_is_marked_and_cannot_be_trained(open_page):
    app = open_page(PLAYGROUND)
    app.toggle(key="mlp_x1").set_value(False).run()
    app.toggle(key="mlp_x2").set_value(False).run()
    assert "no input" in errors(app) and app.button(key="mlp_train").disabled
    app.toggle(key="mlp_product").set_value(True).run()
    assert not app.error and not app.button(key="mlp_train").disabled


def test_regression_takes_the_squared_error_by_itself(open_page):
    app = open_page(PLAYGROUND, mlp_loss="cross_entropy")
    app.selectbox(key="mlp_dataset").set_value("plane").run()
    assert not app.error and app.selectbox(key="mlp_loss").value == "mse"
    assert not app.button(key="mlp_train").disabled


def test_own_points_are_painted_trained_on_and_kept(open_page, monkeypatch):
    app = open_page(PLAYGROUND, mlp_dataset="drawn", **LONG)
    assert not app.error and not app.warning and app.button(key="mlp_train").disabled
    by_hand(app, monkeypatch, "data.points", FOUR)
    assert not app.error and not app.button(key="mlp_train").disabled
    app.button(key="mlp_train").click().run()
    until(lambda: view(app).step > 0)
    by_hand(app, monkeypatch, "data.points", [*FOUR, [0.0, 3.0, 1.0]])
    until(lambda: len(view(app).edits) == 1)
    assert len(view(app).edits[0]["value"]) == 5
    by_hand(app, monkeypatch, "poke", [0, 1, -1, 2.5])
    until(lambda: len(view(app).edits) == 2)
    assert view(app).edits[1]["name"] == "poke"
    for nonsense in ([[9, 9, 0]], [["a", 0, 0]], "x", [[float("nan"), 0, 0]], [[0, 0, 0]] * 2001):
        by_hand(app, monkeypatch, "data.points", nonsense)
        assert len(app.session_state["mlp_points"]) == 5 and not app.exception
    service().stop(view(app).id, visitor(app))
    app.selectbox(key="mlp_dataset").set_value("circles").run()
    assert app.session_state["mlp_points"] == []
    app.selectbox(key="mlp_dataset").set_value("drawn").run()
    assert len(app.session_state["mlp_points"]) == 5  # nothing painted is lost


def test_a_weight_is_set_before_anything_is_trained(open_page, monkeypatch):
    app = open_page(PLAYGROUND)
    by_hand(app, monkeypatch, "poke", [0, 0, 1, -3.0])
    until(lambda: view(app).state == "paused" and len(view(app).edits) == 1)
    assert view(app).step == 0
    service().stop(view(app).id, visitor(app))


def test_points_come_from_a_file_or_are_refused_with_a_sentence(open_page):
    app = open_page(PLAYGROUND, mlp_dataset="drawn")
    app.file_uploader(key="mlp_upload").upload("p.csv", b"x1,x2,target\n1,2,red\n-1,2,blue\n3,0,red\n0,-3,blue\n").run()
    assert not app.error and not app.exception
    assert len(app.session_state["mlp_points"]) == 4 and not app.button(key="mlp_train").disabled
    assert any("red" in caption.value for caption in app.caption)
    for content in (b"\xff\xfe\x00bad", b"a,b\n1,2\n", b"x1,x2,target\n1,two,3\n", b"", b"1,2,0\n" * 60_000):
        fresh = open_page(PLAYGROUND, mlp_dataset="drawn")
        fresh.file_uploader(key="mlp_upload").upload("p.csv", content).run()
        assert fresh.error and not fresh.exception, content[:20]
        assert fresh.session_state["mlp_points"] == []


@pytest.mark.parametrize(("script", "page"), [(PLAYGROUND, "mlp"), (CNN, "cnn")])
def test_a_teacher_hides_controls_and_their_values_hold(open_page, script, page):
    app = open_page(
        script, **{f"{page}_lr": "0.07", f"{page}_optimizer": "rmsprop"}, hide="lr,batch_size,optimizer,what"
    )
    drawn = {widget.key for kind in (app.number_input, app.selectbox, app.button) for widget in kind}
    assert not {f"{page}_{name}" for name in ("lr", "batch_size", "optimizer", "lr_halve")} & drawn
    assert f"{page}_epochs" in drawn and not app.warning and not app.error
    for _again in range(2):
        app.run()
        config = config_of(page, app.session_state)
        assert (config.optimizer.name, config.optimizer.learning_rate) == ("rmsprop", 0.07)
    links = [code.value for code in app.code if f"{page}_lr=0.07" in code.value]
    assert links and "hide=batch_size%2Clr%2Coptimizer" in links[0]
    boxes = {box.label: box for box in app.checkbox}
    boxes["Learning rate"].uncheck().run()
    assert app.number_input(key=f"{page}_lr").value == 0.07
    {box.label: box for box in app.checkbox}["Stop rules"].check().run()
    assert not any(widget.key == f"{page}_patience" for widget in app.number_input)
    assert not app.exception
