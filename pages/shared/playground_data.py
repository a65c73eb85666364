"""The cards "Data" and "Inputs" of the playground."""

from __future__ import annotations

import random

import streamlit as st

from core.config.mlp import PLANE_SETS, REGRESSIONS
from core.datasets.plane import points_of_csv
from core.errors import ConfigError
from pages.shared.asked import tell
from pages.shared.cards import card_label, folded, pair, setting, value_of
from pages.shared.hiding import hidden, shown
from pages.shared.language import _, paragraph, sentence
from pages.shared.recipes.mlp import INPUTS

NAMES = {
    "x1": "x₁",
    "x2": "x₂",
    "x1_squared": "x₁²",
    "x2_squared": "x₂²",
    "product": "x₁x₂",
    "sin_x1": "sin x₁",
    "sin_x2": "sin x₂",
}
WITH_CLASSES = ("spiral", "drawn")


def is_regression(page: str) -> bool:
    """Whether the chosen points carry numbers instead of classes."""
    dataset = value_of(page, "dataset")
    return dataset in REGRESSIONS or (dataset == "drawn" and value_of(page, "task") == "regression")


def settle(page: str) -> None:
    """Bring what the chosen data do not bear back to what they do; called before a widget is drawn."""
    state, drawn = st.session_state, value_of(page, "dataset") == "drawn"
    if points := state.get(f"{page}_points"):
        state[f"{page}_painted"] = points
    state[f"{page}_points"] = state.get(f"{page}_painted", []) if drawn else []
    if is_regression(page):
        state[f"{page}_loss"] = "mse"


def data_controls(page: str) -> None:
    """Which points the network learns from."""
    label = card_label(_("Data"), _(PLANE_SETS.get(value_of(page, "dataset"), "")))
    if not shown(page, "dataset", "samples", "noise", "train_share", "data_seed", "classes", "task"):
        for suffix in ("dataset", "samples", "noise", "train_share", "data_seed", "classes", "task"):
            setting(page, suffix)
        return
    with st.expander(label, expanded=True, icon=":material/scatter_plot:", key=f"{page}_data_card"):
        setting(page, "dataset")
        if value_of(page, "dataset") == "drawn":
            _own_points(page)
            setting(page, "train_share")
            return
        pair(page, "samples", "noise")
        setting(page, "train_share")
        if value_of(page, "dataset") in WITH_CLASSES:
            pair(page, "classes", "data_seed")
        else:
            setting(page, "data_seed")
        if "data_seed" not in hidden(page):
            st.button(
                _("Draw other points"),
                key=f"{page}_redraw",
                icon=":material/casino:",
                on_click=_redraw,
                args=(page,),
                help=_("Takes another data seed: points of the same kind in other places."),
                width="stretch",
            )


def _redraw(page: str) -> None:
    tell(page, {f"{page}_data_seed": random.randrange(100_000)})


def _own_points(page: str) -> None:
    """Targets of points set by hand, and a file of them."""
    setting(page, "task")
    if not is_regression(page):
        setting(page, "classes")
    said = st.session_state.pop(f"{page}_upload_said", None)
    if isinstance(said, ConfigError):
        st.error(sentence(said), icon=":material/error:")
    elif said:
        st.caption(said)
    with folded(page, _("Points from a file"), "CSV", "dataset"):
        st.file_uploader(
            _("CSV with the columns x1, x2, target"),
            ["csv", "txt"],
            key=f"{page}_upload",
            on_change=_take_file,
            args=(page,),
            help=_(
                "One point a line: two coordinates and a class (number or word) or a value. At most 2,000 points and 256 KB. What lies beyond -6 to 6 is scaled into the plane."
            ),
        )


def _take_file(page: str) -> None:
    """A file came: its points become the painted ones, or a sentence says why not."""
    state = st.session_state
    file = state.get(f"{page}_upload")
    if file is None:
        return
    try:
        found = points_of_csv(file.getvalue(), value_of(page, "task"))
    except ConfigError as error:
        state[f"{page}_upload_said"] = error
        return
    state[f"{page}_points"] = state[f"{page}_painted"] = [list(point) for point in found.points]
    if found.classes:
        state[f"{page}_classes"] = max(2, found.classes)
    said = [_("{count} points read.").format(count=len(found.points))]
    if found.scaled:
        said.append(_("They were scaled into the plane."))
    if any(not name.isdecimal() for name in found.names):
        named = ", ".join(f"{at}: {name}" for at, name in enumerate(found.names))
        said.append(_("Classes: {names}.").format(names=named))
    state[f"{page}_upload_said"] = paragraph(said)


def input_controls(page: str) -> None:
    """What the network is given of a point."""
    names = [NAMES[name] for name in INPUTS if value_of(page, name)]
    label = card_label(_("Inputs"), ", ".join(names) or _("none"))
    if not shown(page, *INPUTS):
        for name in INPUTS:
            setting(page, name)
        return
    with st.expander(label, icon=":material/input:", key=f"{page}_inputs_card"):
        pair(page, *INPUTS)
