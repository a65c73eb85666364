"""A run of the GAN page: a generator and a discriminator that learn from each other."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

from core.config.run import OPTIMIZER_EDITS, RunConfig
from core.config.training import OPTIMIZERS, OptimizerConfig, ScheduleConfig
from core.errors import ConfigError
from core.i18n import N_
from core.settings import setting, validate

PLANE = {
    "line": N_("Line"),
    "ring": N_("Ring of 8"),
    "grid": N_("Grid of 25"),
    "spiral": N_("Spiral"),
    "disjoint": N_("Two strokes apart"),
    "drawn": N_("Drawn by hand"),
}
IMAGES = {"digits": N_("Digits (8 x 8)"), "mnist": "MNIST (28 x 28)", "fashion_mnist": "Fashion-MNIST (28 x 28)"}
GAN_DATASETS = PLANE | IMAGES
ROUNDS = 100  # of an epoch where data are drawn without end
LARGEST = 1.5  # coordinate of a point that is drawn by hand
KINDS = {"mlp": N_("Dense layers"), "dcgan": N_("Convolutions (DCGAN)")}
DISTRIBUTIONS = {"gaussian": N_("Gaussian"), "uniform": N_("Uniform")}
PLAYERS = {"both": N_("Both"), "discriminator": N_("Discriminator only"), "generator": N_("Generator only")}
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
GAN_ACTIVATIONS = {
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "elu": "ELU",
    "silu": "SiLU",
    "gelu": "GELU",
    "tanh": "Tanh",
}
HIDDEN_HELP = N_(
    "Units of each dense layer between input and output. Parameters: units x (inputs + 1). Typical: 2-3 layers of 64-256."
)
CHANNELS_HELP = N_(
    "Channels at half of the picture's side; at a quarter there are twice as many. Parameters: 16 x channels x 2 channels, and as many again for what lies beside. Typical: 16-64."
)
KIND_HELP = N_(
    "What the network is made of. Dense layers see all numbers at once; a DCGAN halves or doubles the side with convolutions of 4 x 4 and stride 2. Points in the plane take dense layers. Typical: dense for 8 x 8, DCGAN for 28 x 28."
)
ACTIVATION_HELP = N_(
    "The non-linearity after each hidden layer. LeakyReLU: x, or 0.2 x where x < 0, so that gradients get through to the generator. Typical: LeakyReLU."
)


def _heart() -> tuple[tuple[float, float], ...]:
    """The drawing to start with."""
    angles = (2 * math.pi * number / 60 for number in range(60))
    return tuple(
        (
            round(math.sin(t) ** 3, 3),
            round((13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)) / 16, 3),
        )
        for t in angles
    )


@dataclass(frozen=True)
class GANDataConfig:
    """What the real points of the plane are; pictures need none of it."""

    points: tuple[tuple[float, float], ...] = setting(
        _heart(),
        N_("Drawn points"),
        N_("The real points, put down by hand: up to 2,000, each x and y from -1.5 to 1.5. Only for the drawn data."),
        minimum=-LARGEST,
        maximum=LARGEST,
        count=(0, 2_000),
    )
    spread: float = setting(
        0.05,
        N_("Spread"),
        N_(
            "Standard deviation of the noise around each mode, curve or drawn point. x <- x + spread x N(0, 1). Typical: 0.02-0.1."
        ),
        minimum=0.0,
        maximum=0.5,
        step=0.01,
    )

    def __post_init__(self) -> None:
        validate(self)
        for number, point in enumerate(self.points):
            if len(point) != 2:
                raise ConfigError(f"data.points.{number}", N_("{field} must be two numbers, x and y."))


@dataclass(frozen=True)
class LatentConfig:
    """The noise that the generator makes samples of."""

    dimension: int = setting(
        8,
        N_("Latent dimension"),
        N_(
            "How many random numbers the generator is given for each sample. With 1 or 2 its whole input can be drawn as a warped grid. Typical: 1-8 for the plane, 16-64 for pictures."
        ),
        minimum=1,
        maximum=64,
        step=1,
    )
    distribution: str = setting(
        "gaussian",
        N_("Latent noise"),
        N_("How these numbers are drawn. Gaussian: N(0, 1); uniform: from -1 to 1. Typical: Gaussian."),
        choices=DISTRIBUTIONS,
    )

    def __post_init__(self) -> None:
        validate(self)


def _hidden() -> tuple[int, ...]:
    made: tuple[int, ...] = setting(
        (128, 128, 128), N_("Dense layers"), HIDDEN_HELP, minimum=1, maximum=1024, step=1, count=(1, 6)
    )
    return made


def _channels() -> int:
    made: int = setting(32, N_("Channels"), CHANNELS_HELP, minimum=4, maximum=128, step=4)
    return made


def _activation() -> str:
    made: str = setting("leaky_relu", N_("Activation"), ACTIVATION_HELP, choices=GAN_ACTIVATIONS)
    return made


def _kind() -> str:
    made: str = setting("mlp", N_("Kind"), KIND_HELP, choices=KINDS)
    return made


@dataclass(frozen=True)
class GeneratorConfig:
    """The player that makes samples."""

    kind: str = _kind()
    hidden: tuple[int, ...] = _hidden()
    channels: int = _channels()
    activation: str = _activation()
    batch_norm: bool = setting(
        False,
        N_("Batch normalisation"),
        N_(
            "Brings each hidden value to mean 0 and spread 1 over the batch before the activation. (x - mean) / sqrt(var + 1e-5) x gamma + beta. Typical: on in a DCGAN, off in the plane."
        ),
    )

    def __post_init__(self) -> None:
        validate(self)


@dataclass(frozen=True)
class DiscriminatorConfig:
    """The player that tells real from generated."""

    kind: str = _kind()
    hidden: tuple[int, ...] = _hidden()
    channels: int = _channels()
    activation: str = _activation()
    spectral_norm: bool = setting(
        False,
        N_("Spectral normalisation"),
        N_(
            "Divides each weight matrix by its largest singular value, so that the discriminator cannot become steep. W / sigma(W), Miyato et al., 2018. Typical: on with the hinge loss."
        ),
    )

    def __post_init__(self) -> None:
        validate(self)


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
