"""Words of the page /gradients."""

from __future__ import annotations

from typing import Any

from core.config import ACTIVATIONS, CELLS, INITIALIZATIONS, NORMALIZATIONS
from core.probes.gradients.words import TRIES, VERDICTS
from pages.shared.language import _


def words() -> dict[str, Any]:
    """For its JavaScript, values in braces filled in there."""
    return {
        "lead": _(
            "How each layer fares over the run: how long its gradient is, how far an update moves its weights, what its units give."
        ),
        "more_label": _("How this is measured"),
        "more": [
            _(
                "At every moment of the run that was kept, the network is brought back and examined on the same 64 training examples, without dropout. The run itself is not slowed by it."
            ),
            _(
                "The update is a real one: the network that was brought back takes its next optimiser step, with the true batch, momentum and learning rate, and is thrown away. In a GAN it is a round, with all updates of a player."
            ),
            _(
                "A layer is everything that is learned in one module, weights and biases together; of a recurrent layer each weight matrix with its bias is one. Lengths are Euclidean: the root of the sum of squares."
            ),
        ],
        "looking_for_moments": _("Looking for the moments that were kept."),
        "progress": _("{done} of {whole} moments examined"),
        "progress_label": _("Moments examined"),
        "examined": _("{count} moments examined"),
        "lines_title": _("Layers over the run"),
        "measure": _("Measure"),
        "measures": _measures(),
        "measure_captions": _captions(),
        "log": _("Log scale"),
        "step": _("step"),
        "rule": _("usual: 1/1000"),
        **_ridge_words(),
        "table_title": _("Numbers of this moment"),
        "table_said": _("After step {step}, on {examples} training examples; the loss on them is {loss}."),
        "show_layer": _("Show how this layer is spread"),
        **_verdict_words(),
        "on": _("on"),
        "off": _("off"),
        "settings": _settings(),
        "values": {name: _(word) for name, word in (INITIALIZATIONS | ACTIVATIONS | NORMALIZATIONS | CELLS).items()},
        **_input_words(),
    }


def _verdict_words() -> dict[str, Any]:
    return {
        "healthy_title": _("All layers are healthy"),
        "healthy": _(
            "After step {step} no gradient vanishes or explodes, no layer is dead or saturated, and updates have a usual size."
        ),
        "verdicts": {name: [_(title), _(said)] for name, (title, said) in VERDICTS.items()},
        "tries": {name: _(said) for name, said in TRIES.items()},
        "try": _("What to try:"),
        "at_step": _("step {step}"),
        "affected": _("Layers:"),
        "open_change": _("Open with this change"),
        "open_change_help": _("Opens the page that trains with the settings of this run and this change."),
        "earlier": _("Earlier in the run, and over now"),
        "earlier_row": _("{name}: from step {first} to step {last}"),
    }


def _ridge_words() -> dict[str, Any]:
    return {
        "ridges_title": _("Spread over the run"),
        "ridge_kind": _("Show"),
        "ridge_kinds": {"weight": _("Weights"), "gradient": _("Gradients"), "activation": _("Activations")},
        "log_density": _("Log density"),
        "ridge_all": _(
            "{kind} of {layer} from {low} to {high}: each ridge is a moment of the run, the oldest dark and behind, the newest bright and in front."
        ),
        "ridge_row": _("After step {step}: {kind} of {layer} lie from {low} to {high}."),
        "ridge_none": _("There is nothing to draw for this layer."),
        "ridge_broken": _("Values that are not finite are left out."),
    }


def _measures() -> dict[str, str]:
    return {
        "gradient": _("Gradient norm"),
        "weight": _("Weight norm"),
        "ratio": _("Update / weights"),
        "mean": _("Activation mean"),
        "std": _("Activation spread (std)"),
        "dead": _("Dead units"),
        "saturated": _("Saturated"),
    }


def _captions() -> dict[str, str]:
    return {
        "gradient": _(
            "Length of the loss's gradient with respect to the layer's weights, |dL/dw|. Typical: within a factor of a hundred of each other."
        ),
        "weight": _(
            "Length of all weights of the layer, |w|. Typical: rises slowly; a jump means that updates are too large."
        ),
        "ratio": _(
            "How far the next update moves the weights, |w after - w before| / |w before|. Typical: about 1/1000; above 1/10 it is too large, below 1/100,000 the layer hardly moves."
        ),
        "mean": _("Mean of what the layer hands on, after its activation function. Typical: stays near a small value."),
        "std": _(
            "Standard deviation of what the layer hands on. Typical: of one size in all layers; fading from layer to layer means that signals die out."
        ),
        "dead": _("Share of the layer's units that give zero for all 64 examples. Typical: below a third."),
        "saturated": _(
            "Share of values at the flat ends of tanh or sigmoid (beyond 0.97 of the way), of an LSTM or GRU those of its gates; none for other activations. Typical: below a half."
        ),
    }


def _settings() -> dict[str, str]:
    """Settings a change may be made of, and those that can be changed while a run is on, by the end of their path."""
    return {
        "learning_rate": _("Learning rate"),
        "momentum": _("Momentum"),
        "weight_decay": _("Weight decay"),
        "batch_size": _("Batch size"),
        "dropout": _("Dropout"),
        "clip_norm": _("Gradient clipping"),
        "initialization": _("Initial weights"),
        "activation": _("Activation"),
        "normalization": _("Normalisation"),
        "skip": _("Skip connections"),
        "cell": _("Cell"),
        "batch_norm": _("Batch normalisation"),
        "spectral_norm": _("Spectral normalisation"),
    }


def _input_words() -> dict[str, Any]:
    return {
        "input_title": _("Gradient of the loss with respect to the input"),
        "input_lead": _(
            "Which numbers of an input the loss depends on: where the gradient is positive (blue) a larger value raises the loss, where it is negative (orange) a larger value lowers it."
        ),
        "input_picture": _("The input picture"),
        "input_map": _("Gradient of the loss with respect to each number of the input"),
        "input_sequence": _("Input"),
        "input_norm": _("length of the gradient {norm}"),
        "input_said": _("After step {step}; the loss of this example is {loss}."),
        "input_axes": _("{features} rows: what is read at each step. {steps} columns: the steps."),
        "input_name": _("Input"),
        "input_value": _("Value"),
        "input_gradient": _("Gradient"),
        "input_length": _("Length of the gradient"),
        "input_step": _("What is read, in the order of steps"),
        "samples": {"real": _("A real sample"), "generated": _("A generated sample")},
        "labelled": _("Label: {name}"),
    }
