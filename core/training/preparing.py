"""What a task does before its first step, told to whoever waits for it. A task is made in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Hears = Callable[[str, dict[str, Any]], None]  # (template, values); may raise to break off

_hears: list[Hears] = []


@contextmanager
def heard_by(hears: Hears) -> Iterator[None]:
    """Inside, what is told goes to ``hears``."""
    _hears.append(hears)
    try:
        yield
    finally:
        _hears.remove(hears)


def tell(template: str, **values: Any) -> None:
    """Say how far the preparation is; goes nowhere where nobody hears."""
    for hears in _hears:
        hears(template, values)
