"""What the two players of the GAN page are made of, and the noise that samples are made of."""

from __future__ import annotations

from dataclasses import dataclass

from core.config.network import ACTIVATIONS
from core.i18n import N_
from core.settings import setting, validate

KINDS = {"mlp": N_("Dense layers"), "dcgan": N_("Convolutions (DCGAN)")}
DISTRIBUTIONS = {"gaussian": N_("Gaussian"), "uniform": N_("Uniform")}
GAN_ACTIVATIONS = {name: ACTIVATIONS[name] for name in ("relu", "leaky_relu", "elu", "silu", "gelu", "tanh")}
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
