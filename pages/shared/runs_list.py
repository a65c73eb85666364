"""One run as a row: what it was, how it went, what can be done with it."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import streamlit as st

from core.errors import LiveTorchError
from core.runs.service import RunView, service
from pages.shared.language import _, sentence
from pages.shared.rooms import ROOMS
from pages.shared.visitor import visitor

STATE_LOOK = {  # state -> (colour, icon)
    "queued": ("gray", "hourglass_empty"),
    "running": ("blue", "play_arrow"),
    "paused": ("orange", "pause"),
    "finished": ("green", "check"),
    "stopped": ("gray", "stop"),
    "diverged": ("violet", "trending_up"),
    "failed": ("red", "error"),
    "interrupted": ("orange", "power_off"),
}


def state_word(state: str) -> str:
    """The state in the visitor's language."""
    return {
        "queued": _("queued"),
        "running": _("running"),
        "paused": _("paused"),
        "finished": _("finished"),
        "stopped": _("stopped"),
        "diverged": _("diverged"),
        "failed": _("failed"),
        "interrupted": _("interrupted"),
    }[state]


def run_row(run: RunView, where: str, manage: bool = False) -> None:
    """Draw ``run``; ``manage`` adds rename, download and delete. ``where`` keeps widget keys apart."""
    colour, icon = STATE_LOOK[run.state]
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"{where}_row_{run.id}"):
        with st.container(gap="xxsmall"):
            st.markdown(f"**{_plain(run.title)}** :{colour}-badge[:material/{icon}: {state_word(run.state)}]")
            st.caption(_summary(run))
            if run.reason is not None:
                st.caption(_plain(sentence(run.reason)))
        if st.button(_("Open"), key=f"{where}_open_{run.id}", icon=":material/open_in_new:", width="content"):
            st.session_state.pop(f"{run.page}_run", None)
            st.switch_page(ROOMS[run.page].script, query_params={"run": run.id})
        if manage:
            _manage(run, where)


def _summary(run: RunView) -> str:
    started = datetime.fromtimestamp(run.created, UTC).strftime("%Y-%m-%d %H:%M UTC")
    parts = [started, _("step {step:,}").format(step=run.step), _("epoch {epoch}").format(epoch=run.epoch)]
    accuracy = run.latest.get("validation", {}).get("accuracy")
    if isinstance(accuracy, float) and math.isfinite(accuracy):
        parts.append(_("validation accuracy {accuracy:.1%}").format(accuracy=accuracy))
    return " · ".join(parts)


def _manage(run: RunView, where: str) -> None:
    with st.popover(_("Rename"), icon=":material/edit:", key=f"{where}_rename_{run.id}"):
        title = st.text_input(_("Name"), run.title, max_chars=80, key=f"{where}_title_{run.id}")
        st.button(_("Save name"), key=f"{where}_save_{run.id}", on_click=_rename, args=(run.id, title))
    st.link_button(
        _("Metrics"),
        f"/api/runs/{run.id}/metrics.csv",
        icon=":material/download:",
        help=_("Every step's loss and accuracy as CSV."),
    )
    with st.popover(_("Delete"), icon=":material/delete:", key=f"{where}_delete_{run.id}"):
        st.markdown(_("Delete this run with its curves? This cannot be undone."))
        st.button(_("Delete for good"), key=f"{where}_sure_{run.id}", type="primary", on_click=_delete, args=(run.id,))


def _rename(run_id: str, title: str) -> None:
    try:
        service().rename(run_id, visitor(), title)
    except LiveTorchError as error:
        st.session_state["runs_notice"] = error


def _delete(run_id: str) -> None:
    try:
        service().delete(run_id, visitor())
    except LiveTorchError as error:
        st.session_state["runs_notice"] = error


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, whatever a visitor typed."""
    return "".join("\\" + character if character in "\\`*_{}[]()#+-.!|<>$:~^&" else character for character in text)
