"""The words of what can be seen of a convolutional network."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _
from pages.shared.words.parts import accuracy_chart, loss_chart, rate_chart


def charts() -> list[dict[str, Any]]:
    """The curves of a run."""
    return [loss_chart(), accuracy_chart(), rate_chart()]


def words() -> dict[str, Any]:
    """Words of the views."""
    return _views() | _wall() | _matrix() | _updates() | _closer() | _tensors()


def status() -> dict[str, str]:
    """What the status line calls things here."""
    return {"rate": _("{rate} pictures/s")}


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
    }


def _wall() -> dict[str, Any]:
    return {
        "order": _("Order"),
        "orders": {"wrong": _("wrong first"), "unsure": _("unsure first"), "first": _("as they come")},
        "cell": _("true {truth}, said {said}"),
        "show_all": _("Show all pictures again"),
        "wrong_total": _("{wrong} of {total} wrong, counted at step {step}"),
        "wall_state": _("After step {step}: {wrong} of {count} wrong. The bar is the probability of the answer."),
        "wall_none": _("After step {step}: no picture is of this kind any more."),
        "tile": _("Says {said} with {confidence} %; it is {truth}"),
    }


def _matrix() -> dict[str, str]:
    return {
        "per_class": _("How often each class is recognised"),
        "matrix": _("What is taken for what"),
        "matrix_corner": _("true \\ said"),
        "matrix_cell": _("{truth} taken for {said}: {count} pictures"),
        "matrix_caption": _(
            "Rows: what it is; columns: what the network says; green on the diagonal is right. Click on a number to see its pictures."
        ),
    }


def _updates() -> dict[str, Any]:
    return {
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
