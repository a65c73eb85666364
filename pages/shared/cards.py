"""What the cards of a recipe have in common: folded summaries, and settings that reach a run that is on."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import streamlit as st

from core.config import EDITABLE
from core.errors import ConfigError
from pages.shared.controls import control
from pages.shared.recipe import PATHS, default_value, linked_value
from pages.shared.transport import change


def card_label(title: str, summary: str) -> str:
    """A card's label: what it is and, in grey, what is chosen, so that it can stay folded."""
    return f"{title} :small[:gray[{summary}]]"


def value_of(page: str, suffix: str) -> Any:
    """What a widget shows, or will show when it is drawn for the first time."""
    key = f"{page}_{suffix}"
    if key not in st.session_state and key in st.query_params:
        with suppress(ConfigError):  # the page says what it refuses, and shows the default
            return linked_value(page, suffix, st.query_params[key])
    return st.session_state.get(key, default_value(suffix))


def setting(page: str, suffix: str, config_class: type, name: str) -> None:
    """The widget of a setting; a run that is on takes it over at once where it can."""
    live = PATHS.get(suffix) in EDITABLE
    control(page, suffix, config_class, name, on_change=(lambda: change(page, suffix)) if live else None)


def pair(page: str, *settings: tuple[str, type, str]) -> None:
    """Up to two settings (suffix, class, field) side by side."""
    for column, (suffix, config_class, name) in zip(st.columns(2), settings, strict=False):
        with column:
            setting(page, suffix, config_class, name)
