"""A run of the CNN page: pictures in, classes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from core.config.data import DATASETS, DataConfig
from core.config.network import CNNConfig
from core.config.run import OPTIMIZER_EDITS, STOP_EDITS, RunConfig
from core.config.training import OPTIMIZERS, LossConfig
from core.i18n import N_
from core.settings import setting


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
            "The labelled pictures the network learns from. Digits: 1,797 handwritten digits that come with scikit-learn. MNIST, Fashion-MNIST and KMNIST: 70,000 grey pictures each. CIFAR-10: 60,000 small colour photos."
        ),
        choices=DATASETS,
    )
    data: DataConfig = field(default_factory=DataConfig)
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

    @property
    def title(self) -> str:
        """``Digits, conv 16-32, Adam 0.001``."""
        dataset = DATASETS[self.dataset].split(" (")[0]
        channels = "-".join(str(block.channels) for block in self.model.blocks)
        return f"{dataset}, conv {channels}, {OPTIMIZERS[self.optimizer.name]} {self.optimizer.learning_rate:g}"
