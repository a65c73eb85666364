"""Checks of what a browser asks for; each raises :class:`LiveTorchError` with a sentence."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from core.errors import LiveTorchError
from core.i18n import N_


def whole(name: str, value: Any, low: int, high: int) -> int:
    """``value`` where it is a whole number from ``low`` to ``high``."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise LiveTorchError(
            N_("{name} is {value}; it must be a whole number from {low} to {high}."),
            name=name,
            value=show(value),
            low=low,
            high=high,
        )
    return value


def one_of(name: str, value: Any, choices: Collection[str]) -> str:
    """``value`` where it is one of ``choices``."""
    if not isinstance(value, str) or value not in choices:
        raise LiveTorchError(
            N_("{name} is {value}; it must be one of: {allowed}."),
            name=name,
            value=show(value),
            allowed=", ".join(choices),
        )
    return value


def flag(name: str, value: Any) -> bool:
    """``value`` where it is true or false."""
    if not isinstance(value, bool):
        raise LiveTorchError(N_("{name} is {value}; it must be on or off."), name=name, value=show(value))
    return value


def show(value: Any) -> str:
    """``value`` as a text short enough for a sentence."""
    text = str(value)
    return text if len(text) <= 40 else text[:37] + "..."
