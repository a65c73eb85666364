"""Words of the page /step for the gradient of a weight and for what the optimiser makes of it."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _


def sums() -> dict[str, Any]:
    """For its JavaScript, values in braces filled in there."""
    return _gradient() | _optimizer()


def _gradient() -> dict[str, Any]:
    return {
        "gradient_kinds": _kinds(),
        "gates": {
            "input": _("input gate"),
            "forget": _("forget gate"),
            "candidate": _("candidate"),
            "output": _("output gate"),
            "reset": _("reset gate"),
            "update": _("update gate"),
        },
        "no_products": _("How this gradient is put together is not shown for this layer; this is what backward made."),
        "follow_term": _("Follow this product back through the network"),
        "axis_names": {
            "example": _("example"),
            "step": _("time step"),
            "row": _("row"),
            "column": _("column"),
        },
        "by_step": _("What each time step adds to the gradient"),
        "by_example": _("What each example adds to the gradient"),
        "extras": {
            "l1": _("L1 penalty"),
            "l2": _("L2 penalty"),
            "gradient_penalty": _("gradient penalty"),
            "spectral": _("what dividing by the largest singular value changes"),
        },
        "clip_on": _(
            "The gradient of all weights together is longer than the limit, so all of it is shortened by one factor:"
        ),
        "clip_off": _("The gradient of all weights together is shorter than the limit, so it stays as it is:"),
        "factor": _("Factor"),
    }


def _kinds() -> dict[str, str]:
    return {
        "Linear": _(
            "The weight from {source} to {unit} was used once for each example: its gradient is the sum of δ of unit {unit} times input {source}."
        ),
        "bias": _("The bias of {unit} is added everywhere: its gradient is the sum of δ."),
        "Conv2d": _(
            "This number of the kernel was used at every place of every picture: its gradient is the sum of δ at the place times the pixel of channel {source} it lay on."
        ),
        "ConvTranspose2d": _(
            "This number of the kernel was used at every place of channel {source}: its gradient is the sum of what it read times δ where it wrote."
        ),
        "Embedding": _(
            "The row of a symbol was read wherever the symbol stands: the gradients of all these places add up."
        ),
        "BatchNorm1d": _(
            "The scale of {unit} multiplies the normalised value x̂: its gradient is the sum of δ times x̂."
        ),
        "BatchNorm2d": _(
            "The scale of channel {unit} multiplies the normalised value x̂: its gradient is the sum of δ times x̂."
        ),
        "GroupNorm": _(
            "The scale of channel {unit} multiplies the normalised value x̂: its gradient is the sum of δ times x̂."
        ),
        "LayerNorm": _("The scale of {unit} multiplies the normalised value x̂: its gradient is the sum of δ times x̂."),
        "RNN": _(
            "The same weight is used at every time step: what the steps add up to is its gradient (backpropagation through time)."
        ),
        "LSTM": _(
            "Row {unit} belongs to the {gate}. The same weight is used at every time step: what the steps add up to is its gradient (backpropagation through time)."
        ),
        "GRU": _(
            "Row {unit} belongs to the {gate}. The same weight is used at every time step: what the steps add up to is its gradient (backpropagation through time)."
        ),
    }


def _optimizer() -> dict[str, Any]:
    return {
        "optimizer_said": _(
            "{optimizer} turns the gradient g of this weight into a step, with what it remembers of earlier ones."
        ),
        "optimizer_if": _("No step is taken on a validation example. If it were the batch, {optimizer} would do this:"),
        "no_state": _("Plain descent remembers nothing of earlier steps."),
        "state_kept": _("torch's {name}: {before} before, {after} after the step"),
        "state_before": _("torch's {name}: {before} before"),
        "lines": {
            "decay": _("Weight decay: the gradient pulls the weight towards zero as well."),
            "decoupled": _("Decoupled weight decay: the weight itself is shrunk, beside the gradient."),
            "velocity": _("The velocity: what is left of earlier updates, and the new one."),
            "nesterov": _("Nesterov looks one update ahead."),
            "mean": _("First moment: a running mean of the gradient."),
            "square": _("Second moment: a running mean of the squared gradient."),
            "corrected": _("Bias correction: the running mean began at zero; t is the number of the step."),
            "warmed": _("NAdam lets its momentum warm up."),
            "product": _("The product of all momenta so far."),
            "ahead": _("The mean, one step ahead, with its start corrected."),
            "longest": _("How many steps the second moment remembers in the end."),
            "length": _("How many it remembers so far; above 5 it is worth dividing by."),
            "rectified": _("Rectification: how far the second moment can be trusted yet."),
            "scale": _("One over the typical size of this weight's gradients."),
            "largest": _("The largest recent gradient, slowly forgotten."),
            "sum": _("The sum of all squared gradients so far; it only grows, so steps shrink."),
            "scaled": _("The size of past updates over the size of past gradients, times the gradient."),
            "moved": _("A running mean of the squared updates."),
            "clamped": _("The WGAN of this run clips every weight after the step."),
        },
        "weight_said": _("The weight with which step {step} leaves it, as torch has it:"),
        "weight_if": _("If this example alone were the batch, the weight would become:"),
        "rounds": _("In exact arithmetic the formula gives {formula}; float32 rounds on the way."),
    }
