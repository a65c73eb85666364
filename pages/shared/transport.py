"""Train, Pause, Step, Stop, Reset: the bar that stays in reach on every training page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.config import RunConfig, may_edit
from core.errors import LiveTorchError
from core.runs.service import RunView, service
from pages.shared.asked import hold, later, saying, tell
from pages.shared.attached import attach
from pages.shared.language import _, sentence
from pages.shared.recipe import config_of
from pages.shared.recipes import RECIPES
from pages.shared.visitor import visitor


def transport(page: str, run: RunView | None, usable: bool, more: Callable[[], None] | None = None) -> None:
    """Draw the buttons for the state of ``run``; ``usable``: the settings make a network.

    ``more`` draws what a page has beside Step.
    """
    state = run.state if run and run.own else None
    active = state in ("queued", "running", "paused")
    going = state in ("queued", "running")
    resumes = state == "paused"
    _button(
        page,
        "train",
        _("Resume") if resumes else _("Train"),
        _("Train the network with these settings, or go on where it was paused."),
        icon="play_arrow",
        enabled=not going and (usable or active),
        action="resume" if resumes else "train",
        type="primary",
        shortcut=None if going else "t",
    )
    held = _("Hold the run after the optimiser step it is in. Nothing is lost.")
    _button(page, "pause", _("Pause"), held, icon="pause", enabled=state == "running", shortcut="t" if going else None)
    one = _("Exactly one optimiser step, then pause: one batch forward, backward, update.")
    _button(
        page, "step", _("Step"), one, icon="skip_next", enabled=state != "queued" and (usable or active), shortcut="s"
    )
    if more is not None:
        more()
    ended = _("End this run for good. Its curves and its code are kept.")
    _button(page, "stop", _("Stop"), ended, icon="stop", enabled=active, shortcut="x")
    again = _("Back to step 0 with these settings. The same seed gives the same initial weights.")
    _button(page, "reset", _("Reset"), again, icon="restart_alt", enabled=run is not None and usable)


def _button(
    page: str, what: str, label: str, help: str, *, icon: str, enabled: bool, action: str = "", **more: Any
) -> None:
    st.button(
        label,
        key=f"{page}_{what}",
        help=help,
        icon=f":material/{icon}:",
        disabled=not enabled,
        on_click=_do,
        args=(page, action or what),
        **more,
    )


def change(page: str, suffix: str, factor: float = 1) -> None:
    """The visitor moved a setting that a run can take over while it is on, its optimiser state kept."""
    key, path = f"{page}_{suffix}", RECIPES[page].suffixes[suffix]
    if factor != 1:
        hold(page)
        tell(page, {key: float(f"{st.session_state[key] * factor:.6g}")})
    saying(page, lambda: _change_run(page, path, st.session_state[key]))


def _change_run(page: str, path: str, value: Any) -> None:
    run = own_run(page)
    # the momentum on the page may belong to another optimiser, chosen for the next run
    if run is not None and run.active and may_edit(run.config, path):
        service().edit(run.id, visitor(), path, value)


def notices(page: str) -> None:
    """Say once what the last action could not do."""
    said = st.session_state.pop(f"{page}_notice", None)
    if isinstance(said, LiveTorchError):
        st.error(sentence(said), icon=":material/error:")


def start(page: str, config: RunConfig, paused: bool = False) -> RunView:
    """Submit a run of ``config`` and show it on ``page``. Raises LimitError, StoreError."""
    run = service().submit(visitor(), config, paused=paused)
    attach(page, run)
    return run


def _do(page: str, action: str) -> None:
    """A button was pressed. It is done before the page is drawn, so the answer is on it at once."""
    later(page, lambda: _act(page, action))


def _act(page: str, action: str) -> None:
    run = own_run(page)
    active = run if run is not None and run.active else None
    if action == "reset":
        if active is not None:
            service().stop(active.id, visitor())
        start(page, config_of(page, st.session_state), paused=True)
    elif active is None:
        if action in ("train", "step"):
            begun = start(page, config_of(page, st.session_state), paused=action == "step")
            if action == "step":
                service().step(begun.id, visitor())
    elif action == "pause":
        service().pause(active.id, visitor())
    elif action == "step":
        service().step(active.id, visitor())
    elif action == "stop":
        service().stop(active.id, visitor())
    elif action == "resume":
        service().resume(active.id, visitor())


def own_run(page: str) -> RunView | None:
    """The run on the page, if it is the visitor's own."""
    run_id = st.session_state.get(f"{page}_run")
    if not run_id or st.session_state.get(f"{page}_view"):
        return None
    return service().view(run_id, visitor=visitor())
