"""What a teacher leaves out: settings named in the link's ``hide`` are not drawn, but hold and stay in the link."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from core.errors import ConfigError
from pages.shared.language import _
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


def groups(page: str) -> dict[str, tuple[str, ...]]:
    """Label -> suffixes of the settings that are hidden together, by what they belong to."""
    recipe = RECIPES[page]
    found: dict[str, list[str]] = {}
    for suffix, path in recipe.suffixes.items():
        if suffix not in recipe.unlinked:
            found.setdefault(_group(suffix, recipe.belongs.get(suffix, path)), []).append(suffix)
    for one in recipe.lists:
        found.setdefault(_("Network"), []).append(one.count)
    return {label: tuple(suffixes) for label, suffixes in found.items()}


def _group(suffix: str, path: str) -> str:
    if suffix in ("lr", "batch_size", "epochs"):
        return {"lr": _("Learning rate"), "batch_size": _("Batch size"), "epochs": _("Epochs")}[suffix]
    root = path.split(".")[0]
    if root in ("seed", "device", "precision", "threads", "mode"):
        return _("Seed and machine")
    return {
        "dataset": _("Data"),
        "data": _("Data"),
        "pictures": _("Data"),
        "side": _("Data"),
        "augmentation": _("Augmentation"),
        "features": _("Inputs"),
        "optimizer": _("Optimiser"),
        "schedule": _("Schedule"),
        "stop": _("Stop rules"),
        "loss": _("Loss and penalties"),
        "penalty": _("Loss and penalties"),
        "clip_norm": _("Loss and penalties"),
        "ema_decay": _("Loss and penalties"),
    }.get(root, _("Network"))


def teachers_menu(page: str) -> None:
    """Checkboxes for what is to be left out; the links beside them follow."""
    # a hundred settings are sorted into groups, so only for who looks
    part = st.expander(_("For teachers"), icon=":material/school:", key=f"{page}_teachers", on_change="rerun")
    if not part.open:
        return
    with part:
        st.caption(_("What is ticked here is left out of the page and of the links above; its value holds."))
        columns = st.columns(2)
        for at, (label, suffixes) in enumerate(groups(page).items()):
            key = f"{page}_hide_group{at}"
            st.session_state[key] = hidden(page) >= set(suffixes)
            with columns[at % 2]:
                st.checkbox(label, key=key, on_change=_toggle, args=(page, key, suffixes))


def _toggle(page: str, key: str, suffixes: tuple[str, ...]) -> None:
    now = hidden(page)
    st.session_state[f"{page}_hide"] = now | set(suffixes) if st.session_state[key] else now - set(suffixes)
