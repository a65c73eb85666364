"""How the files of kept moments are called. No torch."""

from __future__ import annotations

import re

NAME = re.compile(r"moment-(\d{10})\.pt")


def moment_name(step: int) -> str:
    """The file of the moment after ``step``."""
    return f"moment-{step:010d}.pt"


def step_of(name: str) -> int | None:
    """The step of a file's name, or ``None`` for any other file."""
    found = NAME.fullmatch(name)
    return int(found[1]) if found else None


def is_moment(name: str) -> bool:
    """Whether a file of that name is a moment."""
    return step_of(name) is not None
