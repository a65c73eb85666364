"""Words of the views into a recurrent network's states, gates, gradients and steps."""

from __future__ import annotations

from typing import Any

from core.i18n import N_
from pages.shared.language import _

VERDICTS = (  # what core.probes.rnn.gradient says, which a page cannot import: torch
    N_(
        "The gradient explodes: it grows to {ratio:.1e} times its size on its way back through {steps} steps. Gradient clipping, a smaller learning rate or an LSTM tames it."
    ),
    N_("The last answer has no error, so there is no gradient to follow."),
    N_(
        "The gradient vanishes: after {gone} steps back less than a thousandth of it is left, after {steps} steps {ratio:.1e} of its size. What stands further back can hardly be learned; an LSTM or GRU keeps more."
    ),
    N_(
        "The gradient is healthy: {ratio:.2g} times its size is left after {steps} steps back, so the beginning of the sequence can be learned from."
    ),
)


def states_words() -> dict[str, Any]:
    """Words of the heat maps and of the gradient."""
    return _states() | _gradient()


def _states() -> dict[str, Any]:
    return {
        "states": {
            "hidden": _("Hidden state h"),
            "reverse": _("Hidden state h, read from the end"),
            "cell": _("Cell state c"),
        },
        "heat_alt": _("{title}: {units} units over {steps} steps, from {low} to {high}"),
        "heat_read": _("unit {unit}, step {step} ({name}): {value}"),
        "saturated": _(
            "{percent} % of the hidden state is saturated, |h| above 0.99. Blue is above zero, orange below. Point at the map, or use the arrow keys, to read a number."
        ),
        "gates": {
            "input": {"title": _("Input gate i"), "does": _("How much of the new is taken into the cell.")},
            "forget": {"title": _("Forget gate f"), "does": _("How much of the cell is kept; 1 keeps all.")},
            "output": {"title": _("Output gate o"), "does": _("How much of the cell is shown as hidden state.")},
            "reset": {
                "title": _("Reset gate r"),
                "does": _("How much of the old state is looked at when a new one is proposed."),
            },
            "update": {"title": _("Update gate z"), "does": _("How much of the old state stays; 1 changes nothing.")},
        },
        "gate_numbers": _("mean {mean}, open {open} %, shut {closed} %"),
        "gates_caption": _(
            "A gate is a number from 0 (shut) to 1 (open) for each unit: sigmoid(W x + U h + b). The line is the mean over the units. Open: above 0.9; shut: below 0.1."
        ),
    }


def _gradient() -> dict[str, Any]:
    return {
        "verdicts": {template: _(template) for template in VERDICTS},
        "norms": {"all": _("State"), "hidden": _("Hidden state h"), "cell": _("Cell state c")},
        "gradient_axis": _("|dL/d state|"),
        "truncated": _("training reaches back to here"),
        "gradient_caption": _(
            "Length of the gradient of the error at step {last} with respect to the state at each earlier step (mean; sequences: {sequences}). From the last step to the first it changes by a factor of {ratio}. Each step back multiplies by one more Jacobian: dL/dh(t) = dL/dh(t+1) x dh(t+1)/dh(t)."
        ),
    }


def step_words() -> dict[str, Any]:
    """Words of the unrolled picture."""
    return {
        "step_of": _("step {step} of {steps}: {name}"),
        "step_before": _("Previous step"),
        "step_after": _("Next step"),
        "unrolled": _("One step of the unrolled network; arrow keys walk through time"),
        "arithmetic": _("How the new state comes about"),
        "part": _("Part, for each unit"),
        "state_first": _("Before the first step"),
        "state_at": _("h after step {step}"),
        "cell_state": _("cell state c"),
        "cell_at": _("Cell, step {step}"),
        "input_at": _("Input: {name}"),
        "no_answer": _("No answer asked here"),
        "more_numbers": _("and {count} more"),
        "part_names": {
            "input": _("Input gate"),
            "forget": _("Forget gate"),
            "output": _("Output gate"),
            "reset": _("Reset gate"),
            "update": _("Update gate"),
            "candidate": _("Candidate"),
            "pre-activation": _("Before the activation"),
        },
        "answer_labels": {"prediction": _("It says"), "probability": _("It says, by probability")},
        "units_shown": _(
            "The first {shown} of {units} units. The weights are the same at every step; only input and state change."
        ),
    }
