"""What visitors ask for, in the order that makes sense: settings first, then what is done with them.

A browser answers faster than it hears. Whoever takes a preset and presses Train at once sends the Train with the widgets as
they were before the preset; or both clicks arrive together, Train first. So what the page set is held for a moment against a
browser that cannot know of it yet (:func:`tell`, :func:`hold`), and a run is begun only when all clicks of the same message
have been heard (:func:`later`, :func:`settle`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.errors import LiveTorchError

HEARD = 3.0  # seconds after which a browser knows what the page set


@dataclass
class Told:
    """A setting that the page set: its value, and what a browser may say that has not heard of it."""

    value: Any
    before: list[Any]
    link: str | None  # what the address said of it before
    until: float


def tell(page: str, values: Mapping[str, Any]) -> None:
    """Set widgets (key -> value) of ``page``, whatever a browser says that does not know of it yet."""
    told = _told(page)
    for key, value in values.items():
        if key in st.session_state:
            before = [*(told[key].before if key in told else []), st.session_state[key]]
            unlike = [one for one in before if one != value]
            told[key] = Told(value, unlike, st.query_params.get(key), time.monotonic() + HEARD)
        st.session_state[key] = value


def hold(page: str) -> None:
    """Put back what a browser overwrote without having heard of it."""
    told = _told(page)
    for key in [key for key, one in told.items() if time.monotonic() > one.until or key not in st.session_state]:
        del told[key]
    unheard = [key for key, one in told.items() if st.session_state[key] in one.before]
    if len(unheard) == 1 < sum(bool(one.before) for one in told.values()):
        del told[unheard[0]]  # it has heard of the others: the visitor set this one back
        return
    for key in unheard:
        st.session_state[key] = told[key].value


def saying(page: str, act: Callable[[], object]) -> None:
    """Do it with the settings as they are meant; what cannot be is said at the top of the page."""
    hold(page)
    try:
        act()
    except LiveTorchError as error:
        st.session_state[f"{page}_notice"] = error


def later(page: str, act: Callable[[], object]) -> None:
    """Do it when every click of this message has been heard, before anything is drawn."""
    st.session_state.setdefault(f"{page}_asked", []).append(act)


def settle(page: str) -> None:
    """At the start of every script: put settings right, then do what was asked."""
    hold(page)
    for act in st.session_state.pop(f"{page}_asked", []):
        saying(page, act)


def remind(page: str) -> None:
    """Before widgets are drawn: set again what the address has not heard of, so that the link says what the page shows."""
    for key, one in _told(page).items():
        if st.query_params.get(key) == one.link and st.session_state[key] == one.value:
            st.session_state[key] = one.value


def _told(page: str) -> dict[str, Told]:
    told: dict[str, Told] = st.session_state.setdefault(f"{page}_told", {})
    return told
