"""The words of what can be seen of a playground network."""

from __future__ import annotations

from typing import Any

from core.config.network import ACTIVATIONS
from pages.shared.language import _
from pages.shared.words.parts import accuracy_chart, loss_chart, rate_chart


def charts() -> list[dict[str, Any]]:
    """The curves of a run."""
    return [loss_chart(), accuracy_chart(), rate_chart()]


def status() -> dict[str, str]:
    """What the status line calls things here."""
    return {"rate": _("{rate} points/s"), "epoch_rate": _("{rate} epochs/s")}


def words() -> dict[str, Any]:
    """Words of the stage."""
    edits = {"penalty.l1": _("L1"), "penalty.l2": _("L2"), "data.points": _("points"), "poke": _("weight by hand")}
    return {"edit_short": edits} | _numbers() | _network() | _plane() | _painting() | _by_hand()


def _numbers() -> dict[str, Any]:
    return {
        "validation": _("Test"),  # what is checked on is called so here, as in TensorFlow Playground
        "race_caption": _(
            "On the test points. Under each accuracy: when the run first reached it, in seconds of training and in optimiser steps."
        ),
        "not_finite": _("not finite"),
        "stage": _("The network at work"),
        "epoch_head": _("Epoch"),
        "train_loss": _("Training loss"),
        "test_loss": _("Test loss"),
        "train_loss_help": _("Mean loss over all points that are trained on."),
        "test_loss_help": _("Mean loss over the points that are only tested on."),
        "train_accuracy": _("Training accuracy"),
        "test_accuracy": _("Test accuracy"),
        "preview": _("Before training: this is what the first, random weights make of the plane. Press Train."),
        "preview_instead": _(
            "These settings, before training: what their first, random weights make of the plane. The curves below are of the last run."
        ),
        "waiting": _("The network is being asked; its answer appears here."),
        "apart": _(
            "Of the training points {train} % are right, of the test points {test} %: the network learns the training points by heart, their noise too (overfitting). More points, less noise, a smaller network, an L2 penalty or dropout bring the two together."
        ),
        "apart_losses": _(
            "The test loss, {test}, has drawn away from the training loss, {train}: the network learns the training points by heart, their noise too (overfitting). More points, less noise, a smaller network, an L2 penalty or dropout bring the two together."
        ),
        "risen": _(
            "The test loss has risen to {test}; its lowest was {best} in epoch {epoch}. Meanwhile the training loss went on falling, to {train}: since then the network learns the training points by heart, their noise too (overfitting). Stopping there, more points, less noise, a smaller network, an L2 penalty or dropout help."
        ),
        "stuck": _(
            "Every weight between the hidden layers is still exactly 0: neurons that start alike get the same gradient, here none, so they never become different. Choose other initial weights."
        ),
        "toggles": {"test": _("Test points"), "sides": _("Decision only"), "gradients": _("Gradients")},
        "toggle_helps": {
            "test": _("Shows the points that are only tested on, with a dark rim."),
            "sides": _("Paints which class wins at each place, not how sure the network is: sign of the output."),
            "gradients": _(
                "Lays over each link how strongly its weight is pulled now: the gradient dL/dw over all training points. Thick dashes: a strong pull."
            ),
        },
    }


def _network() -> dict[str, Any]:
    return {
        "inputs": {
            "x1": "x₁",
            "x2": "x₂",
            "x1_squared": "x₁²",
            "x2_squared": "x₂²",
            "product": "x₁x₂",
            "sin_x1": "sin x₁",
            "sin_x2": "sin x₂",
        },
        "inputs_head": _("Inputs"),
        "output_head": _("Output"),
        "activations": {name: _(label) for name, label in ACTIVATIONS.items()},
        "neuron": _("{layer}, neuron {number}"),
        "hidden_layer": _("layer {number}"),
        "output_layer": _("output"),
        "neurons": _("{count} neurons"),
        "input_off": _("{name}, switched off"),
        "switch_help": _("Switches this input on or off, from the next run on."),
        "fewer": _("One neuron less in {layer}"),
        "more": _("One neuron more in {layer}"),
        "key": _(
            "Each small square is the plane as one neuron sees it. A link's thickness is the size of its weight, its colour the sign: blue adds, orange subtracts. The frame of a neuron is its bias, drawn alike."
        ),
        "key_gradients": _("Dashes are gradients; the thickest is {most}."),
    }


def _plane() -> dict[str, Any]:
    return {
        "map": _("The plane: what the network answers at each place, with the points. Horizontal x1, vertical x2."),
        "output_title": _("What the network answers"),
        "neuron_title": _("What it sees: {name}"),
        "place": _("x₁ {x1}, x₂ {x2}: {said}"),
        "class_at": _("class {name}, {percent} %"),
        "class_name": _("class {name}"),
        "point_train": _("Training point at x₁ {x1}, x₂ {x2}; target {target}"),
        "point_test": _("Test point at x₁ {x1}, x₂ {x2}; target {target}"),
        "rim_train": _("training"),
        "rim_test": _("test"),
    }


def _painting() -> dict[str, Any]:
    return {
        "brush": _("What is painted"),
        "paint": {"undo": _("Undo"), "clear": _("Clear"), "erase": _("Eraser")},
        "paint_count": _(
            "{count} points. Paint on the map with mouse, finger or pen; by keyboard, arrow keys move and Space sets a point."
        ),
        "paint_full": _("{most} points are the most there can be. Erase some to go on."),
    }


def _by_hand() -> dict[str, Any]:
    return {
        "inspect_hint": _(
            "Point at a neuron or a link to read its numbers; click on it to hold it and to set a weight or a bias by hand."
        ),
        "link": _("From {from} to {to}: weight {weight}."),
        "link_gradient": _("Its gradient is {gradient}."),
        "neuron_bias": _("{name}: bias {bias}."),
        "neuron_range": _("Over the training points from {low} to {high}, mean {mean}."),
        "neuron_saturated": _("For {percent} % of them it is saturated: its slope is about 0, so it hardly learns."),
        "which_number": _("Which number to set"),
        "bias": _("Bias"),
        "weight_of": _("Weight of {from}"),
        "new_value": _("New value"),
        "set": _("Set"),
        "release": _("Let go of it"),
    }
