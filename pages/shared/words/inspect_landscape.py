"""Words of the page /landscape."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _


def words() -> dict[str, Any]:
    """For its JavaScript, values in braces filled in there."""
    return _choices() | {
        "lead": _(
            "The loss of this network if its weights were a little different: the star is where they are, dark is low."
        ),
        "caveat": _(
            "A network has thousands of directions and this shows two, so it is a shadow: a basin that looks round here may be a narrow valley elsewhere, and random directions say little about the way training takes."
        ),
        "more": _("How it is computed"),
        "more_says": [
            _(
                "Every point of the map is the training loss over the same {count} examples at most, without dropout, with the weights moved along two directions: L(w + x d1 + y d2)."
            ).format(count=512),
            _(
                "Random directions are scaled filter by filter to the length of the weights (Li et al., 2018), so that 1 means: as long as the weights themselves. Biases and normalisation stay."
            ),
            _(
                "The run's own path: the two directions in which its weights moved most since the start, from the moments that were kept (principal components). Where they explain little, the path bends out of this plane, and the loss along the drawn line is not the loss the run had."
            ),
        ],
        "first_step": _("Train for a step or two, and there is a landscape to draw."),
        "going": _(
            "After step {step}, over {examples} examples: row {done} of {whole} done, about {seconds} s left. It is computed in a process of its own; the run goes on."
        ),
        "done": _("After step {step}, over {examples} examples."),
        "halted": _("Stopped after {done} of {whole} rows."),
        "progress": _("Rows computed"),
        "cancel": _("Cancel"),
        "renew": _("Draw anew"),
        "renew_help": _("Draws the landscape around the weights as they are now."),
        "hover": _("loss %{text} at (%{x:.3g}, %{y:.3g})"),
        "path_hover": _("step %{text}"),
        "slice_hover": _("loss %{y:.4g} at %{x:.3g}"),
        "here": _("the weights of this moment"),
        "loss": _("loss"),
        "log_loss": _("log10 of the loss"),
        "explained": _("{share} % of the way"),
        "summary": _("Loss at the star: {centre}. Lowest on the picture: {low}, highest: {high}."),
        "alt": _("{shape}: loss around the weights after step {step}, from {low} to {high}, at the weights {centre}"),
    }


def _choices() -> dict[str, Any]:
    return {
        "directions": _("Directions"),
        "kinds": {"path": _("the run's own path"), "random": _("random")},
        "shape": _("Drawn as"),
        "shapes": {"contour": _("Map"), "surface": _("Surface"), "slice": _("Slice")},
        "points": _("Points"),
        "reach": _("Extent"),
        "other": _("Other directions"),
        "other_help": _("Draws two other random directions."),
        "log": _("Log loss"),
        "log_help": _("Colours and heights by powers of ten, so that the bottom of a valley is seen: log10(loss)."),
        "axes": {
            "path": [_("direction of most movement"), _("second direction")],
            "random": [_("first random direction"), _("second random direction")],
        },
    }
