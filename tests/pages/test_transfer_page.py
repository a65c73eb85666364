"""The transfer page without a browser: own classes taught, mended and taken away; links, presets, what cannot be."""

from __future__ import annotations

import pytest

from core.config import TransferRunConfig
from core.errors import LiveTorchError
from core.pictures.builtin import SHAPES
from core.pictures.sets import PictureSet, keep_set, read_set
from core.presets_transfer import PRESETS
from core.runs.service import service
from pages.shared import transfer_mend
from pages.shared.recipe import config_of, refused, widget_values
from tests.core.runs.conftest import until

TRANSFER = "train/transfer.py"
# the smallest network, with random weights, which are never missing
SMALL = {"transfer_backbone": "formula", "transfer_pretrained": "off"}


def view(app):
    return service().view(app.session_state["transfer_run"], app.session_state["visitor"])


def errors(app) -> str:
    return " ".join(element.value for element in [*app.error, *app.warning, *app.info])


def taught(app) -> None:
    """Train what the page shows to its end."""
    app.button(key="transfer_train").click().run()
    assert not app.exception and not app.error
    until(lambda: not view(app).active, 120)
    assert view(app).state == "finished", view(app).reason


def test_the_drawn_shapes_are_taught_mended_and_taught_again(open_page):
    app = open_page(TRANSFER, **SMALL, transfer_epochs="2")
    assert not app.error and "Drawn shapes" in " ".join(one.value for one in app.caption)
    taught(app)
    first = view(app)
    assert first.info["samples"] == 90 and first.info["validation_samples"] == 30
    shapes = service().library.as_set("", SHAPES)
    mended = transfer_mend.relabelled(shapes, shapes.pictures[0][0], "square")
    app.session_state["transfer_pictures"] = keep_set(mended)
    app.session_state["transfer_mended"] = {shapes.pictures[0][0]: "square"}
    app.session_state["transfer_mended_of"] = first.id
    app.run()
    app.button(key="transfer_retrain").click().run()
    assert not app.exception and view(app).id != first.id
    until(lambda: not view(app).active, 120)
    assert read_set(view(app).config.pictures).counts() == (39, 41, 40)
    assert app.session_state["transfer_compare"] == [first.id]


def test_what_the_view_asks_changes_set_and_library(open_page, monkeypatch):
    app = open_page(TRANSFER, **SMALL, transfer_epochs="1")
    taught(app)
    run, shapes = view(app), service().library.as_set("", SHAPES)
    state: dict = {"transfer_pictures": "", "transfer_run": run.id}
    monkeypatch.setattr(transfer_mend.st, "session_state", state)
    monkeypatch.setattr(transfer_mend, "own_run", lambda _page: run)
    monkeypatch.setattr(transfer_mend, "visitor", lambda: "someone-who-has-no-pictures")
    monkeypatch.setattr(transfer_mend, "set_of", lambda _fingerprint: shapes)
    monkeypatch.setattr(transfer_mend, "adopt_pictures", lambda _page: None)
    transfer_mend._mend("transfer", 0, "triangle")
    transfer_mend._mend("transfer", 1, None)
    before = state["transfer_pictures"]
    with pytest.raises(LiveTorchError, match="star has fewer than two"):
        transfer_mend._mend("transfer", 2, " star ")
    assert state["transfer_pictures"] == before  # a new class is one with its second picture
    transfer_mend._mend("transfer", 3, "star")
    now = read_set(state["transfer_pictures"])
    assert now.classes == ("circle", "square", "star", "triangle") and len(now.pictures) == 119
    assert now.counts() == (38, 39, 2, 40)
    assert list(state["transfer_mended"].values()) == ["triangle", "", "star", "star"]


def test_mending_is_a_matter_of_values():
    one = PictureSet("Two", ("a", "b"), (("0" * 64, 0), ("1" * 64, 1), ("2" * 64, 1)))
    assert transfer_mend.relabelled(one, "0" * 64, "b").classes == ("b",)
    other = transfer_mend.relabelled(one, "2" * 64, "aa")
    assert other.classes == ("a", "aa", "b") and [at for _sha, at in other.pictures] == [0, 2, 1]
    assert transfer_mend.without(one, "0" * 64) == PictureSet("Two", ("b",), (("1" * 64, 0), ("2" * 64, 0)))


def test_what_can_be_taken_away(open_page):
    app = open_page(TRANSFER, tab="take")
    assert "Teach a network first" in errors(app)
    app = open_page(TRANSFER, **SMALL, transfer_epochs="1")
    taught(app)
    app.segmented_control(key="transfer_predict_tab").set_value("take").run()
    assert not app.exception and not app.error
    assert "safe_open" in app.code[0].value
    assert config_of("transfer", app.session_state).backbone == "formula"  # held while no widget shows it
    app.segmented_control(key="transfer_predict_tab").set_value("mend").run()
    assert not app.exception and not app.error
    assert config_of("transfer", app.session_state).pretrained is False


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_how_and_leaves_what(open_page, name):
    app = open_page(TRANSFER, **SMALL, transfer_split_seed="3")
    app.button(key=f"transfer_preset_{name}").click().run()
    assert not app.exception
    config = config_of("transfer", app.session_state)
    expected = PRESETS[name].make("")
    assert config.backbone == "formula" and config.data.seed == 3
    assert (config.mode, config.pretrained, config.model, config.epochs) == (
        expected.mode,
        expected.pretrained,
        expected.model,
        expected.epochs,
    )


def test_links_carry_settings_and_say_what_they_cannot(open_page):
    settings = TransferRunConfig(mode="finetune", blocks=3, recipe=TransferRunConfig().recipe)
    shown = widget_values("transfer", settings)
    assert config_of("transfer", shown) == settings
    assert not refused("transfer", {"transfer_predict_pictures_album": "x", "transfer_mode": "scratch"})
    assert [error.field for error in refused("transfer", {"transfer_blocks": "99", "transfer_nonsense": "1"})] == [
        "transfer_blocks",
        "transfer_nonsense",
    ]
    app = open_page(TRANSFER, **SMALL, transfer_pictures="0" * 64)
    assert "not on this server" in errors(app) and app.button(key="transfer_train").disabled
    app = open_page(TRANSFER, **SMALL, transfer_recipe="-mixup_0.4")
    assert "MixUp" in errors(app) and config_of("transfer", app.session_state).recipe.empty


def test_missing_weights_are_offered_before_anything_is_trained(open_page, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", "/nowhere")
    monkeypatch.setenv("XDG_CACHE_HOME", "/nowhere")
    app = open_page(TRANSFER, transfer_backbone="mobilenet_v2")
    assert app.button(key="transfer_train").disabled
    assert any(button.key == "transfer_mobilenet_v2_download" for button in app.button)
