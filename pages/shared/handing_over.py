"""Settings handed from one page to another that trains: those of a run, with changes that somebody suggested."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.runs.service import RunView
from pages.shared.recipe import widget_values
from pages.shared.rooms import ROOMS

# in the session: (page, widget key -> value); no widget has this name, so it outlives the switch
HANDED = "handed_over"
MOST = 40  # changes at once


def open_changed(run: RunView, changes: Any) -> None:
    """Open the page that trains with the settings of ``run`` and ``changes`` (config path -> value), ready to start.

    Raises :class:`LiveTorchError` for changes that cannot be; they come from a browser.
    """
    config = run.now
    for path, value in list(changes.items())[:MOST] if isinstance(changes, dict) else []:
        config = config.with_value(str(path), value)
    values = widget_values(run.page, config) | {f"{run.page}_device": "auto", f"{run.page}_threads": 0}
    open_with(run.page, values)


def open_with(page: str, values: dict[str, Any]) -> None:
    """Open a page that trains with some widget values set (key -> value); its other settings stay."""
    st.session_state[HANDED] = (page, values)
    st.switch_page(ROOMS[page].script)


def take_handed(page: str) -> None:
    """Put what was handed over into the widgets of ``page``, which then shows no run until one is started."""
    if st.session_state.get(HANDED, ("", {}))[0] != page:
        return
    _page, values = st.session_state.pop(HANDED)
    for key, value in values.items():
        st.session_state[key] = value
    st.session_state[f"{page}_run"] = None
    st.session_state.pop(f"{page}_view", None)
    for name in ("run", "view"):
        st.query_params.pop(name, None)
