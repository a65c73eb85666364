"""The card "Training" of the playground."""

from __future__ import annotations

import streamlit as st

from core.config.mlp import MLP_LOSSES, MODES
from core.runs.service import RunView
from pages.shared.cards import card_label, folded, pair, setting, value_of
from pages.shared.controls import control
from pages.shared.language import _
from pages.shared.playground_data import is_regression
from pages.shared.training_card import (
    constant_settings,
    learning_rate_buttons,
    machine_settings,
    schedule_settings,
    stop_settings,
    training_summary,
)


def training_controls(page: str, run: RunView | None) -> None:
    """How the network learns."""
    label = card_label(_("Training"), training_summary(page))
    with st.expander(label, expanded=True, icon=":material/tune:", key=f"{page}_training_card"):
        pair(page, "lr", "optimizer")
        learning_rate_buttons(page)
        pair(page, "batch_size", "epochs")
        _loss(page)
        pair(page, "l1", "l2")
        if run is not None and run.active and run.own:
            st.caption(
                _(
                    "Rate, constants, batch size, dropout, penalties, clipping and stop rules change the run that is on; the rest holds from the next."
                )
            )
        constant_settings(page)
        schedule_settings(page)
        with folded(page, _("Gradients"), _clip_words(page), "clip_norm"):
            setting(page, "clip_norm")
        stop_settings(page)
        with folded(page, _("Speed"), _(MODES.get(value_of(page, "mode"), "")), "mode"):
            setting(page, "mode")
            st.caption(
                _(
                    "Compiled: PyTorch first turns the step into one program, which takes some seconds, and then runs about twice as fast; it knows neither dropout nor normalisation. Eager starts at once and repeats itself to the last digit."
                )
            )
        machine_settings(page)


def _loss(page: str) -> None:
    """Which loss; points that carry numbers leave one."""
    control(page, "loss", only=["mse"] if is_regression(page) else list(MLP_LOSSES))


def _clip_words(page: str) -> str:
    norm = value_of(page, "clip_norm")
    return _("clip {norm:g}").format(norm=norm) if norm else _("as they are")
