"""What a teacher leaves out: settings named in the link's ``hide`` are not drawn, but hold and stay in the link."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from core.errors import ConfigError
from core.i18n import N_
from pages.shared.language import _
from pages.shared.layout import side_by_side
from pages.shared.recipe import default_value, linked_value
from pages.shared.recipes import RECIPES


def hidden(page: str) -> frozenset[str]:
    """Suffixes of the settings that are not drawn on ``page``; what a link names wrongly is passed over."""
    key = f"{page}_hide"
    if key not in st.session_state:
        named = frozenset(st.query_params.get("hide", "").split(","))
        st.session_state[key] = named & everything(page)
    found: frozenset[str] = st.session_state[key]
    return found


def everything(page: str) -> frozenset[str]:
    """All suffixes of the page, counts included."""
    recipe = RECIPES[page]
    return frozenset(recipe.suffixes) | {one.count for one in recipe.lists}


def shown(page: str, *suffixes: str) -> bool:
    """Whether any of the settings that the page has is drawn."""
    return bool((set(suffixes) & everything(page)) - hidden(page))


def keep(page: str, suffix: str) -> Any:
    """Hold the value of a setting that is not drawn, in the session and in the link; returns it."""
    key = f"{page}_{suffix}"
    if key not in st.session_state and key in st.query_params:
        with suppress(ConfigError):  # the page says what it refuses
            st.session_state[key] = linked_value(page, suffix, st.query_params[key])
    value = st.session_state.get(key, default_value(page, suffix))
    st.session_state[key] = value  # else Streamlit forgets what no widget shows
    text = ("on" if value else "off") if isinstance(value, bool) else str(value)
    with suppress(StreamlitAPIException):  # a widget that was there a moment ago still owns its part of the link
        if value != default_value(page, suffix) and st.query_params.get(key) != text:
            st.query_params[key] = text
    return value


def write_hidden(page: str) -> None:
    """Keep ``?hide=`` in the address bar; Streamlit drops it at every page switch."""
    text = hide_value(page)
    if text and st.query_params.get("hide") != text:
        st.query_params["hide"] = text
    elif not text and "hide" in st.query_params:
        del st.query_params["hide"]


def hide_value(page: str) -> str:
    """What a link says to hide."""
    return ",".join(sorted(hidden(page)))


NETWORK, MACHINE = N_("Network"), N_("Seed and machine")
ALONE = {"lr": N_("Learning rate"), "batch_size": N_("Batch size"), "epochs": N_("Epochs")}  # suffixes
GROUPS = {  # where a setting lies in the config -> what it is hidden with; all others: the network
    "seed": MACHINE,
    "device": MACHINE,
    "precision": MACHINE,
    "threads": MACHINE,
    "mode": MACHINE,
    "dataset": N_("Data"),
    "data": N_("Data"),
    "pictures": N_("Data"),
    "side": N_("Data"),
    "augmentation": N_("Augmentation"),
    "features": N_("Inputs"),
    "optimizer": N_("Optimiser"),
    "schedule": N_("Schedule"),
    "stop": N_("Stop rules"),
    "loss": N_("Loss and penalties"),
    "penalty": N_("Loss and penalties"),
    "clip_norm": N_("Loss and penalties"),
    "ema_decay": N_("Loss and penalties"),
}


@cache
def groups(page: str) -> dict[str, tuple[str, ...]]:
    """Label (not translated) -> suffixes of the settings that are hidden together, by what they belong to."""
    recipe = RECIPES[page]
    found: dict[str, list[str]] = {}
    for suffix, path in recipe.suffixes.items():
        if suffix not in recipe.unlinked:
            root = recipe.belongs.get(suffix, path).split(".")[0]
            found.setdefault(ALONE.get(suffix, GROUPS.get(root, NETWORK)), []).append(suffix)
    for one in recipe.lists:
        found.setdefault(NETWORK, []).append(one.count)
    return {label: tuple(suffixes) for label, suffixes in found.items()}


def teachers_menu(page: str) -> None:
    """Checkboxes for what is to be left out; the links beside them follow."""
    with st.expander(_("For teachers"), icon=":material/school:"):
        st.caption(_("What is ticked here is left out of the page and of the links above; its value holds."))
        with side_by_side():
            for at, (label, suffixes) in enumerate(groups(page).items()):
                key = f"{page}_hide_group{at}"
                st.session_state[key] = hidden(page) >= set(suffixes)
                st.checkbox(_(label), key=key, on_change=_toggle, args=(page, key, suffixes))


def _toggle(page: str, key: str, suffixes: tuple[str, ...]) -> None:
    now = hidden(page)
    st.session_state[f"{page}_hide"] = now | set(suffixes) if st.session_state[key] else now - set(suffixes)
