"""The recipe: presets, everything that can be set, data that are not there, runs side by side."""

from __future__ import annotations

import pytest

from core.config import OPTIMIZER_CONSTANTS, load
from core.presets import PRESETS
from core.runs.service import service
from pages.shared.recipe import config_of, widget_values
from tests.core.runs.conftest import until
from tests.pages.test_pages import CNN, errors, run_id, view, visitor

COMPARE = "train/compare.py"


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if preset.dataset is None])
def test_a_preset_sets_every_control(open_page, name):
    app = open_page(CNN)
    app.button(key=f"cnn_preset_{name}").click().run()
    assert not app.exception and not app.error
    assert config_of("cnn", app.session_state) == PRESETS[name].make("digits")
    assert not app.button(key="cnn_train").disabled


def test_a_preset_of_data_that_are_not_here_waits_for_them(open_page):
    app = open_page(CNN)
    assert app.button(key="cnn_preset_mnist99").disabled
    assert any("download it in Data first" in caption.value for caption in app.caption)


def test_data_that_are_not_here_are_offered_and_cannot_be_trained_on(open_page):
    app = open_page(CNN, cnn_dataset="cifar10")
    assert app.selectbox(key="cnn_dataset").value == "cifar10"
    assert "Download" in app.button(key="cnn_download").label
    assert app.button(key="cnn_train").disabled and app.button(key="cnn_step").disabled


@pytest.mark.parametrize("name", OPTIMIZER_CONSTANTS)
def test_each_optimizer_shows_its_own_constants(open_page, name):
    app = open_page(CNN, cnn_optimizer=name)
    shown = {widget.key for kind in (app.number_input, app.slider, app.toggle) for widget in kind}
    expected = {f"cnn_{constant}" for constant in OPTIMIZER_CONSTANTS[name]}
    others = {f"cnn_{constant}" for constants in OPTIMIZER_CONSTANTS.values() for constant in constants} - expected
    assert expected <= shown and not others & shown


def test_a_full_share_link_is_taken_whole(open_page):
    other = load(
        {
            "data": {"label_noise": 0.2, "train_share": 0.5, "augmentation": "shift"},
            "model": {
                "blocks": [{"skip": True, "normalization": "batch", "convolutions": 2}],
                "initialization": "zero",
            },
            "optimizer": {"name": "sgd", "nesterov": True},
            "schedule": {"name": "cosine", "warmup": 0.3},
            "loss": {"name": "mse", "label_smoothing": 0.1},
            "stop": {"target_accuracy": 0.9, "patience": 4, "seconds": 60},
            "clip_norm": 2.0,
            "ema_decay": 0.9,
            "precision": "auto",
        }
    )
    app = open_page(CNN, **{key: str(value) for key, value in widget_values("cnn", other).items()})
    assert not app.warning and not app.error
    assert config_of("cnn", app.session_state) == other


def test_what_cannot_be_is_said_and_nothing_is_lost(open_page):
    app = open_page(CNN, cnn_lr="0.07", cnn_block1_skip="maybe", cnn_schedule="../x", cnn_label_noise="7")
    said = errors(app)
    for name in ("cnn_block1_skip", "cnn_schedule", "cnn_label_noise"):
        assert name in said
    assert app.number_input(key="cnn_lr").value == 0.07
    app.selectbox(key="cnn_precision").set_value("tf32").run()
    app.button(key="cnn_train").click().run()
    until(lambda: view(app).state == "failed")
    assert "TF32 is arithmetic of GPUs" in view(app).reason.message


def test_a_run_takes_over_what_it_can(open_page):
    app = open_page(CNN, cnn_epochs="200", cnn_batch_size="16")
    app.button(key="cnn_train").click().run()
    until(lambda: view(app).step > 0)
    app.run()
    app.number_input(key="cnn_clip_norm").set_value(1.5).run()
    app.slider(key="cnn_label_smoothing").set_value(0.1).run()
    app.number_input(key="cnn_beta1").set_value(0.8).run()
    app.number_input(key="cnn_target_accuracy").set_value(0.01).run()  # reached at the next validation
    until(lambda: view(app).state == "finished")
    edits = {edit["name"]: edit["value"] for edit in view(app).edits}
    assert edits == {
        "clip_norm": 1.5,
        "loss.label_smoothing": 0.1,
        "optimizer.beta1": 0.8,
        "stop.target_accuracy": 0.01,
    }
    assert "the target was 1 %" in view(app).reason.message


def finished_run(app, **changed) -> str:
    run = service().submit(
        visitor(app), load({"epochs": 1, "model": {"blocks": [{"channels": 2}], "hidden": []}} | changed)
    )
    until(lambda: service().view(run.id, visitor(app)).state == "finished")
    return run.id


def test_runs_side_by_side(open_page):
    app = open_page(COMPARE)
    assert any("Train at least two networks" in element.value for element in app.markdown)
    runs = [finished_run(app), finished_run(app, optimizer={"name": "sgd"}), finished_run(app, seed=5)]
    del app.session_state["compare_runs"]
    app.run()
    assert not app.exception
    assert app.multiselect(key="compare_runs").value == [runs[2], runs[1]]  # the newest two
    app.multiselect(key="compare_runs").set_value([runs[0], runs[1]]).run()
    table = next(block.value for block in app.html if "lt-differences" in block.value and "<table" in block.value)
    assert "Optimiser" in table and "SGD" in table and "Seed" not in table
    assert any("Same start" in caption.value for caption in app.caption)
    app.multiselect(key="compare_runs").set_value([runs[0], runs[2]]).run()
    assert any("Different starts" in caption.value for caption in app.caption)
    assert app.query_params["runs"] == f"{runs[0]},{runs[2]}"


def test_a_pinned_run_stays_beside_those_that_follow(open_page):
    app = open_page(CNN, cnn_epochs="1")
    first = finished_run(app)
    app.run()
    app.multiselect(key="cnn_baseline").set_value([first]).run()
    app.button(key="cnn_train").click().run()
    until(lambda: view(app).state == "finished")
    app.run()
    assert app.multiselect(key="cnn_baseline").value == [first]
    assert any("In what these runs differ" in header.value for header in app.subheader)
    app.button(key="cnn_pin").click().run()
    assert app.session_state["cnn_baseline"] == [run_id(app)]
    service().delete(first, visitor(app))
    app.run()
    assert not app.exception


def test_a_compare_link_of_somebody_else_shows_nothing_of_theirs(open_page):
    mine = open_page(CNN)
    run = finished_run(mine)
    app = open_page(COMPARE, runs=f"{run},x'y")
    assert not app.exception and "not yours or are gone" in errors(app)
    assert run not in app.query_params.get("runs", [""])[0]
