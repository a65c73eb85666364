"""Uploads of tests lie in a folder of their own."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def uploads_of_their_own(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIVETORCH_HOME", str(tmp_path_factory.mktemp("rnn")))
        yield
