"""What can ail a layer, and what to try against it, in sentences. No torch: the page translates it."""

from __future__ import annotations

from core.i18n import N_

# verdict -> its name, and a sentence with the values that it carries
VERDICTS: dict[str, tuple[str, str]] = {
    "broken": (
        N_("Numbers that are none"),
        N_(
            "{layer} has values that are not finite (nan or infinity). They came from numbers too large for float32, and every sum that contains one of them is lost."
        ),
    ),
    "exploding": (
        N_("Exploding"),
        N_(
            "One update of {layer} is {ratio} times as long as its weights: what was learned before is thrown away at every step."
        ),
    ),
    "grown": (
        N_("Exploding gradient"),
        N_("The gradient has grown to {times} times its size at the start, most of it in {layer} ({gradient})."),
    ),
    "large": (
        N_("Updates too large"),
        N_(
            "One update moves {layer} by {percent} % of its weights, where a tenth of a per cent is usual. The loss jumps instead of falling."
        ),
    ),
    "slow": (
        N_("Hardly moving"),
        N_(
            "One update of {layer} is {ratio} times its weights, a hundredth of what is usual or less, although its gradient is not small."
        ),
    ),
    "vanishing": (
        N_("Vanishing gradient"),
        N_(
            "A weight of {layer} gets {ratio} times the gradient of one of {last}. The first layers learn almost nothing, whatever the last ones do."
        ),
    ),
    "dead": (
        N_("Dead units"),
        N_(
            "{percent} % of the units of {layer} give zero for all {examples} examples. Where an activation is flat, no gradient comes through, so they may never wake up."
        ),
    ),
    "saturated": (
        N_("Saturated"),
        N_(
            "{percent} % of the values of {layer} lie at the flat ends of {activation}, where less than 6 % of the gradient comes through."
        ),
    ),
    "gates": (
        N_("Gates stuck"),
        N_("{percent} % of the gate values of {layer} are fully open or shut, so they hardly change any more."),
    ),
    "zero": (
        N_("All weights are zero"),
        N_(
            "All weights of {layer} are zero: its units compute the same, get the same gradient and stay alike, and no gradient goes through them to the layers before."
        ),
    ),
}
# what to try -> sentence
TRIES: dict[str, str] = {
    "lower_rate": N_("Take a tenth of the learning rate."),
    "raise_rate": N_("Take ten times the learning rate."),
    "clip": N_("Clip the gradient at length 1."),
    "initial": N_("Begin with weights whose size fits the layers: He for ReLU, Xavier for tanh and sigmoid."),
    "relu": N_("Take ReLU as activation: it passes the gradient on whole wherever a unit is active."),
    "leaky": N_("Take LeakyReLU as activation: it passes a little gradient on below zero, too."),
    "normalise": N_("Normalise over the batch before the activation, which keeps its input where it is not flat."),
    "skip": N_("Add skip connections: they give the gradient a short way back."),
    "lstm": N_("Take an LSTM: its cell carries the gradient through time."),
    "spectral": N_("Switch on spectral normalisation, which bounds how steep each layer can be."),
    "settings": N_("Look at data, initial weights and learning rate: nothing that could be switched on is off here."),
}
