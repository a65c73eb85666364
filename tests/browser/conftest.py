"""Fixtures that drive a real Chromium against a real server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.app_server import AppServer, app_server, chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    try:
        with chromium() as found:
            yield found
    except Exception as error:
        if os.environ.get("LIVETORCH_REQUIRE_BROWSER") or "Executable doesn't exist" not in str(error):
            raise
        pytest.skip("no Chromium here; `playwright install chromium` brings one")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    with app_server(tmp_path_factory.mktemp("home"), LIVETORCH_THREADS="1") as running:
        yield running


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page in a context (and so a visitor) of its own; errors in the console fail the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    fresh = context.new_page()
    errors: list[str] = []
    fresh.on("pageerror", lambda error: errors.append(str(error)))
    fresh.errors = errors
    yield fresh
    context.close()
    assert errors == []
