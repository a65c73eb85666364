"""Words of the page /arithmetic. Formulas are written as on paper; their letters are explained below each number."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _
from pages.shared.words.inspect_arithmetic_formulas import loss_words, recurrent_words


def words() -> dict[str, Any]:
    """For its JavaScript, values in braces filled in there."""
    return _page() | _given() | _pictures() | _products() | _values() | recurrent_words() | loss_words()


def _page() -> dict[str, Any]:
    return {
        "lead": _(
            "Point at any number of any layer to see how it comes about: what goes in, times which weights, and what the following layers make of it."
        ),
        "more": _("How to read this"),
        "more_said": _(
            "On the left are all layers in the order in which they are computed. Beside them stands what the chosen layer makes and, below it, what it makes it of; hover over the upper picture, or tap it. A click keeps a number while you read. Numbers in the arithmetic lead back to where they were made. All of them come from this network, on this example, in evaluation mode; they are summed in double precision, so the last digit may differ from the network's own."
        ),
        "keys": _("[ and ] change the layer, arrow keys in the picture the pixel, Page up and Page down the channel."),
        "chain": _("Layers in the order of execution"),
        "layer_before": _("Previous layer ([)"),
        "layer_after": _("Next layer (])"),
        "no_layer": _("This network has no layer {layer}; another one is shown."),
        "open_layer": _("Open this layer at the same place"),
        "input": _("input"),
        "step": _("Time step"),
        "places": {"channel": _("Channel"), "row": _("Row"), "column": _("Column"), "unit": _("Unit")},
        "made_of": _("made of"),
        "readers": _("Read by:"),
        "step_of": _("step {step} of {steps}"),
        "step_unit": _("step {step} of {steps}, unit {unit}"),
        "kinds": {
            "Input": _("what goes in"),
            "Add": _("residual sum"),
            "Select": _("state after the last step"),
            "Loss": _("loss"),
        },
        "unknown": _("How this layer computes is not shown here; this is the number it makes."),
        "spectral": _("Spectral normalisation: the weights shown are already divided by their largest singular value."),
    }


def _given() -> dict[str, Any]:
    return {
        "given": _("What the network is given"),
        "from_data": _("From the data"),
        "from_pad": _("Draw"),
        "pad": _("Draw a picture"),
        "pad_help": _(
            "Draw with the mouse, a finger or a pen. By keyboard: arrow keys move, Space lowers and lifts the pen, Delete clears."
        ),
        "draw_first": _("Draw something; until then the example is shown."),
        "clear": _("Clear"),
        "member": _("Sample"),
        "samples": {"real": _("real"), "generated": _("generated")},
        "truth": _("Truth:"),
        "point_help": _("Any point of the plane from -6 to 6."),
        "to_example": _("Back to the example"),
        "input_picture": _("A pixel of the picture, standardised with mean and deviation of the training pictures."),
        "input_point": _("A feature of the point, as chosen for this network."),
        "pixel": _("pixel as stored"),
        "mean_data": _("mean of the data"),
        "std_data": _("deviation of the data"),
        "inputs": {
            "noise": _(
                "A number of the noise, drawn once from the {distribution} distribution and kept for the whole run."
            ),
            "sample": _("A number of the sample; pixels lie between -1 and 1."),
            "class": _("The class that the network is told: 1 for {name}, else 0."),
            "token": _(
                "Token {token} of the vocabulary: {symbol}. It is only a number of a row; the embedding gives it meaning."
            ),
            "sequence": _("A number that is read at this step."),
            "other": _("A number that goes in."),
        },
        "distributions": {"normal": _("normal"), "uniform": _("uniform")},
    }


def _pictures() -> dict[str, Any]:
    return {
        "map_role": _("map of numbers"),
        "map_alt": _("{layer}, values from {low} to {high}; the chosen number is at {where}. Arrow keys move."),
        "tiles_alt": _("{count} channels; a click chooses one"),
        "maps_before": _("Channels before these"),
        "maps_after": _("Channels after these"),
        "maps_shown": _("{first}–{last} of {total}"),
    }


def _products() -> dict[str, Any]:
    return {
        "patch": _("patch"),
        "kernel": _("kernel"),
        "products": _("products"),
        "window": _("window"),
        "channel_n": _("channel {channel}"),
        "row_label": _("Patch of channel {channel}, kernel and products; arrow keys walk through them"),
        "show_channel": _("Show this input channel above"),
        "read_product": _("row {row}, column {column}:  {x} × {w} = {product}"),
        "read_padding": _("row {row}, column {column}:  outside of the picture, so 0 (padding)"),
        "read_value": _("row {row}, column {column}:  {x}"),
        "more_channels": _("{count} more channels"),
        "show_more": _("Show {count} more channels"),
        "taps": _("The enlarged kernels of these input pixels reach this pixel, each with another part of the kernel: its rows {rows}, columns {columns}."),
        "grouped": _("In {groups} groups: an output channel reads only the input channels of its own group."),
        "sum_products": _("sum of products"),
        "sum_values": _("sum of the window"),
        "values_count": _("numbers"),
        "largest_of": _("largest of {count}"),
        "whole_map": _("The window is the whole map of {count} numbers, as it stands above."),
        "bias": _("bias"),
        "z": _("result"),
        "y": _("result"),
    }  # fmt: skip


def _values() -> dict[str, Any]:
    return {
        "input_name": _("input"),
        "more_terms": _("{count} more together"),
        "show_more_terms": _("Show {count} more products"),
        "all_products": _("All products in the order of the inputs: blue adds, orange takes away."),
        "positive": _("all positive products"),
        "negative": _("all negative products"),
        "formula_norm": "y = (x − μ) ÷ √(σ² + ε) × γ + β",
        "formula_norm_bare": "y = (x − μ) ÷ √(σ² + ε)",
        "mean": _("mean μ"),
        "variance": _("variance σ²"),
        "eps": "ε",
        "normal": _("normalised"),
        "gamma": _("weight γ"),
        "beta": _("bias β"),
        "norm_over": {
            "running": _("Mean and variance of channel {channel} are running averages over the batches of training."),
            "layer": _("Mean and variance are those of the {count} numbers of this layer."),
            "group": _("Mean and variance are those of the {count} numbers of channels {first} to {last}, one of {groups} groups."),
        },
        "slope": _("slope"),
        "formulas": {
            "ReLU": "y = max(0, x)",
            "LeakyReLU": "y = x  (x ≥ 0),  slope × x  (x < 0)",
            "ELU": "y = x  (x > 0),  α (e^x − 1)  (x ≤ 0)",
            "SiLU": "y = x σ(x),  σ(x) = 1 ÷ (1 + e^(−x))",
            "GELU": "y = x Φ(x),  Φ: normal distribution",
            "Tanh": "y = tanh(x)",
            "Sigmoid": "y = σ(x) = 1 ÷ (1 + e^(−x))",
        },
        "same": {
            "Flatten": _("The same number in a row: it was channel {channel}, row {row}, column {column} of {layer}."),
            "Unflatten": _("The same number as a pixel: it was number {channel} of {layer}."),
            "Dropout": _("In evaluation dropout does nothing. In training it sets a number to 0 with probability {p} and multiplies the others by {scale}."),
            "Select": _("The number of {layer} at step {step}, where it has read the whole sequence."),
            "other": _("The same number as in {layer}."),
        },
        "added": _("Two ways meet here and are added, number by number."),
        "lookup": _("Token {token} ({symbol}) picks row {token} of a table with {tokens} rows:"),
        "table_row": _("The row of the table"),
        "number_n": _("number {number} of the row"),
    }  # fmt: skip
