"""The RNN page without a browser: presets, links, steering, data that a visitor brings."""

from __future__ import annotations

import pytest

from core.config import load
from core.config.rnn import RNNRunConfig
from core.presets_rnn import PRESETS, STARTS
from core.runs.service import service
from pages.shared.recipe import config_of, refused, widget_values
from pages.shared.rnn_views import views_of
from tests.core.runs.conftest import until

RNN = "train/rnn.py"
SERIES = "day,value\n" + "\n".join(f"{day},{20 + day % 7 + day / 50:.3f}" for day in range(200))
LINES = "\n".join(f"{label}\t{text}" for label in ("vowels", "others") for text in ("aeiou"[::-1], "bcdfg", "xyz") * 10)


def view(app):
    return service().view(app.session_state["rnn_run"], app.session_state["visitor"])


def stop(app) -> None:
    service().stop(app.session_state["rnn_run"], app.session_state["visitor"])


def errors(app) -> str:
    return " ".join(element.value for element in [*app.error, *app.warning])


def test_the_page_opens_and_the_first_run_is_one_click_away(open_page):
    app = open_page(RNN)
    assert not app.error and not app.warning
    app.button(key="rnn_train").click().run()
    assert not app.exception and not app.error
    until(lambda: view(app).step > 0)
    assert view(app).config.page == "rnn"
    stop(app)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_every_control(open_page, name):
    app = open_page(RNN)
    app.button(key=f"rnn_preset_{name}").click().run()
    assert not app.exception
    config = PRESETS[name].make(PRESETS[name].dataset or "")
    assert config_of("rnn", app.session_state) == config
    assert not app.error and not app.button(key="rnn_train").disabled
    app.run()
    assert config_of("rnn", app.session_state) == config  # what has no widget here is kept as well


@pytest.mark.parametrize("dataset", STARTS)
def test_every_data_set_can_be_turned_to_and_suited(open_page, dataset):
    app = open_page(RNN, rnn_carry="on")
    app.selectbox(key="rnn_dataset").set_value(dataset).run()
    assert not app.exception
    assert "carry" not in errors(app)
    if any(button.key == "rnn_suit" for button in app.button):
        app.button(key="rnn_suit").click().run()
    assert not app.exception
    wanted = PRESETS[STARTS[dataset]].make(dataset)
    assert config_of("rnn", app.session_state) == wanted
    assert all(button.key != "rnn_suit" for button in app.button)


def test_nonsense_in_a_link_is_refused_by_name(open_page):
    app = open_page(
        RNN,
        rnn_lr="nan",
        rnn_cell="brain",
        rnn_length="-3",
        rnn_upload="../../etc/passwd",
        rnn_foo="1",
        rnn_hidden="1e9",
    )
    said = errors(app)
    for name in ("rnn_lr", "rnn_cell", "rnn_length", "rnn_upload", "rnn_foo", "rnn_hidden"):
        assert name in said
    assert app.number_input(key="rnn_length").value == 24
    assert not app.button(key="rnn_train").disabled


def test_a_full_share_link_is_taken_whole(open_page):
    config = load(
        {"page": "rnn", "dataset": "lines", "model": {"bidirectional": True, "dropout": 0.2}, "clip_norm": 0.5}
    )
    link = {key: str(value) for key, value in widget_values("rnn", config).items()}
    assert refused("rnn", link) == []  # bidirectional alone would not fit the default data
    app = open_page(RNN, **link)
    assert not app.warning
    assert config_of("rnn", app.session_state) == config


def test_what_cannot_be_is_marked_and_can_be_put_right(open_page):
    app = open_page(RNN, rnn_dataset="sunspots", rnn_bidirectional="on")
    assert "would see the answers" in errors(app) and app.button(key="rnn_train").disabled
    app.toggle(key="rnn_bidirectional").set_value(False).run()
    assert not app.error and not app.button(key="rnn_train").disabled


def test_train_pause_step_edit_stop(open_page):
    app = open_page(RNN, rnn_dataset="adding", rnn_epochs="1000")
    app.button(key="rnn_train").click().run()
    until(lambda: view(app).step > 0)
    app.run()
    app.button(key="rnn_pause").click().run()
    before = view(app).step
    app.button(key="rnn_step").click().run()
    assert view(app).step == before + 1
    app.number_input(key="rnn_lr").set_value(0.01).run()
    app.number_input(key="rnn_clip_norm").set_value(0.5).run()
    app.slider(key="rnn_dropout").set_value(0.25).run()
    app.number_input(key="rnn_batch_size").set_value(16).run()
    app.number_input(key="rnn_hidden").set_value(16).run()  # holds from the next run
    app.button(key="rnn_train").click().run()
    until(lambda: view(app).step > before + 5)
    edits = {edit["name"]: edit["value"] for edit in view(app).edits}
    assert edits == {"optimizer.learning_rate": 0.01, "clip_norm": 0.5, "model.dropout": 0.25, "batch_size": 16}
    app.run()
    app.button(key="rnn_stop").click().run()
    until(lambda: view(app).state == "stopped")
    assert not app.exception


def test_a_file_is_read_and_trained_on(open_page):
    app = open_page(RNN)
    app.selectbox(key="rnn_dataset").set_value("series").run()
    assert "There are no data yet" in errors(app) and app.button(key="rnn_train").disabled
    app.file_uploader(key="rnn_file_series").upload("days.csv", SERIES.encode(), "text/csv").run()
    assert not app.error, errors(app)
    assert any("200 numbers" in caption.value for caption in app.caption)
    app.button(key="rnn_train").click().run()
    until(lambda: view(app).step > 0)
    assert view(app).config.data.upload == app.session_state["rnn_upload"]
    stop(app)


def test_other_data_and_back_keep_what_was_brought(open_page):
    app = open_page(RNN)
    app.selectbox(key="rnn_dataset").set_value("lines").run()
    app.text_area(key="rnn_paste_lines").set_value(LINES)
    app.button(key="rnn_paste_use").click().run()
    assert not app.error, errors(app)
    assert any("60 lines" in caption.value and "2 classes" in caption.value for caption in app.caption)
    sha = app.session_state["rnn_upload"]
    app.selectbox(key="rnn_dataset").set_value("sunspots").run()
    assert app.session_state["rnn_upload"] == "" and not app.error
    app.selectbox(key="rnn_dataset").set_value("lines").run()
    assert app.session_state["rnn_upload"] == sha and not app.error


@pytest.mark.parametrize(
    ("dataset", "content"),
    [
        ("series", b"a,b\nx,y\n"),
        ("series", b""),
        ("text", b"short"),
        ("text", b"\xff\xfe" * 4000),
        ("lines", b"no label here\n" * 20),
        ("series", b"1\n" * (2**20 + 1)),
        ("series", b'"' * 200_000),
    ],
)
def test_a_bad_upload_is_refused_with_a_sentence(open_page, dataset, content):
    app = open_page(RNN)
    app.selectbox(key="rnn_dataset").set_value(dataset).run()
    app.file_uploader(key=f"rnn_file_{dataset}").upload("bad.txt", content, "text/plain").run()
    assert not app.exception
    assert len(app.error) == 2  # why it was refused, and that there are no data yet
    assert app.session_state["rnn_upload"] == ""
    assert app.button(key="rnn_train").disabled


def test_views_and_curves_suit_the_data():
    def seen(**settings):
        found = views_of(None, None if not settings else RNNRunConfig(**settings), usable=False)
        return found["view_names"], [chart["name"] for chart in found["charts"]]

    assert seen()[0] == ["forecast", "hidden", "gates", "gradient", "step"]
    assert seen()[1][0] == "mase"
    names, charts = seen(dataset="stdlib")
    assert names[0] == "text" and charts[0] == "bits_per_character"
    assert seen(dataset="copy") == (["sequences", "hidden", "gates", "gradient", "step"], ["accuracy", "loss", "gradient_norm", "learning_rate"])  # fmt: skip
    plain = PRESETS["adding_rnn"].make("adding")
    assert "gates" not in views_of(None, plain, usable=False)["view_names"]


def test_the_gradient_s_verdicts_are_known_to_the_page():
    from inspect import getsource

    from core.probes.rnn import gradient
    from pages.shared.words.rnn_views import VERDICTS

    source = getsource(gradient)
    assert source.count("N_(") == len(VERDICTS)
    assert all(template in source for template in VERDICTS)
