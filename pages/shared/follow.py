"""The part of a page that follows its run without the rest: the bar and the live view.

Train, Pause, Step, Stop and every change of the run's state draw this part alone, so that nobody waits for sixty controls
that stay as they are. Where else the page speaks of its run (the badge, the runs to compare, the way into the network) it
catches up a second after the start and at once after the end, in a rerun of the whole page for which the live view asks:
``settled`` in assets/js/live_view.js.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.errors import NotFoundError
from core.runs.service import RunView
from pages.shared.asked import settle
from pages.shared.attached import shown_run

DAY = 86_400.0  # seconds


def follow(page: str, run: RunView | None, draw: Callable[[RunView | None], None]) -> None:
    """``draw`` what depends on ``run``, now and again whenever a widget in it is used."""
    st.session_state[f"{page}_drawn_for"] = _what(run)
    st.session_state.pop(f"{page}_whole", None)
    _part(page, draw)


# Streamlit forgets fragments with the session (a restarted server, a laptop that slept). Only where one runs by the clock does the
# browser begin anew when it is back; else Train would be a dead button.
@st.fragment(run_every=DAY)
def _part(page: str, draw: Callable[[RunView | None], None]) -> None:
    settle(page)
    if st.session_state.pop(f"{page}_whole", False) or f"{page}_notice" in st.session_state:
        st.rerun()
    try:
        run = shown_run(page)
    except NotFoundError:
        st.rerun()  # the page says so
    draw(run)


def whole(page: str) -> None:
    """For callbacks that change what lies outside: draw the whole page."""
    st.session_state[f"{page}_whole"] = True


def outdated(page: str, run: RunView | None) -> bool:
    """Whether the rest of the page was drawn for another run, or when it was not over yet."""
    now = _what(run)
    return bool(st.session_state.get(f"{page}_drawn_for", now) != now)


def _what(run: RunView | None) -> tuple[str, bool] | None:
    return (run.id, run.active) if run else None
