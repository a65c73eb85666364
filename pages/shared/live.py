"""The live view of a run and its status line: two custom components fed by our own WebSocket."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.datasets import sizes
from core.runs.service import RunView
from pages.shared.language import language
from pages.shared.live_words import live_text, status_text

COMPONENTS = Path(__file__).resolve().parents[2] / "assets" / "components"


@cache
def _component(name: str) -> Any:
    folder = COMPONENTS / name
    return st.components.v2.component(
        name,
        html=f'<div class="lt-{name}"></div>',
        css=(folder / f"{name}.css").read_text(),
        js=(folder / f"{name}.js").read_text(),
        isolate_styles=False,  # Plotly puts its stylesheet into the document, which a shadow root does not see
    )


def live_run(
    page: str, run: RunView | None, overlays: list[dict[str, Any]] | None = None, target: float | None = None
) -> None:
    """Curves of ``run`` and views into it, drawn as they come; reruns the script once per change of state.

    ``overlays``: other runs to draw beside it, each with ``run`` (id), ``view`` (token or ``None``), ``title`` and
    ``baseline``. ``target``: the validation accuracy, 0-1, at which the run stops by itself.
    """
    _component("live_run")(
        key=f"{page}_live",
        data={
            "run": run.id if run else None,
            "view": st.session_state.get(f"{page}_view"),
            "state": run.state if run else None,
            "readonly": bool(run and not run.own),
            "overlays": overlays or [],
            "target": target,
            "varying_rate": bool(run and run.config.schedule.name != "constant"),
            "validation_pictures": sizes(run.config)[1] if run else None,
            "lang": language(),
            "text": live_text(),
        },
        on_state_change=lambda: None,
    )


def run_status(page: str, run: RunView | None) -> None:
    """State, progress, rate and time left of ``run``, for the transport bar."""
    _component("run_status")(
        key=f"{page}_status",
        data={
            "run": run.id if run else None,
            "state": run.state if run else None,
            "lang": language(),
            "text": status_text(),
        },
    )
