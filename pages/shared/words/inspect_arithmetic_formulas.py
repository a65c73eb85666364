"""Words of the page /arithmetic for recurrent cells and losses."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _

LOSS_FORMULAS = {
    "cross_entropy": "p = e^z ÷ Σ e^z,  loss = −Σ q log p",
    "brier": "p = e^z ÷ Σ e^z,  loss = mean of (p − q)²",
    "squared": "loss = ½ × mean of (z − t)²",
    "mse": "loss = mean of (z − t)²",
    "tanh_squared": "loss = ½ × mean of (tanh z − t)²",
    "bce": "p = σ(z),  loss = mean of −t log p − (1 − t) log(1 − p)",
    "hinge": "loss = mean of max(0, 1 − t z)",
}


def recurrent_words() -> dict[str, Any]:
    """Of one step of a recurrent cell."""
    return {
        "gate": _("gate"),
        "before": _("sum"),
        "value": _("value"),
        "gates": {
            "input": _("input gate i"),
            "forget": _("forget gate f"),
            "candidate": _("candidate"),
            "output": _("output gate o"),
            "reset": _("reset gate r"),
            "update": _("update gate z"),
        },
        "cell_formulas": {
            "lstm": "i, f, o = σ(W x + b + U h + b′),  g = tanh(W x + b + U h + b′),  c′ = f c + i g,  h′ = o tanh(c′)",
            "gru": "r, z = σ(W x + b + U h + b′),  n = tanh(W x + b + r (U h + b′)),  h′ = (1 − z) n + z h",
            "rnn_tanh": "h′ = tanh(W x + b + U h + b′)",
            "rnn_relu": "h′ = max(0, W x + b + U h + b′)",
        },
        "cell_said": _("Unit {unit} at step {step} of {steps}: x is what is read at this step, h the state after the one before."),
        "cell_first": _("Unit {unit} at step {step} of {steps}, the first one that is read: the state before it is 0."),
        "state_zero": _("state before: none yet"),
        "state_before": _("state before h"),
        "state_new": _("new state h′"),
        "cell_before": _("cell before c"),
        "cell_new": _("new cell c′"),
        "gate_products": _("Largest products of: {gate}"),
        "of_input": _("What is read: W x"),
        "of_state": _("What is remembered: U h"),
        "unit_n": _("unit {unit}"),
    }  # fmt: skip


def loss_words() -> dict[str, Any]:
    """Of softmax, cross-entropy and the other losses."""
    return {
        "losses": {
            "cross_entropy": _("softmax and cross-entropy"),
            "mse": _("squared error"),
            "bce": _("binary cross-entropy"),
            "hinge": _("hinge loss"),
            "minimax": _("minimax loss"),
            "non_saturating": _("non-saturating loss"),
            "least_squares": _("least squares"),
            "wgan_clip": _("Wasserstein loss"),
            "wgan_gp": _("Wasserstein loss"),
        },
        "loss": _("loss"),
        "class": _("class"),
        "sum": _("sum"),
        "target": _("target"),
        "term": _("term"),
        "output": _("output"),
        "output_n": _("output {output}"),
        "outputs_count": _("outputs"),
        "factor": _("factor"),
        "score": _("score s"),
        "sample": _("sample"),
        "more_classes": _("{count} more"),
        "largest_z": _("largest z"),
        "probability_of": _("probability of {name}"),
        "sum_of_terms": _("sum of the terms"),
        "mean_of_terms": _("mean of the terms"),
        "smoothing": _("Label smoothing {smoothing}: that share of the target is spread evenly over all classes."),
        "no_target": _("Without a true answer there is no loss to compute."),
        "step_free": _("This step's answer does not count; answers are wanted from step {first} on."),
        "step_mean": _("The loss of the sequence is the mean over {count} steps: {total}."),
        "penalties": {"l1": _("L1 penalty"), "l2": _("L2 penalty")},
        "total": _("loss that is trained"),
        "loss_formulas": LOSS_FORMULAS,
        "adversarial": _adversarial(),
    }  # fmt: skip


def _adversarial() -> dict[str, dict[str, str]]:
    """Formulas; the discriminator's first term is of the real sample."""
    entropy = {
        "discriminator": "loss = −log σ(s) − log(1 − σ(s′))",
        "softened": "loss = −{label} log σ(s) − (1 − {label}) log(1 − σ(s)) − log(1 − σ(s′))",
    }
    wasserstein = {"discriminator": "loss = s′ − s", "generator": "loss = −s"}
    return {
        "minimax": entropy | {"generator": "loss = log(1 − σ(s))"},
        "non_saturating": entropy | {"generator": "loss = −log σ(s)"},
        "least_squares": {
            "discriminator": "loss = ½ (s − {label})² + ½ s′²",
            "generator": "loss = ½ (s − 1)²",
        },
        "hinge": {"discriminator": "loss = max(0, 1 − s) + max(0, 1 + s′)", "generator": "loss = −s"},
        "wgan_clip": wasserstein,
        "wgan_gp": wasserstein,
    }
