"""Words of the views below the stage of the two players."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _


def view_words() -> dict[str, Any]:
    """Values in braces are filled in by the browser."""
    return {"warp": _warp(), "interpolation": _interpolation(), "nearest": _nearest(), "history": _history()}


def _warp() -> dict[str, Any]:
    return {
        "grid": {
            "before": _("The grid of noises z, before"),
            "after": _("The same grid after the generator, over the real points"),
            "colours": _(
                "A line keeps its colour: dark where the first number of z is low, bright where it is high. Where lines crowd, many samples land; where the grid is torn wide, few."
            ),
        },
        "line": {
            "before": _("The line of noises z, before"),
            "after": _("The same line after the generator, over the real points"),
            "colours": _(
                "One number in, so all samples lie on one curve. It keeps its colours: dark where z is low, bright where it is high. Where the marks crowd, many samples land; where they lie far apart, few. To get from one piece of the data to the next, the curve has to cross what lies between."
            ),
        },
        "none": _("This needs a latent dimension of 1 or 2."),
    }


def _interpolation() -> dict[str, str]:
    return {
        "start": _("From seed"),
        "end": _("to seed"),
        "random": _("Other seeds"),
        "label": _("Class"),
        "alt": _("Samples along a straight line between two noises"),
        "tile": _("The judge says {said}, {confidence} sure"),
        "images": _(
            "G((1 - t) z1 + t z2) for t from 0 to 1. Under each picture what the judge takes it for. Smooth changes mean that the generator has learned more than a list of pictures."
        ),
        "plane": _(
            "G((1 - t) z1 + t z2) for t from 0 (dark) to 1 (bright). Where the line crosses empty ground, the generator puts some samples where nothing real is."
        ),
    }


def _nearest() -> dict[str, str]:
    return {
        "copies": _(
            "{copies} of {count} lie closer to a training picture than a quarter of what training pictures keep from each other ({typical}): it may be copying."
        ),
        "none": _(
            "None of the {count} is a copy: each keeps a distance from its nearest training picture. Training pictures typically keep {typical} from each other."
        ),
        "one": _("{distance} from picture {index} ({name})"),
        "made": _("Generated picture"),
        "found": _("Its nearest training picture"),
        "explained": _(
            "Left generated, right the nearest of all training pictures. Distance: sqrt(mean((a - b)²)) over pixels of 0 to 255. The mark on each bar is the typical distance of a training picture to its nearest other one."
        ),
    }


def _history() -> dict[str, str]:
    return {
        "slider": _("Moment of the run"),
        "play": _("Play"),
        "hold": _("Hold"),
        "when": _("round {step}, epoch {epoch}"),
        "alt": _("What the generator made of the same noises at a past moment"),
    }
