"""Moments between two batches of an evaluation, in which whoever drives the loop may hold it. A run has a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Holds = Callable[[], None]  # comes back when the evaluation may go on; may raise to break it off


@dataclass
class _Breaks:
    holds: list[Holds] = field(default_factory=list)
    seconds: float = 0.0  # for which evaluations have been held


_breaks = _Breaks()


@contextmanager
def held_by(holds: Holds) -> Iterator[None]:
    """Inside, ``holds`` is called between two batches of an evaluation."""
    _breaks.holds.append(holds)
    try:
        yield
    finally:
        _breaks.holds.remove(holds)


def breathe() -> None:
    """An evaluation can be held here. Weights, random numbers and what has been found so far stay as they are."""
    began = time.perf_counter()
    for holds in _breaks.holds:
        holds()
    _breaks.seconds += time.perf_counter() - began


def held_seconds() -> float:
    """For how long evaluations of this process have been held; no time that a run has trained."""
    return _breaks.seconds
