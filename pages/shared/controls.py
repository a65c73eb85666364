"""Widgets made from config metadata: label, tooltip, limits and steps all come from the setting."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import streamlit as st

from core.errors import ConfigError
from core.settings import Setting, hints_of, setting_of
from pages.shared.asked import hold
from pages.shared.hiding import hidden, keep
from pages.shared.language import _
from pages.shared.recipe import SWITCHES, default_value, key_of
from pages.shared.recipes import RECIPES

SLIDERS = frozenset(  # shares, read better as a position than as a number
    {"momentum", "dropout", "train_share", "label_noise", "validation_share", "warmup", "label_smoothing"}
)


def control(
    page: str,
    suffix: str,
    *,
    label: str | None = None,
    only: list[str] | None = None,
    on_change: Callable[[], None] | None = None,
) -> None:
    """The widget of one setting, bound to the session and the link under ``<page>_<suffix>``.

    ``label`` replaces the setting's own, ``only`` narrows its choices. What a teacher hides is held without a widget.
    """
    if suffix in hidden(page):
        keep(page, suffix)
        return
    recipe = RECIPES[page]
    config_class, name = recipe.at(recipe.suffixes[suffix])
    described = setting_of(config_class, name)
    label = label or _(described.label)
    common: dict[str, Any] = {
        "key": f"{page}_{suffix}",
        "help": _(described.help),
        "on_change": on_change and _held(page, on_change),
        "bind": "query-params",
    }
    default = default_value(page, suffix)
    if described.choices is not None:
        _choice(label, described, default, common, only)
    elif isinstance(default, bool):
        _switch(label, default, common)
    elif name in SLIDERS:
        low, high = float(described.minimum or 0), float(described.maximum or 1)
        # the last step would pass a maximum such as 0.999, so the slider ends there
        st.slider(label, low, high, default, float(described.step or 0.05), **common)
    else:
        _number(label, described, hints_of(config_class)[name], default, common)


def _held(page: str, on_change: Callable[[], None]) -> Callable[[], None]:
    """A browser that has not heard what the page set also reports a change; then it is put back first."""

    def changed() -> None:
        hold(page)
        on_change()

    return changed


def _switch(label: str, default: bool, common: dict[str, Any]) -> None:
    """A toggle whose link says on or off, as other settings say their value."""
    key = common["key"]
    if key not in st.session_state and (said := st.query_params.get(key, "").lower()) in SWITCHES:
        st.session_state[key] = SWITCHES[said]
    on = st.toggle(
        label, default, persist_state="session", **{name: value for name, value in common.items() if name != "bind"}
    )
    write_link(key, "on" if on else "off", on == default)


def write_link(key: str, text: str, is_default: bool) -> None:
    """Keep a setting's value in the link; a default needs no mention."""
    if is_default:
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get(key) != text:
        st.query_params[key] = text


def _choice(label: str, described: Setting, default: Any, common: dict[str, Any], only: list[str] | None) -> None:
    """A selectbox whose link carries the value; Streamlit's own binding would carry the translated label."""
    choices, key = dict(described.choices or {}), common["key"]
    options = [value for value in choices if only is None or value in only]
    if key not in st.session_state and st.query_params.get(key) in options:
        st.session_state[key] = st.query_params[key]
    chosen = st.selectbox(
        label,
        options,
        index=options.index(default) if default in options else 0,
        format_func=lambda value: _(choices.get(value, str(value))),
        persist_state="session",
        **{name: value for name, value in common.items() if name != "bind"},
    )
    write_link(key, str(chosen), chosen == default)


def _number(label: str, described: Setting, hint: Any, default: Any, common: dict[str, Any]) -> None:
    low, high = described.minimum, described.maximum
    if hint is float:
        st.number_input(label, low, high, default, step=described.step or 0.001, format="%g", **common)
        return
    bounds = (int(low) if low is not None else None, int(high) if high is not None else None)
    whole = default if isinstance(default, int) else int(bounds[0] or 0)
    st.number_input(label, *bounds, whole, step=int(described.step or 1), **common)


def count(page: str, suffix: str) -> int:
    """How many entries a tuple setting has; returns the number chosen."""
    if suffix in hidden(page):
        return int(keep(page, suffix))
    recipe = RECIPES[page]
    described = setting_of(*recipe.at(next(one.path for one in recipe.lists if one.count == suffix)))
    fewest, most = described.count or (0, 8)
    return int(
        st.number_input(
            _(described.label),
            fewest,
            most,
            default_value(page, suffix),
            step=1,
            key=f"{page}_{suffix}",
            help=_(described.help),
            bind="query-params",
        )
    )


def mark(page: str, error: ConfigError, sentence: str) -> None:
    """Turn the field that ``error`` names red and say why beside it."""
    key = key_of(page, error.field)
    if key is None:
        return
    # the sentence goes into a CSS string, so quotes, backslashes and line ends must not end it
    said = html.escape(sentence, quote=False).replace("\\", "").replace('"', "'").replace("\n", " ").replace("<", "")
    st.html(
        f"<style>.st-key-{key} :is([data-testid=stNumberInputContainer], [data-baseweb=select] > div) "
        "{ outline: 2px solid var(--lt-invalid); outline-offset: -1px; }"
        f'.st-key-{key}::after {{ content: "{said}"; color: var(--lt-invalid-text); font-size: 0.8rem; line-height: 1.3; }}</style>'
    )
