"""A run of the CNN page: pictures in, classes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from core.config.augmentation import RecipeConfig
from core.config.data import DATASETS, DataConfig
from core.config.network import CNNConfig
from core.config.rnn import SHA256
from core.config.run import OPTIMIZER_EDITS, STOP_EDITS, RunConfig
from core.config.training import OPTIMIZERS, LossConfig
from core.errors import ConfigError
from core.i18n import N_
from core.settings import setting

OWN = "pictures"  # a visitor's own
CHOICES = DATASETS | {OWN: N_("Own pictures (colour)")}


@dataclass(frozen=True)
class CNNRunConfig(RunConfig):
    """A convolutional classifier with its pictures."""

    EDITABLE: ClassVar[tuple[str, ...]] = (
        *OPTIMIZER_EDITS,
        "batch_size",
        "clip_norm",
        "loss.label_smoothing",
        "model.dropout",
        *STOP_EDITS,
    )

    page: str = setting("cnn", N_("Page"), N_("The page that made this run."), choices={"cnn": "CNN"})
    dataset: str = setting(
        "digits",
        N_("Data set"),
        N_(
            "The labelled pictures the network learns from. Digits: 1,797 handwritten digits that come with scikit-learn. MNIST, Fashion-MNIST and KMNIST: 70,000 grey pictures each. CIFAR-10: 60,000 small colour photos. Own pictures: an album with classes."
        ),
        choices=CHOICES,
    )
    pictures: str = setting(
        "",
        N_("Own pictures"),
        N_(
            "Fingerprint of the labelled pictures that are learned from, where the data set is your own; empty: the drawn shapes. A fifth of each class is set aside for validation."
        ),
    )
    side: int = setting(
        32,
        N_("Side"),
        N_(
            "Pixels that own pictures are shrunk to each way. Arithmetic grows with the square: 64 takes four times as long as 32. Typical: 32-64."
        ),
        minimum=16,
        maximum=64,
        step=16,
    )
    data: DataConfig = field(default_factory=DataConfig)
    recipe: RecipeConfig = setting(  # noqa: RUF009 - frozen, so one default serves all
        RecipeConfig(),
        N_("Augmentation recipe"),
        N_(
            "Transforms of torchvision that each training picture goes through anew every time it is seen; validation pictures stay as they are. Built on the augmentation page. Typical: shifts and small rotations for digits, crops, flips and colour for photos."
        ),
    )
    model: CNNConfig = field(default_factory=CNNConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    ema_decay: float = setting(
        0.0,
        N_("Averaged weights"),
        N_(
            "Validates with a running average of the weights, which is calmer than the weights themselves; 0: off. a <- decay x a + (1 - decay) x w after each step. Typical: 0, or 0.99-0.999."
        ),
        minimum=0.0,
        maximum=0.9999,
        step=0.01,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.pictures, str) or (self.pictures and not SHA256.fullmatch(self.pictures)):
            raise ConfigError("pictures", N_("{field} is no fingerprint of a set of pictures."))

    @property
    def title(self) -> str:
        """``Digits, conv 16-32, Adam 0.001``."""
        dataset = CHOICES[self.dataset].split(" (")[0]
        channels = "-".join(str(block.channels) for block in self.model.blocks)
        return f"{dataset}, conv {channels}, {OPTIMIZERS[self.optimizer.name]} {self.optimizer.learning_rate:g}"
