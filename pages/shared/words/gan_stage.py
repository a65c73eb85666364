"""The words of the stage: the plane or the sheet, the data-flow picture, the verdict."""

from __future__ import annotations

from typing import Any

from core.probes.gan.words import TRIES, VERDICTS
from pages.shared.language import _


def stage_words() -> dict[str, Any]:
    """Words of the stage."""
    return {
        "titles": {"plane": _("Two players in the plane"), "images": _("What the generator paints")},
        "leads": {
            "plane": _(
                "Orange dots are what the generator makes of the same noises all along; blue rings are real. The ground shows what the discriminator thinks of each place."
            ),
            "images": _("One picture for each of the same noises, all along the run. The bar below says how sure a judge is."),
        },
        "plane_alt": _("Real and generated points over the discriminator's surface"),
        "sheet_alt": _("Generated pictures"),
        "layers_label": _("What is shown"),
        "layers": _layers(),
        "says_fake": _("D says: generated"),
        "says_real": _("real"),
        "before": _("before training"),
        "after": _("after round {step}"),
        "empty": _("Press Train: the pictures appear here and change as the generator learns."),
        "waiting": _("The players are getting ready."),
        "first": _("When they have played a while, it says here how the two get along, and what to try."),
        "tries_label": _("What to try"),
        "verdicts": {key: _(template) for key, template in VERDICTS.items()},
        "tries": {key: _(said) for key, said in TRIES.items()},
        "sheet": {
            "sure": _(
                "The judge, a small classifier trained here on the real pictures ({accuracy} right on held-out ones, {seconds} s), is more than 80 % sure of {sure} of {count}; among them are {kinds} classes."
            ),
            "tile": _("The judge takes it for {said}, {confidence} sure."),
            "tip": _("Point at a picture to see what the judge takes it for."),
        },
        "brush": {
            "label": _("Draw the real points"),
            "draw": _("Draw"),
            "erase": _("Erase"),
            "clear": _("Clear"),
            "count": _("{count} of {most} points"),
            "help": _(
                "Draw with the mouse, a finger or a pen. By keyboard: arrow keys move, Space puts a point down, Delete wipes points off."
            ),
        },
        "flow": _flow(),
    }  # fmt: skip


def _layers() -> dict[str, dict[str, str]]:
    said = {
        "surface": (_("Surface"), _("What the discriminator says of each place: D(x). Blue: takes it for real; orange: for generated; pale: cannot tell.")),
        "real": (_("Real"), _("Samples of the data, x.")),
        "generated": (_("Generated"), _("Samples of the generator, G(z), from the same noises all along.")),
        "arrows": (_("Arrows"), _("Where the generator is told to move its samples: - dL_G / dG(z). The longest always has the same length.")),
        "modes": (_("Modes"), _("A circle of 3 sigma around each mode, with its share of the samples; solid where at least 1 % land in it.")),
        "warp": (_("Warped grid"), _("Where a regular grid of noises z lands.")),
    }  # fmt: skip
    return {name: {"label": label, "help": help} for name, (label, help) in said.items()}


def _flow() -> dict[str, Any]:
    boxes = {
        "z": (_("Noise z"), _("Random numbers, drawn anew for every update.")),
        "generator": (_("Generator"), _("G turns noise into samples. It never sees a real one; all it learns comes back through D.")),
        "fake": ("G(z)", _("Generated samples.")),
        "real": (_("Real x"), _("Samples of the data.")),
        "discriminator": (_("Discriminator"), _("D gives a score to each sample, without knowing where it comes from.")),
        "d_fake": ("D(G(z))", _("Its mean score of generated samples in the last round.")),
        "d_real": ("D(x)", _("Its mean score of real samples in the last round.")),
        "loss_g": (_("Loss of G"), _("What the generator lowers. Its gradient flows back through D.")),
        "loss_d": (_("Loss of D"), _("What the discriminator lowers.")),
    }  # fmt: skip
    return {
        "label": _("How the data flow between the two players."),
        "said": _("D(x) {d_real}, D(G(z)) {d_fake}, loss of G {loss_g}, loss of D {loss_d}."),
        "lead": _("Solid: forward. Dashed: gradients, each into one player's weights only. Numbers of the last round."),
        "boxes": {name: {"title": title, "help": help} for name, (title, help) in boxes.items()},
    }
