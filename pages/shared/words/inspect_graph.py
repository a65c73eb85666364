"""Words of the page /graph."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _
from pages.shared.words import inspect_autograd


def words() -> dict[str, Any]:
    """For its JavaScript, values in braces filled in there."""
    return (
        _frame()
        | _numbers()
        | _side()
        | {"canvas": canvas_words(), "autograd": inspect_autograd.words(), "colours": _colours()}
    )


def canvas_words() -> dict[str, str]:
    """Of a graph that can be looked around in."""
    return {
        "search": _("Search"),
        "found": _("{count} found"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "fit": _("Show everything"),
        "map": _("Map of the whole graph"),
        "laying": _("Placing the boxes."),
        "failed": _("The boxes could not be placed. Fold some of them, or reload the page."),
        "keys": _(
            "Arrow keys move the picture, plus and minus zoom, 0 shows everything. Enter goes to the nodes; there arrow keys go from one to the next, Enter shows details, Space folds, Escape goes back."
        ),
    }


def _frame() -> dict[str, Any]:
    return {
        "tabs_label": _("Direction of the graph"),
        "tabs": {"modules": _("Modules"), "autograd": _("Autograd")},
        **_reading(),
        "graph_label": _("Forward graph of the network"),
        "labelled": _("labelled {name}"),
        "colour_by": _("Colour by"),
        "unrolled": _("Unrolled"),
        "unrolled_help": _(
            "Show the steps of a recurrent layer one by one, computed from its weights. Without it the layer is one operation."
        ),
        "buttons": {
            "unfold": {"name": _("Unfold all"), "help": _("Open every box, as far as it can still be drawn.")},
            "fold": {"name": _("Fold all"), "help": _("Close every box.")},
            "svg": {"name": _("SVG"), "help": _("Download the graph as it is folded and coloured now.")},
            "dot": {"name": _("DOT"), "help": _("Download the graph as it is folded now, for Graphviz.")},
        },
        "too_many": _("Not more than {most} nodes are drawn at once, so some boxes stay folded."),
        "totals": _("{operations} operations, {parameters} parameters, {flops} FLOPs for this input."),
        "loss_is": _("Loss on this example: {loss}."),
        "loss_of_model": _("Cross-entropy of the model's own first choice: {loss}."),
        "weights": {
            "random": _("The weights are random (seed 0): no file with trained ones is on this machine."),
            "imagenet": _("The weights were trained on ImageNet."),
        },
        "operations": {
            "input": _("input"),
            "output": _("output"),
            "Unrolled": _("Unrolled layer"),
            "Step": _("Time step"),
        },
    }


def _reading() -> dict[str, Any]:
    return {
        "lead": _(
            "Every operation this network does on one example, in the order it is done, with what each of them puts out right now."
        ),
        "how": _("How to read it"),
        "explained": [
            _(
                "Recorded by torch.export in evaluation mode: dropout passes everything on and batch normalisation uses its running averages. Arrows carry tensors; beside them stands the shape without the batch."
            ),
            _(
                "A box is a module; the sign in its corner, a double click or the space key unfolds it. Equal blocks in a row are one box with their number. A folded box shows what it hands on."
            ),
            _(
                "Sizes are root mean squares: the square root of the mean of the squared values. Gradients are those of the loss that is trained, with respect to the output of each operation. Colours go by powers of ten."
            ),
        ],
    }


def _colours() -> dict[str, str]:
    return {
        "activation": _("Activation size"),
        "gradient": _("Gradient size"),
        "parameters": _("Parameters"),
        "flops": _("FLOPs"),
        "time": _("Time"),
    }


def _numbers() -> dict[str, Any]:
    return {
        "legends": {
            "activation": _("Size of the output"),
            "gradient": _("Size of the gradient"),
            "parameters": _("Parameters"),
            "flops": _("FLOPs"),
            "time": _("Time"),
        },
        "legend_alt": _("{what}: from {low}, dark, to {high}, bright."),
        "colour_help": {
            "activation": _("How large the values are that an operation puts out: sqrt(mean(x^2)). Healthy: 0.1-10."),
            "gradient": _(
                "How much the loss depends on each value of the output: sqrt(mean(g^2)). Should not fall or grow by powers of ten along the network."
            ),
            "parameters": _("Numbers that are trained: weights and biases."),
            "flops": _(
                "Multiplications and additions of matrix products, convolutions and attention, as torch counts them; other operations count as none."
            ),
            "time": _("Measured in the process that computes this: the quickest of three forward passes."),
        },
        "broken": _("not a number or infinite"),
        "broken_share": _("{percent} % of the values are not a number or infinite; the numbers below are of the rest."),
        "not_a_number": _("not a number"),
        "hover": {
            "shape": _("Shape {shape}"),
            "parameters": _("{value} parameters"),
            "flops": _("{value} FLOPs"),
            "activation": _("Size {value}"),
            "gradient": _("Size of the gradient {value}"),
            "time": _("{value} of forward pass"),
        },
    }


def _side() -> dict[str, Any]:
    return {
        "side_label": _("Details of a node"),
        "choose_node": _("Choose a node to see its tensor, its gradient and where it stands in the script."),
        "fold": _("Fold"),
        "unfold": _("Unfold"),
        "equal_blocks": _("{count} blocks of the same structure; what is shown is put out by the last one."),
        "facts": {
            "operation": _("Operation"),
            "shape": _("Shape"),
            "parameters": _("Parameters"),
            "flops": _("FLOPs"),
            "time": _("Time"),
            "count": _("Repeated"),
        },
        "not_finite": _("Not finite"),
        "tensors": {"value": _("Output"), "gradient": _("Gradient")},
        "tensor_help": {
            "value": _("What this operation puts out for the example."),
            "gradient": _("Derivative of the loss with respect to each value of the output."),
        },
        "none": {
            "value": _("This operation puts out no tensor."),
            "gradient": _(
                "The loss does not depend on this output, or it holds whole numbers, which have no gradient."
            ),
        },
        "tensor_alt": _("{what} of {layer}, values from {low} to {high}"),
        "histogram_alt": _("How often values occur, from {low} to {high}"),
        "channels_shown": _("The first {count} of {of} channels, on one scale."),
        "numbers": {
            "min": _("Least"),
            "max": _("Greatest"),
            "mean": _("Mean"),
            "std": _("Deviation"),
            "rms": _("Size"),
            "zeros": _("Zeros"),
        },
        "sources": {"script": _("In the exported script"), "module": _("The module")},
    }
