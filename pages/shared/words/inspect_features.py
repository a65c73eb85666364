"""Words of the page /features."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _


def words() -> dict[str, Any]:
    """For its JavaScript, values in braces filled in there."""
    return _frame() | _rest() | _heat() | _methods() | _sums() | _unit() | _ascent() | _maps()


def _frame() -> dict[str, Any]:
    return {
        "lead_features": _(
            "Two questions to one network: which part of an input its answer rests on, and what a single unit inside it looks for."
        ),
        "tabs_label": _("Views of features"),
        "tabs": {
            "rest": _("What it answers rests on"),
            "unit": _("What a unit looks for"),
            "maps": _("Maps"),
        },
        "sample": _("Sample"),
        "names": {"real": _("real"), "generated": _("generated")},
        "place": _("Answer after step"),
        "draw": _("Draw one"),
        "clear": _("Clear"),
        "pad": _("Draw a picture"),
        "pad_help": _(
            "Draw with the mouse, a finger or a pen. By keyboard: arrow keys move, Space lowers and lifts the pen, Delete clears."
        ),
        "pad_says": _("Your drawing is explained instead of the example, half a second after the last stroke."),
        "held": _("The run goes on; here it is held as it was after step {step}."),
        "renew": _("Renew"),
        "renew_help": _("Look at the network as it is at this moment."),
        "queued_here": _("The run waits for its turn; there is something to see once it has begun."),
        "random_weights": _(
            "The weights of this model are random: the file with ImageNet's is not on this machine. What is shown comes from its build, not from anything it learned."
        ),
        "computing": _("Working it out."),
        "seconds": _("{count} s"),
        "minutes": _("{count} min"),
        "blink": _("less than 0.1 s"),
    }


def _rest() -> dict[str, Any]:
    return {
        "lead": _(
            "Colour marks the parts of the input that the chosen answer rests on, by two methods side by side. They answer different questions; where they agree, trust them more."
        ),
        "opacity": _("Opacity"),
        "side_by_side": _("Two side by side"),
        "attribution": _("Attribution"),
        "method": _("Method"),
        "explains": _("Explains"),
        "predicted": _("its own answer"),
        "baseline": _("Baseline"),
        "baselines": {
            "black": _("black picture"),
            "mean": _("mean of the examples"),
            "blurred": _("the picture, blurred"),
            "zero": _("all zero"),
            "blank": _("blanks"),
        },
        "steps": _("Steps"),
        "window": _("Window"),
        "input": _("Input"),
        "heat_alone": _("Attribution"),
        "pixel": _("Column {column}, row {row}: {value}"),
        "go": _("Explain (about {time})"),
        "piece": _("{done} of {of} parts done; about {time} to go."),
        "more": _("How to read this"),
        "more_says": [
            _(
                "Blue speaks for the chosen answer, orange against it, where a method has a sign. Grad-CAM and saliency of pictures only tell how much: dark is little, bright is much."
            ),
            _(
                "What is explained is the score before the softmax: it does not fall only because another class gained. Choose another class to see what would speak for that."
            ),
            _(
                "None of these is the truth about the network. Saliency is noisy, Grad-CAM is coarse, integrated gradients depend on the baseline (what equals it gets nothing), occlusion on the window. Computed with Captum (Kokhlikyan et al., 2020) on a copy of the network."
            ),
        ],
    }


def _heat() -> dict[str, Any]:
    return {
        "heat_alt": _("{method} for {output}, values from {low} to {high}"),
        "outputs": {"score": _("the discriminator's score")},
        "the_score": _("the output"),
        "score_alone": _("The value of {output} is {score}."),
        "score_class": _("Score of {output} before the softmax: {score}; its probability is {percent} %."),
        "says_instead": _("The network says {output} ({percent} %)."),
        "truth": _("Right would be {truth}."),
        "broken": _("Some values are not finite: the weights of this network are damaged. Such values are left out."),
        "took": _("Took {time}."),
        "loaded": _("Loading Captum took {time} more; it stays loaded for a while."),
        "shares": _("Attribution to each input number"),
        "characters": _("Attribution to each character"),
        "columns_alt": _("Attribution to each of {count} steps; the largest is {most}"),
        "line_is_input": _("Line: the input"),
        "features_alt": _("Attribution to each number of each step"),
        "features_caption": _("Each number of each step: a row a step."),
        "strongest": _("Strongest: {list}"),
    }


def _methods() -> dict[str, Any]:
    return {
        "methods": {
            "grad_cam": _("Grad-CAM"),
            "integrated_gradients": _("Integrated gradients"),
            "saliency": _("Saliency"),
            "occlusion": _("Occlusion"),
        },
        "method_says": {
            "grad_cam": _(
                "Where the maps of a layer raise the score: each map, weighted by its mean gradient, summed, negative sums left out (Selvaraju et al., 2017)."
            ),
            "integrated_gradients": _(
                "Gradients collected on the way from the baseline to the input, times the way (Sundararajan et al., 2017). They add up to the change of the score."
            ),
            "saliency": _(
                "The gradient of the score: where a small change of the input changes the answer most (Simonyan et al., 2014)."
            ),
            "occlusion": _(
                "How far the score falls when a part of the input is covered with the baseline (Zeiler and Fergus, 2014)."
            ),
        },
    }


def _sums() -> dict[str, Any]:
    return {
        "cam_of": _("From the maps of {layer}, {size}, enlarged to the input."),
        "occluded": _("Covered {size} at a time, every {stride} pixels; with everything covered the score is {score}."),
        "occluded_one": _("Covered one at a time; with everything covered the score is {score}."),
        "converged": _(
            "Score {score}, at the baseline {baseline}: the values should add up to {difference}. They add up to {total}; the difference, the convergence delta, is {delta}. More steps bring it closer to zero."
        ),
    }


def _unit() -> dict[str, Any]:
    return {
        "unit_lead": _(
            "One unit of the network: the data it answers to most strongly, and a picture made to please it. Click a tile to choose another."
        ),
        "unit_lead_other": _(
            "One unit of the network, and the data it answers to most and least strongly. Click a tile to choose another."
        ),
        "unit": _("Unit"),
        "pick_unit": _("What the units of this layer make of the chosen example"),
        "most": _("Excites it most"),
        "least": _("Excites it least"),
        "spot": _("The part of the picture that this value depends on"),
        "open_example": _("Explain example {number}"),
        "example_alt": _("Example {number} {name}: value {value}. Explain it."),
        "at_step": _("at step {step}"),
        "unit_says": _("Over {count} examples its value is {mean} on average, from {lowest} to {highest}."),
        "unit_says_map": _(
            "Over {count} examples the largest value in its map is {mean} on average, from {lowest} to {highest}. The frame marks what that value depends on."
        ),
        "unit_says_step": _(
            "Over {count} examples its largest value at any step is {mean} on average, from {lowest} to {highest}."
        ),
        "silent": _("To {silent} of them it answers zero."),
        "dead": _("It answers zero to all of them: a dead unit."),
        "by_class": _("Mean by label"),
        "class_count": _("{count} examples"),
        "filter": _("Its filter"),
        "kernel_alt": _("Kernels of unit {unit} of {label}"),
        "kernel_says": _("Weights to {shown} of {inputs} input channels: blue adds, orange subtracts."),
        "plane_caption": _(
            "Its value at every place from −{edge} to {edge}. Discs: the examples that excite it most; squares: least."
        ),
        "plane_alt": _("Values of unit {unit} of {label} over the plane"),
    }


def _ascent() -> dict[str, Any]:
    return {
        "ascent": _("What it would like to see"),
        "ascent_says": _(
            "From grey, each step changes the picture so that the unit answers more (gradient ascent: Erhan et al., 2009; with moved and blurred pictures: Olah et al., 2017)."
        ),
        "ascent_said": _("After {steps} of {of} steps its mean value is {value}, its largest {peak}."),
        "ascent_beside": _("The best of the data reaches {best}."),
        "ascent_silent": _(
            "The unit is silent to grey, and so has no gradient to climb. Choose the layer before its activation, or another start."
        ),
        "ascent_alt": _("Picture after {steps} steps of ascent; the unit's value is {value}"),
        "ascent_line": _("Its mean value on the way, from {low} to {high}"),
        "other_start": _("Another start"),
        "other_start_help": _("Other noise at the beginning. A stable result looks alike from any start."),
        "draw_it": _("Draw it (about {time})"),
    }


def _maps() -> dict[str, Any]:
    return {
        "maps_lead": _("What every layer makes of the chosen example. Click a map to see what that unit looks for."),
        "maps_caption": _(
            "At most 16 maps or 256 units a layer; maps above 28 × 28 are averaged down. Every layer has its own scale, beside its name: dark is low and bright is high; where values have a sign, blue is above zero and orange below."
        ),
        "tile": _("Unit {unit} of {layer}"),
        "more_units": _("and {count} more: choose them by number"),
        "zeros": _("{percent} % zeros"),
        "not_finite": _("not finite"),
        "layers_of": _("Layers {first} to {last} of {total}"),
        "earlier_layers": _("Earlier layers"),
        "later_layers": _("Later layers"),
    }
