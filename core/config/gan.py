"""A run of the GAN page: a generator and a discriminator that learn from each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from core.config.gan_data import GAN_DATASETS, PLANE, GANDataConfig
from core.config.gan_loss import GAN_LOSSES, LOSS_CONSTANTS, GANLossConfig
from core.config.gan_players import DiscriminatorConfig, GeneratorConfig, LatentConfig
from core.config.run import OPTIMIZER_EDITS, RunConfig
from core.config.training import OPTIMIZERS, OptimizerConfig, ScheduleConfig
from core.errors import ConfigError
from core.i18n import N_
from core.settings import setting

__all__ = [
    "GAN_DATASETS",
    "GAN_LOSSES",
    "LOSS_CONSTANTS",
    "PLANE",
    "PLAYERS",
    "ROUNDS",
    "DiscriminatorConfig",
    "GANDataConfig",
    "GANLossConfig",
    "GANRunConfig",
    "GeneratorConfig",
    "LatentConfig",
]

ROUNDS = 100  # of an epoch where data are drawn without end
PLAYERS = {"both": N_("Both"), "discriminator": N_("Discriminator only"), "generator": N_("Generator only")}


def _adam() -> OptimizerConfig:
    """Radford et al., 2016: less memory of the mean than usual."""
    return OptimizerConfig(beta1=0.5)


@dataclass(frozen=True)
class GANRunConfig(RunConfig):
    """Two players with their data. ``optimizer`` is the generator's."""

    EDITABLE: ClassVar[tuple[str, ...]] = (
        *OPTIMIZER_EDITS,
        *(f"discriminator_{name}" for name in OPTIMIZER_EDITS),
        "steps_d",
        "steps_g",
        "players",
        "loss.real_label",
        "loss.penalty",
        "loss.clip",
        "batch_size",
        "clip_norm",
        "data.points",
        "data.spread",
        "stop.target_loss",
        "stop.patience",
        "stop.seconds",
    )

    page: str = setting("gan", N_("Page"), N_("The page that made this run."), choices={"gan": "GAN"})
    dataset: str = setting(
        "ring",
        N_("Data set"),
        N_(
            "What the generator is to imitate. In the plane, points are drawn anew for every step; pictures: digits of 8 x 8 that come with scikit-learn, MNIST and Fashion-MNIST of 28 x 28."
        ),
        choices=GAN_DATASETS,
    )
    data: GANDataConfig = field(default_factory=GANDataConfig)
    latent: LatentConfig = field(default_factory=LatentConfig)
    generator: GeneratorConfig = field(default_factory=GeneratorConfig)
    discriminator: DiscriminatorConfig = field(default_factory=DiscriminatorConfig)
    conditional: bool = setting(
        False,
        N_("Told the class"),
        N_(
            "Both players are told which class a picture is to show, so that one can ask for a digit. Input: the noise or the picture, and the class as one-hot. Typical: off."
        ),
    )
    loss: GANLossConfig = field(default_factory=GANLossConfig)
    optimizer: OptimizerConfig = field(default_factory=_adam)
    discriminator_optimizer: OptimizerConfig = field(default_factory=_adam)
    schedule: ScheduleConfig = field(default_factory=lambda: ScheduleConfig(name="linear", warmup=0.0))
    steps_d: int = setting(
        1,
        N_("Discriminator updates"),
        N_(
            "Updates of the discriminator in each round, each on real samples of its own. Typical: 1; 5 for Wasserstein."
        ),
        minimum=1,
        maximum=20,
        step=1,
    )
    steps_g: int = setting(
        1,
        N_("Generator updates"),
        N_("Updates of the generator in each round, after those of the discriminator. Typical: 1."),
        minimum=1,
        maximum=20,
        step=1,
    )
    players: str = setting(
        "both",
        N_("Who learns"),
        N_("Who is updated in a round; the other one stands still and is only measured. Typical: both."),
        choices=PLAYERS,
    )
    batch_size: int = setting(
        256,
        N_("Batch size"),
        N_(
            "Real and generated samples in each update. Rounds per epoch: 100 in the plane, ceil(pictures / (batch size x discriminator updates)) for pictures. Typical: 64-256."
        ),
        minimum=2,
        maximum=4096,
        step=1,
    )
    epochs: int = setting(
        40,
        N_("Epochs"),
        N_(
            "How often 100 rounds are played (plane), or as many as show the discriminator all pictures once. Rounds: epochs x rounds per epoch. Typical: 50-200."
        ),
        minimum=1,
        maximum=1000,
        step=1,
    )
    precision: str = setting(
        "float32",
        N_("Precision"),
        N_(
            "How many bits the arithmetic keeps. float32: 24 bits; TF32: 11 inside matrix products of a GPU. Two players near a balance bear less rounding than one. Typical: float32."
        ),
        choices={"float32": "float32", "tf32": N_("TF32 (GPU)")},
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.dataset in PLANE:
            self._check_plane()

    def _check_plane(self) -> None:
        for player in ("generator", "discriminator"):
            if getattr(self, player).kind != "mlp":
                raise ConfigError(
                    f"{player}.kind", N_("{field} must be dense layers (mlp): points in the plane have no pixels.")
                )
        if self.conditional:
            raise ConfigError(
                "conditional", N_("{field} needs data with classes; points in the plane have none. Switch it off.")
            )
        if self.dataset == "drawn" and not self.data.points:
            raise ConfigError("data.points", N_("Nothing is drawn. Put down at least one point."))

    @property
    def in_plane(self) -> bool:
        """Whether samples are points (x, y) rather than pictures."""
        return self.dataset in PLANE

    @property
    def title(self) -> str:
        """``Ring of 8, non-saturating, Adam 0.001``."""
        loss, name = GAN_LOSSES[self.loss.name].lower(), OPTIMIZERS[self.optimizer.name]
        return f"{GAN_DATASETS[self.dataset].split(' (')[0]}, {loss}, {name} {self.optimizer.learning_rate:g}"
