"""The live view of a run and its status line: two custom components fed by our own WebSocket."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.runs.service import RunView
from pages.shared.language import _, language

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


def live_run(page: str, run: RunView | None) -> None:
    """Curves and predictions of ``run``, drawn as they come; reruns the script once per change of state."""
    _component("live_run")(
        key=f"{page}_live",
        data={
            "run": run.id if run else None,
            "view": st.session_state.get(f"{page}_view"),
            "state": run.state if run else None,
            "readonly": bool(run and not run.own),
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


def live_text() -> dict[str, str]:
    """Words of the live view."""
    return {
        "empty": _("Press Train to see the curves grow here. Nothing needs to be set first."),
        "loss": _("Loss: how wrong the network is"),
        "accuracy": _("Accuracy: how often it is right"),
        "wall": _("What it sees in pictures it was not trained on"),
        "wall_caption": _("Forty validation pictures with the network's present answer appear here."),
        "wall_state": _("After step {step}: {wrong} of {count} wrong. The bar is the probability of the answer."),
        "tile": _("Says {said} with {confidence} %; it is {truth}"),
        "train": _("Training"),
        "smoothed": _("Training, smoothed"),
        "validation": _("Validation"),
        "smoothing": _("Smoothing"),
        "smoothing_help": _(
            "Averages the training line over past steps: m <- s x m + (1 - s) x value. 0 shows it raw. Typical: 0.6-0.9."
        ),
        "log": _("Log loss axis"),
        "log_help": _("Shows the loss by powers of ten, so that late, small improvements are seen: y = log10(loss)."),
        "axis": _("Over"),
        "axis_help": _(
            "What the curves are drawn over: optimiser steps, passes through the training set, or seconds of training without pauses."
        ),
        "step": _("step"),
        "epoch": _("epoch"),
        "seconds": _("seconds"),
        "edit_short": {
            "optimizer.learning_rate": _("lr"),
            "optimizer.momentum": _("momentum"),
            "optimizer.weight_decay": _("decay"),
            "batch_size": _("batch"),
            "model.dropout": _("dropout"),
        },
        "download": _("Download the curves"),
    }


def status_text() -> dict[str, str]:
    """Words of the status line."""
    return {
        "none": _("ready"),
        "queued": _("queued"),
        "running": _("running"),
        "paused": _("paused"),
        "finished": _("finished"),
        "stopped": _("stopped"),
        "diverged": _("diverged"),
        "failed": _("failed"),
        "interrupted": _("interrupted"),
        "hint": _("Train starts a run; Step takes exactly one optimiser step."),
        "progress": _("Progress"),
        "step": _("step {step} of {total}"),
        "epoch": _("epoch {epoch} of {total}"),
        "rate": _("{rate} pictures/s"),
        "left": _("{time} left"),
        "took": _("{time} of training"),
        "queue": _("Place {position} in the queue; it starts by itself."),
        "wait": _("Expected wait: {time} at most, if nobody stops sooner."),
        "reconnecting": _("Connection lost; trying again. The run goes on."),
        "not_saved": _("The run goes on, but cannot be saved at the moment."),
    }
