"""The card "Training": optimiser and rate at once, everything else folded by what it is about."""

from __future__ import annotations

import streamlit as st

from core.config import LOSSES, OPTIMIZER_CONSTANTS, OPTIMIZERS, SCHEDULE_CONSTANTS, SCHEDULES
from core.errors import ConfigError
from core.figures.schedule import schedule_html
from core.runs.service import RunView
from core.training.schedules import planned_rates
from pages.shared.cards import card_label, folded, pair, setting, value_of
from pages.shared.hiding import shown
from pages.shared.language import _
from pages.shared.recipe import config_of
from pages.shared.recipes import RECIPES
from pages.shared.transport import change

STOP_RULES = ("target_accuracy", "target_loss", "patience", "max_seconds")


def training_summary(page: str) -> str:
    """Optimiser, rate, batch size."""
    optimizer = OPTIMIZERS.get(value_of(page, "optimizer"), "")
    return _("{optimizer} {rate:g}, batch {batch}").format(
        optimizer=optimizer, rate=value_of(page, "lr"), batch=value_of(page, "batch_size")
    )


def training_controls(page: str, run: RunView | None) -> None:
    """How the network learns."""
    label = card_label(_("Training"), training_summary(page))
    with st.expander(label, expanded=True, icon=":material/tune:", key=f"{page}_training_card"):
        setting(page, "optimizer")
        setting(page, "lr")
        learning_rate_buttons(page)
        if run is not None and run.active and run.own:
            st.caption(
                _(
                    "Rate, constants, batch size, dropout, clipping, label smoothing and stop rules change the run that is on; the rest holds from the next."
                )
                if "label_smoothing" in RECIPES[page].suffixes
                else _(
                    "Rate, constants, batch size, dropout, clipping and stop rules change the run that is on; the rest holds from the next."
                )
            )
        pair(page, "batch_size", "epochs")
        constant_settings(page)
        schedule_settings(page)
        _loss(page)
        stop_settings(page)
        machine_settings(page)


def learning_rate_buttons(page: str) -> None:
    """Halve and double, where the rate itself is to be seen."""
    if not shown(page, "lr"):
        return
    with st.container(horizontal=True, gap="small"):
        for suffix, label, factor in (("lr_halve", _("Halve"), 0.5), ("lr_double", _("Double"), 2.0)):
            st.button(
                label,
                key=f"{page}_{suffix}",
                on_click=change,
                args=(page, "lr", factor),
                help=_("Multiplies the learning rate by {factor}, also while the run is on.").format(factor=factor),
                width="stretch",
            )


def constant_settings(page: str) -> None:
    """What belongs to the chosen optimiser; momentum in sight, as it matters most."""
    used = OPTIMIZER_CONSTANTS[st.session_state[f"{page}_optimizer"]]
    if "momentum" in used:
        setting(page, "momentum")
    decay = value_of(page, "weight_decay")
    with folded(page, _("Optimiser constants"), _("decay {decay:g}").format(decay=decay), "weight_decay", *used):
        setting(page, "weight_decay")
        pair(page, *(name for name in used if name not in ("momentum", "nesterov")))
        if "nesterov" in used:
            setting(page, "nesterov")


def schedule_settings(page: str) -> None:
    """How the rate moves, drawn before training."""
    with folded(page, _("Schedule"), _(SCHEDULES.get(value_of(page, "schedule"), "")), "schedule"):
        setting(page, "schedule")
        used = SCHEDULE_CONSTANTS[st.session_state[f"{page}_schedule"]]
        suffixes = {"patience": "schedule_patience"}
        pair(page, *(suffixes.get(name, name) for name in used))
        if not shown(page, "schedule"):
            return
        try:
            config = config_of(page, st.session_state)
        except ConfigError:
            return  # the page says what is wrong
        st.html(schedule_html(planned_rates(config), _("epoch"), _("Learning rate over the run")))
        if config.schedule.name == "plateau":
            st.caption(_("Falls when the validation loss stalls, so its steps cannot be drawn ahead."))


def _loss(page: str) -> None:
    """What is minimised, and what keeps it in bounds."""
    if "loss" not in RECIPES[page].suffixes:  # the task says what is minimised
        norm = value_of(page, "clip_norm")
        with folded(
            page, _("Gradients"), _("clip {norm:g}").format(norm=norm) if norm else _("as they are"), "clip_norm"
        ):
            setting(page, "clip_norm")
        return
    with folded(page, _("Loss and gradients"), _(LOSSES.get(value_of(page, "loss"), "")), "loss", "clip_norm"):
        for suffix in ("loss", "label_smoothing"):
            setting(page, suffix)
        pair(page, "clip_norm", "ema_decay")


def stop_settings(page: str) -> None:
    """When the run ends before its last epoch."""
    known = [name for name in STOP_RULES if name in RECIPES[page].suffixes]
    rules = [name for name in known if value_of(page, name)]
    said = _("{count} on").format(count=len(rules)) if rules else _("none")
    with folded(page, _("Stop rules"), said, *known):
        pair(page, *known)


def machine_settings(page: str) -> None:
    """Seed, and where and how exactly the arithmetic is done."""
    with folded(page, _("Seed and machine"), _("seed {seed}").format(seed=value_of(page, "seed")), "seed", "device"):
        pair(page, "seed", "threads")
        for suffix in ("device", "precision"):
            setting(page, suffix)
