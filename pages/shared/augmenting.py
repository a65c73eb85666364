"""The recipe on the augmentation page: a list of transforms with their widgets, kept in the session and in the link."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import streamlit as st

from core.config.augmentation import (
    BATCHES,
    KINDS,
    MOST,
    TRANSFORMS,
    Parameter,
    RecipeConfig,
    TransformConfig,
    recipe_of,
)
from core.errors import ConfigError
from core.presets_augmentation import starts
from core.settings import setting_of
from pages.shared.language import _, sentence

PAGE = "augmentation"
ENTRIES, TITLE, BATCH, ALPHA = (f"{PAGE}_{name}" for name in ("entries", "title", "batch", "alpha"))
LINKED = "recipe"  # in the query string
WRITTEN, MOST_WRITTEN = f"{PAGE}_written", 60  # what this session wrote there
_ids = count(1)


def open_recipe(recipe: RecipeConfig) -> None:
    """Show ``recipe``; its widgets are new ones."""
    st.session_state[ENTRIES] = [(next(_ids), one) for one in recipe.transforms]
    st.session_state[TITLE] = recipe.title
    st.session_state[BATCH] = recipe.batch
    st.session_state[ALPHA] = recipe.alpha


def take_linked() -> None:
    """At the first visit of a session, or with another link: the recipe that the link says, or one to start from."""
    said = st.query_params.get(LINKED)
    # a browser that is busy says an address that is a few changes old
    if ENTRIES in st.session_state and (said is None or said in st.session_state.get(WRITTEN, [])):
        for name, default in ((TITLE, ""), (BATCH, "none"), (ALPHA, 0.4)):
            st.session_state.setdefault(name, default)
        return
    try:
        open_recipe(recipe_of(said) if said is not None else starts()["photos"])
    except ConfigError as error:
        st.warning(sentence(error), icon=":material/link_off:")
        open_recipe(starts()["photos"])


def recipe_controls() -> RecipeConfig:
    """The list with its widgets; returns the recipe they describe, which is then in the link as well."""
    entries: list[tuple[int, TransformConfig]] = st.session_state[ENTRIES]
    st.text_input(
        _("Name"), key=TITLE, max_chars=40, placeholder=_("Unnamed recipe"), label_visibility="collapsed",
        persist_state="session", help=_("What the recipe is called when it is saved and trained with."),
    )  # fmt: skip
    if not entries:
        st.markdown(_("Nothing is done to the pictures yet. Add a transform."))
    entries = [(number, _entry(place, number, one, len(entries))) for place, (number, one) in enumerate(entries)]
    st.session_state[ENTRIES] = entries
    _add_menu(len(entries))
    _batch()
    chosen, alpha = st.session_state[BATCH], float(st.session_state.get(ALPHA, 0.4))
    recipe = RecipeConfig(st.session_state[TITLE], tuple(one for _number, one in entries), chosen, alpha)
    st.session_state[WRITTEN] = [*st.session_state.get(WRITTEN, [])[-MOST_WRITTEN:], recipe.text]
    st.query_params[LINKED] = recipe.text
    return recipe


def summary(one: TransformConfig) -> str:
    """The values of a transform in a few signs: "-15 to 15, 50 %"."""
    said = []
    for parameter in one.spec.parameters:
        value = one.named[parameter.name]
        if parameter.name == "p":
            continue
        if isinstance(value, tuple):
            said.append(_("{low:g} to {high:g}").format(low=value[0], high=value[1]))
        elif parameter.choices is None:
            said.append(f"{value:g}")
    chance = float(one.named["p"])  # type: ignore[arg-type]
    return ", ".join([*said[:3], *([f"{chance:.0%}"] if chance < 1 else [])])


def _entry(place: int, number: int, one: TransformConfig, entries: int) -> TransformConfig:
    """One transform in the list."""
    key = f"{PAGE}_{number}"
    one = _as_widgets_say(key, one)
    title = f"{place + 1}. {_(one.spec.title)}"
    label = f"{title} :small[:gray[{summary(one) if one.on else _('off')}]]"
    with st.expander(label, key=f"{key}_card"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            on = st.toggle(_("On"), one.on, key=f"{key}_on", help=_(one.spec.help))
            st.space("stretch")
            for name, icon, words, still in (
                ("up", "arrow_upward", _("Earlier"), place == 0),
                ("down", "arrow_downward", _("Later"), place == entries - 1),
                ("remove", "delete", _("Remove"), False),
            ):
                st.button(
                    "", key=f"{key}_{name}", icon=f":material/{icon}:", help=words, disabled=still, type="tertiary",
                    on_click=_move, args=(number, name),
                )  # fmt: skip
        st.caption(_(one.spec.help))
        for parameter in one.spec.parameters:
            _value(key, parameter, one.named[parameter.name])
    return replace(one, on=on)


def _as_widgets_say(key: str, one: TransformConfig) -> TransformConfig:
    """The transform with the values of its widgets, so that the card's label says them too."""
    kept = {parameter.name: f"{key}_{parameter.name}" for parameter in one.spec.parameters}
    values = {name: st.session_state[widget] for name, widget in kept.items() if widget in st.session_state}
    try:
        return replace(one.with_values(**values), on=st.session_state.get(f"{key}_on", one.on))
    except ConfigError as error:  # a forged value
        st.error(sentence(error))
        return one


def _value(key: str, one: Parameter, value: Any) -> None:
    """The widget of one parameter: a slider, of two ends where it is a range, or a choice."""
    name, words = f"{key}_{one.name}", {"help": _(one.help)}
    if one.choices is not None:
        choices = one.choices
        st.selectbox(
            _(one.label), list(choices), list(choices).index(value), key=name,
            format_func=lambda choice: _(choices.get(choice, choice)), **words,
        )  # fmt: skip
        return
    if one.whole:
        st.slider(_(one.label), int(one.minimum), int(one.maximum), int(value), int(one.step), key=name, **words)
        return
    low, high = float(one.minimum), float(one.maximum)
    st.slider(_(one.label), low, high, value, float(one.step), format="%g", key=name, **words)


def _move(number: int, how: str) -> None:
    entries = st.session_state[ENTRIES]
    place = next((at for at, (own, _one) in enumerate(entries) if own == number), None)
    if place is None:
        return
    entry = entries.pop(place)
    if how != "remove":
        entries.insert(max(0, place + (1 if how == "down" else -1)), entry)


def _add_menu(entries: int) -> None:
    """A button for every transform, grouped by kind."""
    with st.popover(
        _("Add a transform"), icon=":material/add:", key=f"{PAGE}_add", width="stretch", disabled=entries >= MOST,
        help=_("It is put at the end; at most {most} can follow one another.").format(most=MOST),
    ):  # fmt: skip
        for kind, title in KINDS.items():
            st.markdown(f"**{_(title)}**")
            with st.container(horizontal=True, gap="small"):
                for name, spec in TRANSFORMS.items():
                    if spec.kind == kind:
                        st.button(
                            _(spec.title), key=f"{PAGE}_add_{name}", help=_(spec.help), on_click=_add, args=(name,)
                        )


def _add(name: str) -> None:
    entries = st.session_state[ENTRIES]
    if len(entries) < MOST:
        entries.append((next(_ids), TransformConfig(name)))


def _batch() -> None:
    """What is done to the batch as a whole."""
    described = setting_of(RecipeConfig, "batch")
    st.segmented_control(
        _(described.label), list(BATCHES), key=BATCH, help=_(described.help), required=True, persist_state="session",
        format_func=lambda name: _(BATCHES[name]),
    )  # fmt: skip
    if st.session_state[BATCH] != "none":
        alpha = setting_of(RecipeConfig, "alpha")
        st.slider(
            _(alpha.label), 0.05, 8.0, step=0.05, key=ALPHA, help=_(alpha.help), format="%g", persist_state="session"
        )
