"""Which moments a run keeps, and what its room allows."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from core.runs import keeping
from core.runs.keeping import FEWEST, Keeping
from core.training.past_names import is_moment, moment_name, step_of


class Clock:
    now = 0.0

    def perf_counter(self) -> float:
        return self.now


class Kept:
    """The files as the store would have them."""

    def __init__(self) -> None:
        self.files: dict[str, int] = {}

    def send(self, message: dict[str, Any], blob: bytes = b"") -> None:
        if message["type"] == "file":
            self.files[message["name"]] = len(blob)
        else:
            for name in message["names"]:
                del self.files[name]

    @property
    def steps(self) -> list[int | None]:
        return sorted(step_of(name) for name in self.files)


class FakeTask:
    step = 0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(keeping, "time", made)
    monkeypatch.setattr("core.training.moments.capture", lambda task: task.step)
    return made


def run(clock: Clock, kept: Kept, megabytes: int, size: int, seconds: int, monkeypatch: pytest.MonkeyPatch) -> Keeping:
    """A run of ten steps a second whose moments have ``size`` bytes."""
    monkeypatch.setattr("core.training.moments.packed", lambda state: b"x" * size)
    keeper, task = Keeping(kept.send, megabytes), FakeTask()
    for step in range(1, 10 * seconds + 1):
        task.step, clock.now = step, step / 10
        keeper.after_step(task)
    keeper.last(task)
    return keeper


def test_moments_stay_within_their_room_and_cover_the_run(clock, monkeypatch):
    kept = Kept()
    run(clock, kept, 1, 100_000, 60, monkeypatch)
    assert sum(kept.files.values()) <= 2**20
    steps = kept.steps
    assert steps[-1] == 600 and 4 <= len(steps) <= 10
    gaps = [after - before for before, after in zip([0, *steps], steps, strict=False)]
    assert max(gaps) <= 200


def test_small_networks_keep_one_every_half_second_and_more_at_first(clock, monkeypatch):
    kept = Kept()
    run(clock, kept, 50, 1000, 20, monkeypatch)
    steps = kept.steps
    assert steps[:2] == [1, 2]  # of ten a second
    gaps = [after - before for before, after in pairwise(steps)]
    assert max(gaps[:3]) <= 2 and set(gaps[20:-1]) == {5} and len(steps) > 40


def test_a_network_too_big_for_its_room_keeps_its_end(clock, monkeypatch):
    kept = Kept()
    run(clock, kept, 1, 2**20 // FEWEST + 1, 20, monkeypatch)
    assert kept.steps == [1, 200]


def test_without_room_nothing_is_kept(clock, monkeypatch):
    kept = Kept()
    run(clock, kept, 0, 1000, 20, monkeypatch)
    assert kept.steps == []


def test_names_of_files():
    assert step_of(moment_name(1234)) == 1234
    assert not is_moment("weights.safetensors") and not is_moment("../moment-0000000001.pt")
