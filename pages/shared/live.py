"""The live view of a run and its status line: two custom components fed by our own WebSocket."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.runs.service import RunView
from pages.shared.branching import branch_asked
from pages.shared.follow import outdated, whole
from pages.shared.language import language
from pages.shared.live_words import live_text, status_text
from pages.shared.words import WORDS

COMPONENTS = Path(__file__).resolve().parents[2] / "assets" / "components"


@cache
def component(name: str) -> Any:
    """The custom component ``name`` of assets/components."""
    folder = COMPONENTS / name
    shared = (
        (COMPONENTS / "live_run" / "live_run.css").read_text() if name == "inspect_run" else ""
    )  # cards, tabs, chips
    return st.components.v2.component(
        name,
        html=f'<div class="lt-{name}"></div>',
        css=shared + (folder / f"{name}.css").read_text(),
        js=(folder / f"{name}.js").read_text(),
        isolate_styles=False,  # Plotly puts its stylesheet into the document, which a shadow root does not see
    )


def live_run(
    page: str,
    run: RunView | None,
    overlays: list[dict[str, Any]] | None = None,
    *,
    family: str = "",
    more: dict[str, Any] | None = None,
    on_edit: Callable[[], None] | None = None,
) -> None:
    """Curves of ``run`` and views into it, drawn as they come; asks for one rerun at each change of state.

    ``overlays``: other runs to draw beside it, each with ``run`` (id), ``view`` (token or ``None``), ``title`` and
    ``baseline``. ``family``: the page whose networks are seen, where it is not this one. ``more``: what this family's
    views need beside that. ``on_edit``: called when the visitor changes something in the picture itself; what it is
    lies in the session under ``<page>_live``.
    """
    family = family or page
    result = component("live_run")(
        key=f"{page}_live",
        data={
            "page": family,
            "run": run.id if run else None,
            "view": st.session_state.get(f"{page}_view"),
            "state": run.state if run else None,
            "readonly": bool(run and not run.own),
            "outdated": outdated(page, run),
            "overlays": overlays or [],
            "charts": WORDS[family].charts(),
            "target": (run.config.stop.target_accuracy or None) if run else None,
            "branch": bool(run and run.own),
            "varying_rate": bool(run and run.config.schedule.name != "constant"),
            "lang": language(),
            "text": live_text(family),
            **(more or {}),
        },
        on_state_change=lambda: None,
        on_edit_change=lambda: _edited(page, on_edit),
        on_settled_change=lambda: whole(page),
        on_branch_change=lambda: None,
    )
    if run is not None:
        branch_asked(run, result.get("branch"))


def _edited(page: str, on_edit: Callable[[], None] | None) -> None:
    """Something was changed in the picture, which changes settings, so the controls follow."""
    if on_edit is not None:
        on_edit()
    whole(page)


def run_status(page: str, run: RunView | None) -> None:
    """State, progress, rate and time left of ``run``, for the transport bar."""
    component("run_status")(
        key=f"{page}_status",
        data={
            "run": run.id if run else None,
            "state": run.state if run else None,
            "lang": language(),
            "text": status_text(page),
        },
    )
