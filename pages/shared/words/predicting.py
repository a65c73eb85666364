"""Words of the tab "Predict"; values in braces are filled in by the browser."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _
from pages.shared.words.inspect import INSPECT_WORDS, inspect_words


def predict_words() -> dict[str, Any]:
    """For its JavaScript: those of /features, whose panels are used, and its own."""
    return inspect_words() | INSPECT_WORDS["features"]() | _own()


def _own() -> dict[str, Any]:
    return {
        "heads": [
            _("Network"),
            _("Weights"),
            _("Time a picture"),
            _("Parameters"),
            _("File"),
            _("Right on ImageNet"),
        ],
        "weights": {"imagenet": _("ImageNet"), "random": _("random")},
        "milliseconds": _("{count} ms"),
        "million": _("{count} M"),
        "megabytes": _("{count} MB"),
        "percent": _("{count} %"),
        "below": _("< {count} %"),
        "random": _(
            "The weights of {names} are random: nothing was learned, and what is named is chance. Download the weights above to see what training on ImageNet gives."
        ),
        "asking": _("Answer {done} of {of}: {name}. A large network takes some seconds to load."),
        "picture_alt": _("{name}, the middle that the networks read"),
        "ask_why": _("Show what this answer rests on"),
        "guess": _("{name}, {percent}; show what this answer rests on"),
        "rests_on": _("What “{name}” rests on in {model}"),
        "first_look": _(
            "Going through the layers of {model}, and measuring how long a pass takes. A large network needs up to half a minute."
        ),
        "shut": _("Close"),
        "look_inside": _("Look inside this network with this picture"),
    }
