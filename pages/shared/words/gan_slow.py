"""The phases of one round of two players, each with its formula."""

from __future__ import annotations

from typing import Any

from pages.shared.language import _


def slow_words() -> dict[str, Any]:
    """Words of the slow motion."""
    return {
        "previous": _("Previous"),
        "next": _("Next"),
        "place": _("Phase {number} of {count}"),
        "round": _("of round {step}, the next one"),
        "over": _("of the round that would have followed: {step}"),
        "points": _("Points of this phase"),
        "pictures": _("Pictures of this phase"),
        "facts": {
            "shape": _("Shape"),
            "first": _("First numbers"),
            "mean": _("Mean"),
            "deviation": _("Deviation"),
            "value": _("Value"),
            "gradient_norm": _("Length of the gradient |g|"),
            "weights_before": _("Length of the weights |w|"),
            "change": _("Length of the change |dw|"),
            "relative": _("|dw| / |w|"),
            "learning_rate": _("Learning rate"),
        },
        "phases": {
            name: {"title": title, "formula": formula, "explained": explained}
            for name, (title, formula, explained) in (_phases_d() | _phases_g()).items()
        },
    }


def _phases_d() -> dict[str, tuple[str, str, str]]:
    return {
        "z_d": (
            _("Noise for the discriminator's turn"),
            "z ~ p(z)",
            _("A batch of random numbers, new for each update. Nothing else goes into the generator."),
        ),
        "fake_d": (
            _("The generator makes samples"),
            "G(z)",
            _("Forward through the generator. In this turn its weights get no gradient."),
        ),
        "real": (_("Real samples"), "x ~ data", _("As many real samples, drawn anew.")),
        "d_real": (
            _("The discriminator looks at real ones"),
            "D(x)",
            _("High is right here: the discriminator wants to recognise them."),
        ),
        "d_fake": (
            _("The discriminator looks at generated ones"),
            "D(G(z))",
            _("Low is right here, as long as it is the discriminator's turn."),
        ),
        "loss_d": (
            _("The discriminator's loss"),
            "L_D(D(x), D(G(z)))",
            _("One number: how far it is from telling the two apart. Small: it is good at it."),
        ),
        "update_d": (
            _("The discriminator learns"),
            "w_D <- w_D - step(dL_D / dw_D)",
            _("The gradient flows back to the discriminator's weights only, and the optimiser moves them a little."),
        ),
    }


def _phases_g() -> dict[str, tuple[str, str, str]]:
    return {
        "z_g": (_("Noise for the generator's turn"), "z ~ p(z)", _("A new batch of random numbers.")),
        "fake_g": (_("The generator makes samples"), "G(z)", _("Forward again, and this time the path is remembered.")),
        "d_g": (
            _("The discriminator judges them"),
            "D(G(z))",
            _("Through the discriminator as it now is. High is right here: it is the generator's turn."),
        ),
        "loss_g": (
            _("The generator's loss"),
            "L_G(D(G(z)))",
            _("How far the discriminator is from taking the generated samples for real."),
        ),
        "update_g": (
            _("The generator learns"),
            "w_G <- w_G - step(dL_G / dG(z) · dG(z) / dw_G)",
            _("The gradient passes through the discriminator, which stays as it is, into the generator's weights."),
        ),
    }
