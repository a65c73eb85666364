"""The words of the two players: their curves, their stage and the views below it."""

from __future__ import annotations

from typing import Any

from core.config.gan import PLANE, GANRunConfig
from pages.shared.language import _
from pages.shared.words.gan_slow import slow_words
from pages.shared.words.gan_stage import stage_words
from pages.shared.words.gan_views import view_words


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
    return {"name": "modes", "title": _("Modes covered"), "kind": "count", "lines": [line], "rules": rules}


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
    return {"name": "classes", "title": _("Classes present"), "kind": "count", "lines": [line], "rules": rules}


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
            "warp": _("The generator bends the noises, a line or a grid, until they lie where the real points are."),
            "interpolation": _("A walk from one noise to another, and what the generator makes of each place on the way."),
            "nearest": _("Is it copying? Generated pictures beside the training pictures most like them."),
        },
        "waiting": _("The players are being asked; their answer appears here."),
        "no_run": _("Press Train or Step; this view then follows the players as they learn."),
        "queued_view": _("The run waits for its turn; this view starts with it."),
        "gan": stage_words() | {"slow": slow_words()} | view_words(),
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
