"""Words of the autograd view of the page /graph: what backward() goes through, and what changes it."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _
from pages.shared.words.inspect_autograd_functions import function_words


def words() -> dict[str, Any]:
    """For its JavaScript, values in braces filled in there."""
    return {
        **_frame(),
        **_contents(),
        "switches": _switches(),
        "kinds": _kinds(),
        "panel": _panel(),
        "table": _table(),
        "functions": function_words(),
    }


def _frame() -> dict[str, Any]:
    return {
        "lead": _(
            "What PyTorch recorded while it computed the loss of this example: backward() follows it from the loss back to every parameter."
        ),
        "how": _("How to read it"),
        "explained": [
            _(
                "While the network computes, autograd notes a backward function for every operation. Arrows follow the computation, from the parameters to the loss; backward() goes against them, multiplying derivatives (the chain rule), until AccumulateGrad adds what arrives to a parameter's .grad."
            ),
        ],
        "drawn": _(
            "Drawn by torchviz from the loss that this run trains, for one example, with the network in evaluation mode: dropout passes everything on and batch normalisation uses its running averages. Where layers fold several operations into one, as a fused LSTM does, there is one node for all."
        ),
        "drawn_model": _(
            "Drawn by torchviz from the cross-entropy of the model's own first choice for a photograph, in evaluation mode: dropout passes everything on and batch normalisation uses its running averages."
        ),
        "question": _("What does it do to the graph?"),
        "loss": _("loss"),
        "loss_is": _("Loss of this example: {loss}"),
        "dot": _("DOT"),
        "dot_help": _("Download the graph as torchviz writes it, for GraphViz."),
        "svg": _("SVG"),
        "svg_help": _("Download the drawing."),
        "graph_label": _("Backward graph of the loss"),
        "pytorch_says": _("PyTorch says:"),
        "waiting": _("Following the graph back from the loss."),
        "none_yet": _("Train a network or choose one above; its backward graph appears here."),
    }


def _contents() -> dict[str, Any]:
    """What the drawing can show or leave out."""
    return {
        "attributes": _("Attributes"),
        "attributes_help": _(
            "What a backward function remembers beside tensors: strides, dimensions, sizes. Choose a node to read them."
        ),
        "saved": _("Saved tensors"),
        "saved_help": _(
            "Values of the forward pass that are kept until backward() needs them. They are most of the memory that training takes."
        ),
        "parameters": _("Parameters"),
        "parameters_help": _(
            "Weights and biases with their AccumulateGrad. Without them the chain of functions is left."
        ),
        "boxes": _("Modules as boxes"),
        "boxes_help": _("Draw a box around what one module made."),
        "steps": _("Time steps"),
        "steps_help": _("Only the last steps of a sequence are drawn: every one repeats the same operations. 1-32."),
        "shortened": _(
            "The last {drawn} of {steps} time steps are drawn; the earlier ones repeat the same operations. Loss and gradients are those of all {steps}."
        ),
        "left_out": {
            "parameters": _("Parameters are left out: with them the graph would have more than 1,000 nodes."),
            "saved": _("Saved tensors are left out: with them the graph would have more than 1,000 nodes."),
        },
    }


def _switches() -> dict[str, dict[str, str]]:
    return {
        "none": {
            "name": _("As it is trained"),
            "help": _("loss.backward(), nothing changed."),
            "says": _("{nodes} nodes. {with} of {of} parameters get a gradient."),
        },
        "no_grad": {
            "name": _("torch.no_grad()"),
            "help": _("The forward pass inside `with torch.no_grad():`, as for validation."),
            "says": _(
                "{nodes} node instead of {plain_nodes}: nothing is recorded, so nothing is kept in memory, and no parameter can get a gradient. That is what one wants for validation."
            ),
        },
        "detach": {
            "name": _("detach()"),
            "help": _("The output of one layer is cut off from what made it: y = layer(x).detach()."),
            "says": _(
                "The output of {layer} is detached: {nodes} nodes instead of {plain_nodes}. The numbers of the forward pass are the same, but the way back ends there; {with} of {of} parameters still get a gradient. A way around the layer, as in a residual network or by a penalty on its weights, stays open."
            ),
        },
        "frozen": {
            "name": _("Freeze all but the last layer"),
            "help": _("requires_grad = False for every other parameter, as when a pretrained backbone is kept."),
            "says": _(
                "{nodes} nodes instead of {plain_nodes}: where no parameter below wants a gradient, autograd records nothing. {with} of {of} parameters get one, and a step takes less memory and time."
            ),
        },
        "twice": {
            "name": _("backward() twice"),
            "help": _("loss.backward() once more on the same graph."),
            "says": _(
                "The first backward() frees what was saved, so the second one fails. With backward(retain_graph=True) it works, and gradients add up: {name} has a norm of {once} after one and {twice} after two. That is why a training loop calls optimizer.zero_grad()."
            ),
        },
        "input": {
            "name": _("Gradient of the input"),
            "help": _("x.requires_grad_() before the forward pass, as for a saliency map."),
            "says": _(
                "{nodes} nodes instead of {plain_nodes}: the way back goes on through the first layer to the input, which gets a gradient of its own. It says how the loss changes with each input value."
            ),
            "refused": _("The input holds whole numbers (tokens), which have no derivative. The graph is as before."),
        },
    }


def _kinds() -> dict[str, str]:
    return {
        "output": _("Loss"),
        "function": _("Backward function"),
        "accumulate": _("Adds to .grad"),
        "parameter": _("Parameter"),
        "input": _("Input"),
        "saved": _("Saved tensor"),
    }


def _panel() -> dict[str, str]:
    return {
        "title": _("Node"),
        "hint": _("Choose a node to see which module made it, its formula and its shapes."),
        "made_by": _("Made by {module} ({kind})."),
        "made_by_root": _("Made by the network itself, between its modules."),
        "made_by_loss": _("Part of the loss, after the network."),
        "belongs": _("Belongs to {module} ({kind})."),
        "is_input": _("What the network is given."),
        "is_loss": _("The number that training lowers; backward() begins here with dL/dL = 1."),
        "kept_by": _("Kept by {keeper} from the forward pass until backward() has used it."),
        "functions": _("Backward functions that its forward pass left: {names}"),
        "no_formula": _("No formula is kept here for this function; its name is PyTorch's own."),
        "arrives": _("Gradient that arrives: {shape}"),
        "hands_on": _("Gradients handed on: {shapes}"),
        "nothing": _("none"),
        "shape": _("Shape: {shape}"),
        "count": _("Numbers in it: {count}"),
        "norm": _("Norm of its gradient: {norm}"),
        "no_norm": _("It gets no gradient."),
        "attributes": _("Attributes"),
        "notation": _(
            "y: output, x: input, g = dL/dy: the gradient that arrives; * is taken element by element, @ is a matrix product."
        ),
        "scalar": _("a single number"),
    }


def _table() -> dict[str, str]:
    return {
        "title": _("Gradients it leaves"),
        "lead": _("Norm of dL/dw for each parameter, for this example."),
        "parameter": _("Parameter"),
        "shape": _("Shape"),
        "norm": _("Norm"),
        "plain": _("As trained"),
        "switched": _("Now"),
        "once": _("After one"),
        "twice": _("After two"),
        "none": _("None"),
        "show": _("Show in the graph"),
    }
