"""Pages without a browser: AppTest on the real frame, with real workers behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.service import close_service, service
from tests.core.runs.conftest import until

APP = Path(__file__).resolve().parents[2] / "pages" / "app.py"


@pytest.fixture(scope="module", autouse=True)
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LIVETORCH_HOME", str(tmp_path_factory.mktemp("home")))
        patched.setenv("LIVETORCH_DISK_FLOOR_MB", "1")
        patched.delenv("LIVETORCH_DATA", raising=False)
        close_service()
        until(lambda: service().client.ready.is_set(), 60)
        yield
        close_service()


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    """Opens a page as a new visitor, with values from a link."""

    def opened(script: str | None = None, language: str = "en", **query: str) -> Any:
        app = AppTest.from_file(str(APP), default_timeout=30)
        app.session_state["language"] = language
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if script:
            app.switch_page(script)
            for name, value in query.items():
                app.query_params[name] = value
            app.run()
        assert not app.exception, app.exception
        return app

    return opened
