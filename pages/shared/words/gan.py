"""The words of the two players: their curves, their stage and the views below it."""

from __future__ import annotations

from typing import Any

from core.config.gan import PLANE, GANRunConfig
from pages.shared.language import _
from pages.shared.words.gan_slow import slow_words
from pages.shared.words.gan_stage import stage_words


def charts() -> list[dict[str, Any]]:
    """The curves of any run, for runs beside each other."""
    return [_losses({}), _scores({}), _divergence(), _good(), _confidence(), _rates()]


def charts_of(config: GANRunConfig, found: dict[str, Any]) -> list[dict[str, Any]]:
    """The curves of a run of ``config``; ``found``: what its check says of it."""
    if config.dataset not in PLANE:
        return [_losses(found), _scores(found), _confidence(), _classes(), _rates()]
    modes = [_good(), _modes(found["modes"])] if found["modes"] else []
    return [_losses(found), _scores(found), *modes, _divergence(), _rates()]


def _losses(found: dict[str, Any]) -> dict[str, Any]:
    both = [
        (found.get("equilibrium_loss"), _("G at the equilibrium")),
        (found.get("equilibrium_loss_d"), _("D at the equilibrium")),
    ]
    return {
        "name": "loss",
        "title": _("Losses: what each player wants to lower"),
        "kind": "number",
        "lines": [
            {"split": "train", "column": "loss", "label": _("Generator"), "colour": "--lt-validation"},
            {"split": "train", "column": "loss_d", "label": _("Discriminator"), "colour": "--lt-mark"},
        ],
        "rules": [{"value": value, "label": label} for value, label in both if value is not None],
    }


def _scores(found: dict[str, Any]) -> dict[str, Any]:
    level = found.get("equilibrium")
    return {
        "name": "scores",
        "title": _("What the discriminator says"),
        "kind": "number",
        "lines": [
            {"split": "train", "column": "d_real", "label": _("of real: D(x)"), "colour": "--lt-train"},
            {"split": "train", "column": "d_fake", "label": _("of generated: D(G(z))"), "colour": "--lt-validation"},
        ],
        "rules": [{"value": level, "label": _("equilibrium {level:g}").format(level=level)}]
        if level is not None
        else [],
    }


def _divergence() -> dict[str, Any]:
    return {
        "name": "js",
        "title": _("How far apart real and generated are, in bits"),
        "kind": "number",
        "lines": [
            {"split": "validation", "column": "js", "label": _("JS (0 to 1)"), "colour": "--lt-right"},
            {"split": "validation", "column": "kl", "label": _("KL(real | generated)"), "colour": "--lt-quiet"},
        ],
    }


def _good() -> dict[str, Any]:
    line = {"split": "validation", "column": "good", "label": _("within 3 sigma of a mode"), "colour": "--lt-right"}
    return {"name": "good", "title": _("Share of good samples"), "kind": "percent", "lines": [line]}


def _modes(count: int) -> dict[str, Any]:
    line = {"split": "validation", "column": "modes", "label": _("with 1 % of the samples"), "colour": "--lt-right"}
    rules = [{"value": count, "label": _("all {count}").format(count=count)}]
    return {"name": "modes", "title": _("Modes covered"), "kind": "number", "lines": [line], "rules": rules}


def _confidence() -> dict[str, Any]:
    label = _("more than 80 % sure")
    line = {"split": "validation", "column": "confidence", "label": label, "colour": "--lt-right"}
    return {
        "name": "confidence",
        "title": _("Share of pictures that the judge recognises"),
        "kind": "percent",
        "lines": [line],
    }


def _classes() -> dict[str, Any]:
    line = {"split": "validation", "column": "classes", "label": _("with 2 % of the samples"), "colour": "--lt-right"}
    rules = [{"value": 10, "label": _("all {count}").format(count=10)}]
    return {"name": "classes", "title": _("Classes present"), "kind": "number", "lines": [line], "rules": rules}


def _rates() -> dict[str, Any]:
    return {
        "name": "learning_rate",
        "title": _("Learning rates: how large the updates are"),
        "kind": "rate",
        "lines": [
            {"split": "train", "column": "learning_rate", "label": _("Generator"), "colour": "--lt-validation"},
            {"split": "train", "column": "learning_rate_d", "label": _("Discriminator"), "colour": "--lt-mark"},
        ],
    }


def status() -> dict[str, str]:
    """What the status line calls things here."""
    return {
        "rate": _("{rate} samples/s"),
        "hint": _("Train starts the game; Step plays exactly one round."),
        "step": _("round {step} of {total}"),
    }


def words() -> dict[str, Any]:
    """Words of the stage and the views."""
    return {
        "step": _("round"),
        "views_label": _("Views of the players"),
        "views": {
            "slow": _("Slow motion"),
            "history": _("History"),
            "warp": _("Warped grid"),
            "interpolation": _("Interpolation"),
            "nearest": _("Nearest training picture"),
        },
        "leads": {
            "slow": _("The next round, phase by phase, with its real numbers. Arrow keys walk through it."),
            "history": _("What the same noises became at past moments of this run."),
            "warp": _("The generator bends the grid of noises until it lies where the real points are."),
            "interpolation": _("A walk from one noise to another, and what the generator makes of each place on the way."),
            "nearest": _("Is it copying? Generated pictures beside the training pictures most like them."),
        },
        "waiting": _("The players are being asked; their answer appears here."),
        "no_run": _("Press Train or Step; this view then follows the players as they learn."),
        "queued_view": _("The run waits for its turn; this view starts with it."),
        "gan": stage_words() | {"slow": slow_words()} | _views(),
        "edit_short": _edits(),
    }  # fmt: skip


def _edits() -> dict[str, str]:
    """A short word for each change that only this page knows."""
    theirs = _("{name} of D")
    names = {
        "learning_rate": _("lr"), "momentum": _("momentum"), "nesterov": _("Nesterov"), "beta1": _("beta 1"),
        "beta2": _("beta 2"), "alpha": _("alpha"), "rho": _("rho"), "weight_decay": _("decay"),
    }  # fmt: skip
    return {
        **{f"discriminator_optimizer.{name}": theirs.format(name=word) for name, word in names.items()},
        "steps_d": _("D updates"),
        "steps_g": _("G updates"),
        "players": _("learns"),
        "loss.real_label": _("real label"),
        "loss.penalty": _("penalty"),
        "loss.clip": _("clip value"),
        "data.points": _("points"),
        "data.spread": _("spread"),
    }


def _views() -> dict[str, Any]:
    return {
        "warp": {
            "before": _("The grid of noises z, before"),
            "after": _("The same grid after the generator, over the real points"),
            "colours": _(
                "A line keeps its colour: dark where the first number of z is low, bright where it is high. Where lines crowd, many samples land; where the grid is torn wide, few."
            ),
            "none": _("This needs a latent dimension of 1 or 2."),
        },
        "interpolation": {
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
        },
        "nearest": {
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
        },
        "history": {
            "slider": _("Moment of the run"),
            "play": _("Play"),
            "hold": _("Hold"),
            "when": _("round {step}, epoch {epoch}"),
            "alt": _("What the generator made of the same noises at a past moment"),
        },
    }
