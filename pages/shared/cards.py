"""What the cards of a recipe have in common: folded summaries, and settings that reach a run that is on."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import streamlit as st

from core.errors import ConfigError
from pages.shared.controls import control
from pages.shared.hiding import shown
from pages.shared.layout import side_by_side
from pages.shared.recipe import default_value, linked_value
from pages.shared.recipes import RECIPES
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
    return st.session_state.get(key, default_value(page, suffix))


def folded(page: str, title: str, summary: str, *suffixes: str) -> st.delta_generator.DeltaGenerator:
    """A folded part of a card; without a frame where a teacher hides all that is in it."""
    return st.expander(card_label(title, summary)) if shown(page, *suffixes) else st.container()


def setting(page: str, suffix: str, label: str | None = None) -> None:
    """The widget of a setting, if the page has it; a run that is on takes it over at once where it can."""
    recipe = RECIPES[page]
    if suffix in recipe.suffixes:
        live = recipe.suffixes[suffix] in recipe.config_class.EDITABLE
        control(page, suffix, label=label, on_change=(lambda: change(page, suffix)) if live else None)


def pair(page: str, *suffixes: str) -> None:
    """Settings two in a row; those that the page does not have are left out."""
    known = [suffix for suffix in suffixes if suffix in RECIPES[page].suffixes]
    if known:
        with side_by_side():
            for suffix in known:
                setting(page, suffix)
