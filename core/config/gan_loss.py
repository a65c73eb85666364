"""What the two players of the GAN page want."""

from __future__ import annotations

from dataclasses import dataclass

from core.i18n import N_
from core.settings import setting, validate

GAN_LOSSES = {
    "minimax": N_("Minimax"),
    "non_saturating": N_("Non-saturating"),
    "least_squares": N_("Least squares"),
    "hinge": N_("Hinge"),
    "wgan_clip": N_("Wasserstein, clipped weights"),
    "wgan_gp": N_("Wasserstein, gradient penalty"),
}
LOSS_CONSTANTS: dict[str, tuple[str, ...]] = {
    "minimax": ("real_label",),
    "non_saturating": ("real_label",),
    "least_squares": ("real_label",),
    "hinge": (),
    "wgan_clip": ("clip",),
    "wgan_gp": ("penalty",),
}


@dataclass(frozen=True)
class GANLossConfig:
    """What each player wants."""

    name: str = setting(
        "non_saturating",
        N_("Loss"),
        N_(
            "What the players want. Minimax: D raises log D(x) + log(1 - D(G(z))), G lowers it; non-saturating: G raises log D(G(z)), with stronger gradients while it loses; least squares: (D - 1)² and D²; hinge: max(0, 1 - D) and max(0, 1 + D); Wasserstein: the difference of the means, for a D that is not steep. Typical: non-saturating."
        ),
        choices=GAN_LOSSES,
    )
    real_label: float = setting(
        1.0,
        N_("Real label"),
        N_(
            "What the discriminator is to say of real samples; below 1 it is never quite sure, which keeps gradients for the generator (one-sided label smoothing). Best D where both are alike: label / 2. Typical: 0.9-1."
        ),
        minimum=0.5,
        maximum=1.0,
        step=0.05,
    )
    penalty: float = setting(
        10.0,
        N_("Gradient penalty"),
        N_(
            "How strongly the discriminator's slope between real and generated samples is held at 1. Loss + penalty x (|dD/dx| - 1)². Typical: 10; 0.1-1 in the plane."
        ),
        minimum=0.0,
        maximum=1000.0,
        step=0.5,
    )
    clip: float = setting(
        0.01,
        N_("Clip value"),
        N_("Every weight of the discriminator is put back between -clip and clip after its update. Typical: 0.01-0.1."),
        minimum=0.0001,
        maximum=1.0,
        step=0.01,
    )

    def __post_init__(self) -> None:
        validate(self)
