"""Words of the pages that look inside a network; values in braces are filled in by the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pages.shared.language import _
from pages.shared.words import (
    inspect_arithmetic,
    inspect_features,
    inspect_gradients,
    inspect_graph,
    inspect_landscape,
    inspect_step,
)

INSPECT_WORDS: dict[str, Callable[[], dict[str, Any]]] = {
    "graph": inspect_graph.words,
    "gradients": inspect_gradients.words,
    "step": inspect_step.words,
    "arithmetic": inspect_arithmetic.words,
    "features": inspect_features.words,
    "landscape": inspect_landscape.words,
}


def moment_words() -> dict[str, Any]:
    """Words of the time machine's slider."""
    return {
        "moment": _("Moment"),
        "moment_label": _("Step of the run that is looked at"),
        "moment_help": _("Drag to go back: everything here then shows the network as it was after that step."),
        "moment_step": _("Number of the step"),
        "moment_now": _("Now"),
        "moment_now_help": _("Follow the run again."),
        "moment_is_now": _("As it is now, after step {step}."),
        "moment_is_past": _("As it was after step {step} of {total}."),
        "moment_near": _("As it was after step {step}, the nearest one that was kept to {wanted}."),
        "branch": _("Branch from here"),
        "branch_help": _("Start a run of its own that goes on from this moment with other settings."),
    }


def inspect_words() -> dict[str, Any]:
    """Words that all of these pages share."""
    return moment_words() | {
        "run_gone": _("This run is not there any more; it was deleted. Choose another one above."),
        "reconnecting": _("Connection lost; trying again. The run goes on."),
        "waiting": _("Working it out."),
        "no_run": _("Choose a network above."),
        "retry": _("Try again"),
        "layer": _("Layer"),
        "example": _("Example"),
        "part": _("Network"),
        "parts": {"network": _("Network"), "generator": _("Generator"), "discriminator": _("Discriminator")},
        "previous": _("Previous"),
        "next": _("Next"),
        "open_in": _("Look at it elsewhere:"),
        "nan": _("not a number"),
    }
