"""All words of the live view and of the status line. Values in braces are filled in by the browser."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _
from pages.shared.runs_list import STATE_LOOK, state_word


def live_text() -> dict[str, Any]:
    """Words of the live view."""
    return _curves() | _race() | _views() | _closer() | _tensors()


def _curves() -> dict[str, Any]:
    return {
        "empty": _("Press Train to see the curves grow here. Nothing needs to be set first."),
        "loss": _("Loss: how wrong the network is"),
        "accuracy": _("Accuracy: how often it is right"),
        "learning_rate": _("Learning rate: how large the updates are"),
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


def _views() -> dict[str, Any]:
    return {
        "views_label": _("Views into the network"),
        "views": {
            "predictions": _("Predictions"),
            "classes": _("Classes"),
            "closer": _("Look closer"),
            "filters": _("Filters"),
            "updates": _("Updates"),
        },
        "leads": {
            "predictions": _("What the network says to pictures it was not trained on. Click on one to look closer."),
            "classes": _("Which classes it knows, and which it takes for which."),
            "closer": _("One picture on its way through the network: its answer, and what each layer makes of it."),
            "filters": _("What each convolution looks for. Blue weights add, orange ones subtract."),
            "updates": _("How far each step moves the weights of each layer."),
        },
        "waiting": _("The network is being asked; its answer appears here."),
        "no_run": _("Press Train; this view then follows the network as it learns."),
        "queued_view": _("The run waits for its turn; this view starts with it."),
        "order": _("Order"),
        "orders": {"first": _("as they come"), "wrong": _("wrong first"), "unsure": _("unsure first")},
        "cell": _("true {truth}, said {said}"),
        "show_all": _("Show all pictures again"),
        "wrong_total": _("{wrong} of {total} wrong, counted at step {step}"),
        "wall_state": _("After step {step}: {wrong} of {count} wrong. The bar is the probability of the answer."),
        "wall_none": _("After step {step}: no picture is of this kind any more."),
        "tile": _("Says {said} with {confidence} %; it is {truth}"),
        "per_class": _("How often each class is recognised"),
        "matrix": _("What is taken for what"),
        "matrix_corner": _("true \\ said"),
        "matrix_cell": _("{truth} taken for {said}: {count} pictures"),
        "matrix_caption": _(
            "Rows: what it is; columns: what the network says; green on the diagonal is right. Click on a number to see its pictures."
        ),
        "measure": _("Show"),
        "measures": {
            "ratio": _("Update, as a share of the weights"),
            "gradient": _("Length of the gradient"),
        },
        "measure_captions": {
            "ratio": _(
                "|change of w| / |w| for each layer. As a rule of thumb, about 0.001 is healthy: far above it the weights are thrown about, far below it the layer hardly learns."
            ),
            "gradient": _(
                "|g| for each layer. Layers that get far shorter gradients than others learn more slowly; growing ones warn of divergence."
            ),
        },
        "rule": _("rule of thumb: 0.001"),
        "updates_first": _("The next step is being measured."),
        "updates_missed": _(
            "Updates are measured only while somebody looks, and nobody did. Open this while a run is on."
        ),
    }


def _closer() -> dict[str, Any]:
    return {
        "modes_label": _("Which picture"),
        "modes": {"draw": _("Draw"), "picture": _("Validation picture")},
        "pad_digit": _("Draw a digit"),
        "pad_picture": _("Draw a picture"),
        "pad_help": _(
            "Draw with the mouse, a finger or a pen. By keyboard: arrow keys move, Space lowers and lifts the pen, Delete clears."
        ),
        "draw_first": _("Draw something; the network answers while you draw."),
        "clear": _("Clear"),
        "pen": _("Pen"),
        "pen_help": _("Width of the line. 1 is about as thick as the strokes in MNIST."),
        "index": _("Number of the validation picture"),
        "picture_buttons": {
            "previous": _("Previous"),
            "next": _("Next"),
            "random": _("Random"),
            "wrong": _("Next wrong"),
        },
        "no_wrong": _("No validation picture is wrong."),
        "input": _("As the network sees it"),
        "probabilities": _("Probability of each class"),
        "says": _("Step {step}: it says {said}."),
        "truth": _("It is {truth}."),
        "layers": _("What each layer makes of it"),
        "layers_caption": _(
            "At most 16 maps a layer, all on the scale beside them: dark is low and bright is high; where values have a sign, blue is above zero and orange below."
        ),
    }


def _tensors() -> dict[str, Any]:
    return {
        "zeros": _("{percent} % zeros"),
        "not_finite": _("not finite"),
        "maps_alt": _("{count} maps of {layer}, values from {low} to {high}"),
        "kernels_shown": _(
            "A column for each of {outputs} of {of} output channels, a row for each of {inputs} of {per} input channels."
        ),
        "kernels_alt": _("Kernels of {layer} at step {step}, values from {low} to {high}"),
        "no_kernels": _("This network has no convolution."),
    }


def status_text() -> dict[str, str]:
    """Words of the status line."""
    return {
        "none": _("ready"),
        **{state: state_word(state) for state in STATE_LOOK},
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
