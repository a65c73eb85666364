"""The page of the two players: presets, links, the transport with its single players, drawn points."""

from __future__ import annotations

import pytest
import streamlit as st

from core.config import GANRunConfig, load
from core.config.gan import LOSS_CONSTANTS
from core.datasets import DATASETS
from core.presets import Preset
from core.presets_gan import PRESETS
from core.runs.service import service
from pages.shared import gan_scene, live_words
from pages.shared.recipe import config_of, linked_values, refused, widget_values
from pages.shared.words import gan as words
from tests.core.runs.conftest import until
from tests.pages.test_pages import errors, visitor

GAN = "train/gan.py"
QUICK = {"gan_batch_size": "16", "gan_epochs": "500", "gan_generator_layers": "1", "gan_discriminator_layers": "1"}


def view(app):
    return service().view(app.session_state["gan_run"], visitor(app))


def said(app) -> list[tuple[str, object]]:
    return [(edit["name"], edit["value"]) for edit in view(app).edits]


def stop(app) -> None:
    service().stop(app.session_state["gan_run"], visitor(app))


def test_widgets_and_configs_are_the_same_thing():
    other = load(
        {
            "page": "gan",
            "dataset": "drawn",
            "data": {"points": [[0.5, -0.25], [1.0, 1.0]]},
            "generator": {"hidden": [3, 4], "batch_norm": True},
            "discriminator_optimizer": {"name": "sgd", "learning_rate": 0.02},
        }
    )
    for config in (GANRunConfig(), other):
        assert config_of("gan", widget_values("gan", config)) == config
    linked = linked_values("gan", other)
    assert "gan_points" not in linked
    assert refused("gan", {name: str(value) for name, value in linked.items()}) == []


def test_the_page_opens_with_both_players(open_page):
    app = open_page(GAN)
    assert not app.error and not app.warning
    labels = " ".join(expander.label for expander in app.expander)
    assert "Ring of 8" in labels and "G 0.001, D 0.001, batch 256" in labels
    tables = [block.value for block in app.html if block.value.startswith('<table class="lt-table"')]
    assert len(tables) == 2 and all("34," in table or "33," in table for table in tables)
    assert not app.button(key="gan_train").disabled


def here(preset: Preset) -> bool:
    """Whether its data are on this machine; without them its button is off."""
    return preset.dataset not in DATASETS or DATASETS[preset.dataset].available()


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if here(preset)])
def test_a_preset_sets_every_control(open_page, name):
    app = open_page(GAN)
    app.button(key=f"gan_preset_{name}").click().run()
    assert not app.exception and not app.error
    assert config_of("gan", app.session_state) == PRESETS[name].make(PRESETS[name].dataset)
    assert not app.button(key="gan_train").disabled


def test_nonsense_in_a_link_is_refused_by_name(open_page):
    app = open_page(
        GAN, gan_batch_size="1", gan_lr_d="nan", gan_dataset="../x", gan_generator_layers="99", gan_points="[[9,9]]"
    )
    for name in ("gan_batch_size", "gan_lr_d", "gan_dataset", "gan_generator_layers", "gan_points"):
        assert name in errors(app)
    assert app.number_input(key="gan_batch_size").value == 256
    assert not app.button(key="gan_train").disabled


@pytest.mark.parametrize("name", LOSS_CONSTANTS)
def test_each_loss_shows_its_own_constants(open_page, name):
    app = open_page(GAN, gan_loss=name)
    shown = {widget.key for kind in (app.number_input, app.slider) for widget in kind}
    expected = {f"gan_{constant}" for constant in LOSS_CONSTANTS[name]}
    assert {key for key in shown if key in ("gan_real_label", "gan_penalty", "gan_clip")} == expected


def test_points_take_away_what_only_pictures_have(open_page):
    app = open_page(GAN, gan_dataset="digits", gan_generator_kind="dcgan", gan_conditional="on")
    assert not app.error and not app.warning
    assert app.toggle(key="gan_conditional").value
    app.selectbox(key="gan_dataset").set_value("ring").run()
    assert not app.error and not app.exception
    config = config_of("gan", app.session_state)
    assert (config.generator.kind, config.conditional) == ("mlp", False)
    app = open_page(GAN, gan_dataset="ring", gan_generator_kind="dcgan")
    assert "dense layers" in errors(app)
    app.selectbox(key="gan_generator_kind").set_value("mlp").run()
    assert not app.error


def test_train_pause_edit_stop(open_page):
    app = open_page(GAN, **QUICK)
    app.button(key="gan_train").click().run()
    until(lambda: view(app).step > 0)
    app.number_input(key="gan_lr_d").set_value(0.0002).run()
    app.selectbox(key="gan_players").set_value("generator").run()
    app.number_input(key="gan_steps_d").set_value(2).run()
    until(lambda: len(said(app)) == 3)
    assert said(app) == [
        ("discriminator_optimizer.learning_rate", 0.0002),
        ("players", "generator"),
        ("steps_d", 2),
    ]
    app.button(key="gan_pause").click().run()
    until(lambda: view(app).state == "paused")
    app.run()
    before = view(app).step
    app.button(key="gan_step").click().run()
    until(lambda: view(app).step == before + 1)
    app.button(key="gan_stop").click().run()
    until(lambda: view(app).state == "stopped")


def test_each_player_can_be_stepped_alone_and_that_is_recorded(open_page):
    app = open_page(GAN, **QUICK)
    for number, player in enumerate(("discriminator", "discriminator", "generator"), 1):
        app.button(key=f"gan_step_{player}").click().run()
        until(lambda number=number: view(app).step == number and view(app).state == "paused")
    app.button(key="gan_step").click().run()
    until(lambda: view(app).step == 4)
    learned = {0: "both"} | {
        edit["step"]: edit["value"] for edit in view(app).edits
    }  # the last before each step counts
    assert learned == {0: "discriminator", 1: "discriminator", 2: "generator", 3: "both"}
    assert app.selectbox(key="gan_players").value == "both"
    stop(app)


def test_drawn_points_reach_the_settings_and_the_run_and_nonsense_does_not(open_page, monkeypatch):
    app = open_page(GAN, gan_dataset="drawn", **QUICK)
    app.button(key="gan_train").click().run()
    until(lambda: view(app).step > 0)
    told: dict = {"visitor": visitor(app), "gan_run": app.session_state["gan_run"], "gan_dataset": "drawn"}

    def send(value: object) -> object:
        told["gan_live"] = {"edit": {"name": "data.points", "value": value, "id": "1"}}
        gan_scene.take_edit("gan")
        return told.pop("gan_notice", None)

    class State(dict):
        def to_dict(self):
            return dict(self)

    told = State(told)
    monkeypatch.setattr(st, "session_state", told)
    assert send([[0.25, 0.5], [1, -1]]) is None
    assert told["gan_points"] == [[0.25, 0.5], [1.0, -1.0]]
    for wrong in ([[9, 0]], [], "x", [[1]], [["a", 2]], None, [[float("nan"), 0]], [[0.0, 0.0]] * 2001):
        assert send(wrong) is not None
        assert told["gan_points"] == [[0.25, 0.5], [1.0, -1.0]]
    monkeypatch.undo()
    until(lambda: [name for name, _value in said(app)] == ["data.points"])
    assert [list(point) for point in view(app).edits[0]["value"]] == [[0.25, 0.5], [1.0, -1.0]]
    stop(app)


def test_every_change_has_a_short_word(monkeypatch):
    for module in (live_words, words):
        monkeypatch.setattr(module, "_", lambda text: text)
    known = set(live_words.edit_words()) | set(words._edits())
    assert set(GANRunConfig.EDITABLE) <= known
