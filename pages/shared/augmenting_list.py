"""The transforms of a recipe as cards in a list: values, order, what is added and taken out. The list lies in the session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from typing import Any

import streamlit as st

from core.config.augmentation import KINDS, MOST, TRANSFORMS, Parameter, TransformConfig
from core.errors import ConfigError
from pages.shared.language import _, sentence

PAGE = "augmentation"
ENTRIES = f"{PAGE}_entries"
_ids = count(1)  # widgets follow their transform when it is moved


def open_transforms(transforms: Iterable[TransformConfig]) -> None:
    """Show ``transforms``; their widgets are new ones."""
    st.session_state[ENTRIES] = [(next(_ids), one) for one in transforms]


def transform_controls() -> tuple[TransformConfig, ...]:
    """The list with its widgets; returns the transforms they describe."""
    entries: list[tuple[int, TransformConfig]] = st.session_state[ENTRIES]
    if not entries:
        st.markdown(_("Nothing is done to the pictures yet. Add a transform."))
    entries = [(number, _entry(place, number, one, len(entries))) for place, (number, one) in enumerate(entries)]
    st.session_state[ENTRIES] = entries
    _add_menu(len(entries))
    return tuple(one for _number, one in entries)


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
