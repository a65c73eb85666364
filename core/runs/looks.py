"""What viewers have open and the answers to it, as the server keeps them. The worker's side is in looking.py.

A look is a question about the network as it is now, or as it was after a step of the past: a name of
:func:`core.families.looks_of` and arguments for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from core.errors import LiveTorchError
from core.i18n import N_, explain

LOOKS_PER_VIEWER = 8
LONGEST_MESSAGE = 64 * 1024  # characters of what a browser may say at once
LONGEST_NAME = 32
LOOKS_PER_RUN = 64  # together with the next one, the bound of what a run's answers and a `watch` can become
LONGEST_KEYS = 32 * 1024  # characters of all keys of a run


@dataclass(frozen=True)
class Look:
    """One thing a viewer looks at."""

    name: str
    args: dict[str, Any] = field(hash=False)
    key: str  # the same for the same name, arguments and moment
    at: int | None = None  # the step of the past it goes to; ``None``: now

    @classmethod
    def of(cls, name: str, args: dict[str, Any], at: int | None = None) -> Look:
        """The look at ``name`` with ``args``. Raises ``ValueError`` for arguments JSON cannot say."""
        text = json.dumps(args, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return cls(name, args, f"{name}:{text}" if at is None else f"{name}@{at}:{text}", at)

    def message(self) -> dict[str, Any]:
        """For the worker."""
        return {"key": self.key, "name": self.name, "args": self.args}


@dataclass(frozen=True, eq=False)
class Answer:
    """What a look saw after ``step`` optimiser steps, or why it saw nothing. Told apart by identity."""

    step: int
    data: dict[str, Any] | None
    error: LiveTorchError | None = None

    def said(self, look: Look, language: str) -> dict[str, Any]:
        """For the browser, an error as a sentence in ``language``."""
        shown = {"data": self.data} if self.error is None else {"error": explain(self.error, language)}
        moment = {} if look.at is None else {"at": look.at}
        return {"name": look.name, "args": look.args, "step": self.step} | moment | shown


CROWDED = Answer(
    0,
    None,
    LiveTorchError(
        N_("Too much of this run is being looked at, here or by others. Close a view in another window and try again.")
    ),
)


def asked_looks(text: str) -> tuple[Look, ...]:
    """The looks of a browser's message, each once. Raises ``ValueError`` for anything else than such a message."""
    if len(text) > LONGEST_MESSAGE:
        raise ValueError(f"longer than {LONGEST_MESSAGE} characters")
    try:
        message = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    asked = message.get("looks") if isinstance(message, dict) else None
    if not isinstance(asked, list) or len(asked) > LOOKS_PER_VIEWER:
        raise ValueError(f"no list of at most {LOOKS_PER_VIEWER} looks")
    found = [_look(one) for one in asked]
    return tuple({look.key: look for look in found}.values())


def _look(asked: Any) -> Look:
    name, args = (asked.get("name"), asked.get("args", {})) if isinstance(asked, dict) else (None, None)
    at = asked.get("at") if isinstance(asked, dict) else None
    if not isinstance(name, str) or len(name) > LONGEST_NAME or not isinstance(args, dict):
        raise ValueError("a look is a name and arguments")
    if at is not None and (isinstance(at, bool) or not isinstance(at, int) or at < 0):
        raise ValueError("a moment is a step")
    if not all(value is None or isinstance(value, str | int | float) for value in args.values()):
        raise ValueError("arguments are plain values")
    return Look.of(name, args, at)


def together(viewers: Iterable[tuple[Look, ...]]) -> dict[str, Look]:
    """What several viewers look at, by key; what is past the bounds of a run is left out."""
    looks: dict[str, Look] = {}
    room = LONGEST_KEYS
    for look in (look for viewer in viewers for look in viewer):
        if look.key not in looks and len(looks) < LOOKS_PER_RUN and len(look.key) <= room:
            looks[look.key] = look
            room -= len(look.key)
    return looks
