"""Words of the page /step. Formulas come with the numbers; here is what they mean."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _
from pages.shared.words.inspect_step_sums import sums


def words() -> dict[str, Any]:
    """For its JavaScript, values in braces filled in there."""
    return _page() | _player() | _network() | _weights() | _batch() | _forward() | _backward() | sums()


def _page() -> dict[str, Any]:
    return {
        "lead": _(
            "The very next optimiser step of this run: how the batch runs through every layer, how the error comes back, and how one weight that you choose gets its new value."
        ),
        "more": _("How to read this"),
        "more_said": [
            _(
                "The step is the one the run takes: same batch, same dropout, same rate. It is taken on the network of the chosen moment and taken back, so the run does not notice. The new weight is torch's own, to the last digit."
            ),
            _(
                "A weight's gradient is a sum: everything the weight was multiplied with, times the gradient of what it was added to. The largest of these products are listed; press one to follow its gradient back through the layers behind."
            ),
            _(
                "While a run goes on, the step that is shown stays until you ask for the newest one. Of a run that is over, the last step is shown; the slider above goes to any other."
            ),
        ],
        "explain": _("Explain"),
        "mode_batch": _("The step's batch"),
        "mode_example": _("One validation example"),
        "newest": _("Newest step"),
        "newest_help": _("Explain the step that the run takes next, instead of this one."),
        "which_step": _("Step {step} → {next}, {optimizer}"),
        "which_example": _("After step {step}, if this example alone were the batch"),
        "no_step": _("This run ended before its first step, so there is no update to explain."),
    }


def _player() -> dict[str, Any]:
    return {
        "phases_label": _("Phases of the step"),
        "phases": {
            "batch": _("Batch"),
            "forward": _("Forward"),
            "loss": _("Loss"),
            "backward": _("Backward"),
            "gradient": _("Gradient"),
            "clip": _("Clipping"),
            "optimizer": _("Optimiser"),
            "weight": _("New weight"),
        },
        "frame_before": _("Previous moment (left arrow)"),
        "frame_after": _("Next moment (right arrow)"),
        "play": _("Play"),
        "pause": _("Pause"),
        "play_help": _("Go through the step in slow motion (p)."),
        "speed": _("Speed"),
        "speeds": {"slow": _("Slow"), "normal": _("Normal"), "fast": _("Fast")},
        "frame_of": _("{at} of {count}"),
        "title_forward": _("Forward through {layer}"),
        "title_backward": _("Back through {layer}"),
        "titles": {
            "batch": _("What the step is made from"),
            "loss": _("How wrong the answers are"),
            "gradient": _("The gradient of one weight of {layer}"),
            "clip": _("The gradient is kept short"),
            "optimizer": _("What the optimiser makes of it"),
            "weight": _("The new weight of {layer}"),
        },
    }


def _network() -> dict[str, Any]:
    return {
        "example_count": _("1 example"),
        "examples_count": _("{size} examples"),
        "chain": _("Layers from the batch to the loss"),
        "other_network": _("Belongs to the {part}; the gradient comes through it to the {mine}."),
        "neurons_label": _("The network neuron by neuron, for example {example} of the batch"),
        "inputs": _("inputs"),
        "weight_title": _("From {source} to {unit}: {what} {value}"),
        "table": _("All layers of this update"),
        "choose_layer": _("Explain a weight of {layer}"),
        "columns": {
            "shape": _("Output"),
            "rms": _("Activation, rms"),
            "zeros": _("Zeros"),
            "gradient_rms": _("Gradient, rms"),
            "gradient_norm": _("|∂L/∂W|"),
            "weight_norm": _("|W|"),
            "update_norm": _("|ΔW|"),
            "ratio": _("|ΔW| / |W|"),
        },
        "columns_help": {
            "shape": _("Shape of what the layer hands on; the batch comes first."),
            "rms": _("Root mean square of the layer's outputs."),
            "zeros": _("Share of outputs that are exactly 0."),
            "gradient_rms": _("Root mean square of the loss's gradient by the layer's outputs."),
            "gradient_norm": _("Length of the gradient of all its parameters, before clipping."),
            "weight_norm": _("Length of all its parameters before the step."),
            "update_norm": _("Length of the change of its parameters in this step."),
            "ratio": _("How far the step moves the weights, compared with them. About 0.001 is usual."),
        },
    }


def _weights() -> dict[str, Any]:
    return {
        "weights": _("Choose a weight"),
        "parameter": _("Parameter"),
        "measure": _("What the picture shows"),
        "measures": {
            "before": _("Before"),
            "gradient": _("Gradient"),
            "update": _("Update"),
            "after": _("After"),
        },
        "largest": _("Largest gradient"),
        "largest_help": _("Choose the weight of this layer that has the largest gradient."),
        "map_label": _(
            "{what}: {parameter} of {layer}, {units} rows by {sources} columns. Arrow keys choose a weight."
        ),
        "map_part": _("Rows {rows} of {units}, columns {columns} of {sources}. Type other numbers to see the rest."),
        "axes": {
            "Linear": [_("to unit"), _("from unit"), ""],
            "Conv2d": [_("output channel"), _("input channel"), _("place in the kernel")],
            "ConvTranspose2d": [_("output channel"), _("input channel"), _("place in the kernel")],
            "Embedding": [_("symbol"), _("dimension"), ""],
            "RNN": [_("unit"), _("from"), ""],
            "LSTM": [_("row"), _("from"), ""],
            "GRU": [_("row"), _("from"), ""],
            "other": [_("unit"), _("from"), ""],
        },
    }


def _batch() -> dict[str, Any]:
    return {
        "batch_pictures": _("{size} training pictures, drawn at random; the first of them with their true classes:"),
        "batch_points": _("{size} training points, drawn at random:"),
        "batch_text": _("{size} pieces of text of {steps} characters; after each character the next one is wanted:"),
        "batch_sequences": _("{size} sequences of {steps} steps; the first of them:"),
        "batch_samples": _("{size} samples, as the network sees or makes them in this update:"),
        "batch_alone": _(
            "Validation example {at}: {name}. No step is taken on it; these are the numbers it alone would give, in evaluation mode."
        ),
        "no_name": _("no label"),
        "optimizer": _("Optimiser"),
        "rate": _("Learning rate"),
        "of_step": _("Optimiser step"),
        "points_label": _("The {size} points of the batch in the plane"),
        "samples_label": _("Real and generated samples in the plane"),
        "sequence_label": _("Sequence {at}, {steps} steps"),
        "sample_names": {"real": _("real"), "generated": _("generated")},
    }


def _forward() -> dict[str, Any]:
    return {
        "example_word": _("example"),
        "the_example": _("this example"),
        "step_of_time": _("time step"),
        "unit": _("unit"),
        "channel": _("channel"),
        "row": _("row"),
        "column": _("column"),
        "input": _("Input"),
        "product": _("Product"),
        "output": _("Output"),
        "parameters": _("Parameters"),
        "forward_unit": _("Output {unit} for {example} is a sum, its largest products first:"),
        "forward_activation": _("For output {unit} of the chosen layer and {example} it is given z = {input}."),
        "rest": _("{shown} of {count} products; the others add up to {rest}."),
        "loss_said": _("What the loss makes of {example}, with N = {over}:"),
        "outputs_left": _("The {shown} outputs of {count} with the largest gradients."),
    }


def _backward() -> dict[str, Any]:
    return {
        "route_said": _(
            "How the loss depends on output {unit} for {example}: the gradient comes back from the layers behind, one factor at a time."
        ),
        "link_here": _("On the way to output {unit} of {layer} for {example}:"),
        "link_far": _("Farther back, where the largest product came from ({place}), for {example}:"),
        "no_route": _(
            "In this layer a gradient comes back over many steps or places at once. The next moment shows what each of them adds."
        ),
        "link_sum": _(
            "The output feeds {count} places of {layer}. Each sends back its own gradient times the weight between:"
        ),
        "behind": _("Behind it"),
        "link_activation": _(
            "{function} at z = {input} has the slope f′(z) = {formula}; times the gradient behind it:"
        ),
        "link_dropped": _("Dropout switched this value off in this step, so nothing comes back."),
        "link_kept": _("Dropout kept this value and scaled it by {scale}:"),
        "link_max": _("It was the largest of its {size} × {size} window, so it gets the window's whole gradient:"),
        "link_not_max": _("It was not the largest of its {size} × {size} window, so no gradient comes back to it:"),
        "link_average": _("The mean shares its gradient equally:"),
        "link_reshape": _("Only the order of the numbers changes:"),
        "link_normalization": _(
            "The batch's mean and deviation depend on this value as well: γ/s · (g − mean g − x̂ · mean(g·x̂)), with the numbers of this channel:"
        ),
        "link_loss": _("This is an answer of the network; its gradient is the loss's own, shown under Loss."),
        "link_other": _(
            "Between two layers the numbers meet others here, as in a skip connection or beside a class. What arrives altogether:"
        ),
        "link_layer": _("{function} looks at many of these values at once. What it sends back to this one:"),
    }
