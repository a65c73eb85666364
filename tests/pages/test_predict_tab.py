"""The tab "Predict": what is chosen, what has to be downloaded, and how a download that fails is told."""

from __future__ import annotations

import pytest

from core.backbones.download import source_of, weights_downloads
from core.backbones.registry import BACKBONES, ZOO
from pages.shared.predicting import MOST_MODELS
from tests.core.runs.conftest import until
from tests.pages.test_pages import errors

SCRIPT = "train/transfer.py"
MODELS = "transfer_predict_models"


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """No weights on this machine, and nobody who publishes them."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    sources = {name: source_of(spec, "http://127.0.0.1:9/") for name, spec in ZOO.items()}
    monkeypatch.setattr(weights_downloads(), "sources", sources)
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def buttons(app):
    return [button.key for button in app.main.button]


def test_weights_that_are_missing_are_offered_and_a_failed_download_says_what_to_do(bare, open_page):
    app = open_page(SCRIPT, tab="predict")
    assert not errors(app)
    assert app.button_group(key=MODELS).value == ["mobilenet_v2"]
    key = "transfer_predict_mobilenet_v2_download"
    assert key in buttons(app) and "14 MB" in app.button(key=key).label
    app.button(key=key).click().run()
    until(lambda: weights_downloads().progress("mobilenet_v2").state == "failed")
    app.run()
    assert "offline backbone" in errors(app) and "random weights" in errors(app)
    assert key in buttons(app)  # try again


def test_no_more_than_four_are_asked(bare, open_page):
    app = open_page(SCRIPT, tab="predict")
    app.button_group(key=MODELS).set_value(list(ZOO)[:6]).run()
    assert not errors(app)
    assert any("The first 4" in caption.value for caption in app.main.caption)
    offered = [key for key in buttons(app) if key and key.startswith("transfer_predict_") and key.endswith("_download")]
    assert len(offered) == MOST_MODELS
    app.button_group(key=MODELS).set_value([]).run()
    assert any("at least one network" in info.value for info in app.main.info)


def test_the_offline_backbone_names_nothing_here(bare, open_page):
    app = open_page(SCRIPT, tab="predict")
    assert BACKBONES["formula"].title not in app.button_group(key=MODELS).options
    assert len(app.button_group(key=MODELS).options) == len(ZOO)
