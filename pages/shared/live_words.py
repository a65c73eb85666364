"""All words of the live view and of the status line. Values in braces are filled in by the browser."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _
from pages.shared.runs_list import STATE_LOOK, state_word
from pages.shared.words import WORDS
from pages.shared.words.inspect import moment_words


def live_text(page: str) -> dict[str, Any]:
    """Words of the live view of a page's networks."""
    said = WORDS[page].words()
    return _curves() | _race() | moment_words() | said | {"edit_short": edit_words() | said.get("edit_short", {})}


def _curves() -> dict[str, Any]:
    return {
        "empty": _("Press Train to see the curves grow here. Nothing needs to be set first."),
        "rate": _("Now"),
        "train": _("Training"),
        "training": _("training"),
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
        "target": _("stops at {target} %"),
        "on": _("on"),
        "off": _("off"),
        "edit_short": edit_words(),
        "download": _("Download the curves"),
    }


def edit_words() -> dict[str, str]:
    """A short word for each setting that can be changed while a run is on."""
    return {
        "optimizer.learning_rate": _("lr"),
        "optimizer.momentum": _("momentum"),
        "optimizer.nesterov": _("Nesterov"),
        "optimizer.beta1": _("beta 1"),
        "optimizer.beta2": _("beta 2"),
        "optimizer.alpha": _("alpha"),
        "optimizer.rho": _("rho"),
        "optimizer.weight_decay": _("decay"),
        "batch_size": _("batch"),
        "clip_norm": _("clip"),
        "loss.label_smoothing": _("label smoothing"),
        "model.dropout": _("dropout"),
        "stop.target_accuracy": _("target"),
        "stop.target_loss": _("target loss"),
        "stop.patience": _("patience"),
        "stop.seconds": _("time limit"),
    }


def _race() -> dict[str, Any]:
    return {
        "race": _("How fast each run got where"),
        "race_caption": _(
            "On the validation pictures. Under each accuracy: when the run first reached it, in seconds of training and in optimiser steps."
        ),
        "race_run": _("Run"),
        "race_best": _("Best accuracy"),
        "race_loss": _("Last loss"),
        "this_run": _("This run"),
        "baseline": _("baseline"),
        "steps": _("steps"),
    }


def status_text(page: str) -> dict[str, str]:
    """Words of the status line."""
    return {
        "none": _("ready"),
        **{state: state_word(state) for state in STATE_LOOK},
        "hint": _("Train starts a run; Step takes exactly one optimiser step."),
        "progress": _("Progress"),
        "step": _("step {step} of {total}"),
        "epoch": _("epoch {epoch} of {total}"),
        "left": _("{time} left"),
        "took": _("{time} of training"),
        "queue": _("Place {position} in the queue; it starts by itself."),
        "wait": _("Expected wait: {time} at most, less if somebody stops sooner."),
        "pausing": _("Pausing once the running step or batch is done."),
        "reconnecting": _("Connection lost; trying again. The run goes on."),
        "not_saved": _("The run goes on, but cannot be saved at the moment."),
    } | WORDS[page].status()
