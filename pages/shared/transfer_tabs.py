"""The tabs of the transfer page, and which views belong to each."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.shared.hiding import keep
from pages.shared.language import _
from pages.shared.recipes import RECIPES

VIEWS = {"teach": ["try", "predictions", "classes", "updates"], "mend": ["predictions", "classes", "map", "advice"]}
FIRST = "teach"


def choose_tab(page: str) -> str:
    """Predict, Teach your own classes, Find and mend, Take away; kept in the link."""
    titles = {
        "predict": _("Predict"),
        "teach": _("Teach your own classes"),
        "mend": _("Find and mend"),
        "take": _("Take away"),
    }
    key = f"{page}_predict_tab"  # named among what is no setting
    if key not in st.session_state:
        linked = st.query_params.get("tab", FIRST)
        st.session_state[key] = linked if linked in titles else FIRST
    chosen = st.segmented_control(
        _("What to do"),
        list(titles),
        key=key,
        format_func=lambda name: titles[name],
        label_visibility="collapsed",
        required=True,
    )
    tab = str(chosen or FIRST)
    if tab != FIRST:
        st.query_params["tab"] = tab
    elif "tab" in st.query_params:
        del st.query_params["tab"]
    return tab


def hold_settings(page: str) -> None:
    """Keep every setting while its widget is not drawn."""
    for suffix in RECIPES[page].suffixes:
        keep(page, suffix)


def views_of(tab: str) -> dict[str, Any]:
    """What the live view needs beside the run: which views, and whether they come before the curves."""
    return {"view_names": VIEWS[tab], "views_first": tab == "mend"}
