"""A run that goes on from a moment of another one, with other settings."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.config import RunConfig, may_edit
from core.errors import LiveTorchError
from core.runs.record import edited
from core.runs.service import RunView, service
from core.settings import hints_of, setting_of
from pages.shared.language import _, sentence
from pages.shared.recipes import RECIPES
from pages.shared.rooms import ROOMS
from pages.shared.visitor import visitor

LEFT_OUT = ("data.points", "poke")  # set in the picture itself


def branch_asked(run: RunView, asked: Any) -> None:
    """The visitor wants to branch ``run``: ``asked`` is ``{"step": n, "id": ...}``, or nothing."""
    if isinstance(asked, dict) and isinstance(asked.get("step"), int) and run.own:
        title = _("Branch from step {step:,}").format(step=asked["step"])
        st.dialog(title, width="medium", icon=":material/call_split:")(_choose)(run, asked["step"])


def _choose(run: RunView, step: int) -> None:
    """What the dialog holds."""
    st.markdown(
        _(
            "A run of its own goes on from there: same weights, same optimiser state, same next batch. What do you change?"
        )
    )
    config = edited(run.config, [edit for edit in run.edits if edit["step"] <= step])
    columns = st.columns(2)
    values: dict[str, Any] = {}
    for number, path in enumerate(_changeable(config)):
        with columns[number % 2]:
            values[path] = _field(run.page, config, path)
    if st.button(_("Start the branch"), type="primary", icon=":material/call_split:", key=f"{run.page}_branch_start"):
        try:
            made = service().branch(run.id, visitor(), step, values)
        except LiveTorchError as error:
            st.error(sentence(error), icon=":material/error:")
            return
        _beside(run)
        st.session_state.pop(f"{run.page}_run", None)
        st.switch_page(ROOMS[run.page].script, query_params={"run": made.id})


def _changeable(config: RunConfig) -> list[str]:
    """What can be changed, without what ends a run."""
    known = RECIPES[config.page].suffixes.values()
    paths = [path for path in config.EDITABLE if path in known and may_edit(config, path)]
    return [path for path in paths if path not in LEFT_OUT and not path.startswith("stop.")]


def _field(page: str, config: RunConfig, path: str) -> Any:
    """A plain widget of one setting, at the value it had."""
    parent, _dot, name = path.rpartition(".")
    owner: Any = config
    for part in filter(None, parent.split(".")):
        owner = getattr(owner, part)
    described, value = setting_of(type(owner), name), getattr(owner, name)
    common: dict[str, Any] = {"help": _(described.help), "key": f"{page}_branch_{path.replace('.', '_')}"}
    label = _(described.label)
    if path.startswith("discriminator_optimizer."):
        label = _("{setting} (discriminator)").format(setting=label)
    if described.choices is not None:
        options = list(described.choices)
        words = dict(described.choices)
        return st.selectbox(label, options, options.index(value), format_func=lambda one: _(words[one]), **common)
    if isinstance(value, bool):
        return st.toggle(label, value, **common)
    if hints_of(type(owner))[name] is float:
        step = described.step or 0.001
        return st.number_input(
            label, described.minimum, described.maximum, float(value), step=step, format="%g", **common
        )
    low, high = described.minimum, described.maximum
    bounds = (int(low) if low is not None else None, int(high) if high is not None else None)
    return st.number_input(label, *bounds, int(value), step=int(described.step or 1), **common)


def _beside(run: RunView) -> None:
    """Have the run it left drawn beside the branch."""
    key = f"{run.page}_compare"
    chosen = [one for one in st.session_state.get(key, []) if one != run.id]
    st.session_state[key] = [run.id, *chosen][:5]
