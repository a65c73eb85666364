"""Limits come from the environment, and nonsense there is refused at the start."""

from __future__ import annotations

import pytest

from core.errors import LimitError
from core.runs.limits import LIMITS, Limits


def test_a_host_for_strangers_is_stricter(monkeypatch):
    monkeypatch.delenv("LIVETORCH_THREADS", raising=False)
    laptop = Limits.from_environment()
    monkeypatch.setenv("LIVETORCH_HOSTED", "1")
    hosted = Limits.from_environment()
    assert (laptop.run_seconds, hosted.run_seconds) == (0, 300)
    assert (laptop.runs_per_visitor, hosted.runs_per_visitor) == (0, 2)
    assert hosted.threads == 1


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_can_be_set_and_is_checked(name, monkeypatch):
    monkeypatch.setenv(name, "7")
    assert getattr(Limits.from_environment(), name.removeprefix("LIVETORCH_").lower()) == 7
    monkeypatch.setenv(name, "many")
    with pytest.raises(LimitError, match=f"{name} is 'many'"):
        Limits.from_environment()


def test_an_unknown_limit_is_an_attribute_error():
    with pytest.raises(AttributeError):
        _ = Limits.from_environment().nothing
