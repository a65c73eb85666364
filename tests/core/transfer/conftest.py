"""The tiny backbone for every test here."""

from __future__ import annotations

import pytest

from tests.core.transfer import standin


@pytest.fixture(autouse=True)
def tiny_backbone(monkeypatch, tmp_path):
    standin.put_in(monkeypatch, tmp_path / "home")
