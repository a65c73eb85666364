"""Which labelled pictures a run learns from, and what is done to them first."""

from __future__ import annotations

from dataclasses import dataclass

from core.i18n import N_
from core.settings import setting, validate

DATASETS = {
    "digits": N_("Digits (8 x 8)"),
    "mnist": "MNIST (28 x 28)",
    "fashion_mnist": "Fashion-MNIST (28 x 28)",
    "kmnist": "KMNIST (28 x 28)",
    "cifar10": N_("CIFAR-10 (32 x 32, colour)"),
}
AUGMENTATIONS = {"none": N_("None"), "shift": N_("Shift"), "shift_flip": N_("Shift and flip")}


@dataclass(frozen=True)
class DataConfig:
    """How much of a data set is trained on, what is held back, and how its labels and pictures are disturbed."""

    validation_share: float = setting(
        0.0,
        N_("Held-out share"),
        N_(
            "Share of the training pictures set aside for validation; 0 validates on the set's own test pictures. Held out: round(share x pictures). Typical: 0, or 0.1-0.2 to keep the test pictures unseen."
        ),
        minimum=0.0,
        maximum=0.5,
        step=0.05,
    )
    train_share: float = setting(
        1.0,
        N_("Training pictures used"),
        N_(
            "Share of the training pictures the network sees. Few pictures are learned by heart: the gap between the two curves opens. Used: round(share x pictures). Typical: 1; 0.02-0.1 to see overfitting."
        ),
        minimum=0.01,
        maximum=1.0,
        step=0.01,
    )
    label_noise: float = setting(
        0.0,
        N_("Label noise"),
        N_(
            "Share of the training labels replaced by a wrong class; validation labels stay true. Wrong: round(share x pictures). Typical: 0; 0.1-0.4 to see a network memorise mistakes."
        ),
        minimum=0.0,
        maximum=1.0,
        step=0.05,
    )
    augmentation: str = setting(
        "none",
        N_("Augmentation"),
        N_(
            "Disturbs each training picture anew every time it is seen. Shift: by up to a tenth of the side each way, edges filled with the darkest value; flip: half of them left to right. Typical: shift for digits, shift and flip for photos."
        ),
        choices=AUGMENTATIONS,
    )

    def __post_init__(self) -> None:
        validate(self)
