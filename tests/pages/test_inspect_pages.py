"""The pages that look inside a network: with a run, with none, with a nonsense link, and branching from one."""

from __future__ import annotations

import pytest

from core.backbones.registry import ZOO
from core.runs.service import service
from pages.shared.inspect_rooms import INSPECT
from tests.core.runs.conftest import until
from tests.pages.test_pages import CNN, errors, run_id, view, visitor

SCRIPTS = {name: f"inspect/{name}.py" for name in INSPECT}


def linked(app) -> list[str]:
    """Labels of the links to views inside, on the page itself."""
    titles = {room.title for room in INSPECT.values()}
    links = [element.proto.label for element in app.main if element.type == "page_link"]
    return [label for label in links if label in titles]


@pytest.fixture(scope="module")
def trained_by():
    """Remembers one run for all tests of this module."""
    return {}


@pytest.fixture
def run(open_page, trained_by):
    """A run of a few steps, and whose it is."""
    if not trained_by:
        app = open_page(CNN, cnn_epochs="1", cnn_batch_size="64")
        app.button(key="cnn_train").click().run()
        until(lambda: view(app).state == "finished", 60)
        trained_by.update(run=run_id(app), visitor=visitor(app), token=view(app).view_token)
    return trained_by


@pytest.mark.parametrize("name", INSPECT)
def test_without_a_run_the_page_says_what_to_do_first(open_page, name):
    app = open_page(SCRIPTS[name])
    if INSPECT[name].models:
        assert app.selectbox(key=f"{name}_subject").options[0].endswith("(torchvision)")
        assert len(app.selectbox(key=f"{name}_subject").options) == len(ZOO)
    else:
        assert "no run to look into" in app.main.markdown[0].value
    assert not errors(app)


@pytest.mark.parametrize("name", INSPECT)
def test_a_shared_run_is_looked_into_and_a_foreign_one_refused(open_page, run, name):
    app = open_page(SCRIPTS[name], run=run["run"], view=run["token"], at="3", layer="conv1")
    assert app.selectbox(key=f"{name}_subject").value == run["run"]
    assert not errors(app)
    app = open_page(SCRIPTS[name], run=run["run"])
    assert "not yours to see" in errors(app)


@pytest.mark.parametrize("name", INSPECT)
def test_a_nonsense_link_is_met_with_a_sentence_or_the_defaults(open_page, name):
    app = open_page(SCRIPTS[name], run="no-such-run", at="-7", layer="<b>", example="many", part="x" * 500)
    assert "There is no such run" in errors(app)


def test_a_training_page_links_to_every_view_inside(open_page):
    app = open_page(CNN, cnn_epochs="1", cnn_batch_size="64")
    assert not linked(app)
    app.button(key="cnn_train").click().run()
    until(lambda: view(app).step > 0, 30)
    app.run()
    assert [room.title for room in INSPECT.values()] == linked(app)
    until(lambda: not view(app).active, 60)


def test_a_branch_begins_with_what_was_changed(open_page, run):
    made = service().branch(run["run"], run["visitor"], 5, {"optimizer.learning_rate": 0.05})
    until(lambda: not service().view(made.id, run["visitor"]).active, 60)
    branch = service().view(made.id, run["visitor"])
    assert branch.now.optimizer.learning_rate == 0.05 and branch.config.optimizer.learning_rate == 0.001
    assert branch.step == service().view(run["run"], run["visitor"]).step
