"""What the network is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.i18n import N_
from core.settings import setting, validate

ACTIVATIONS = {
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "elu": "ELU",
    "silu": "SiLU",
    "gelu": "GELU",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "none": N_("None"),
}
POOLINGS = {"none": N_("None"), "max": N_("Max"), "average": N_("Average"), "global": N_("Global average")}
NORMALIZATIONS = {"none": N_("None"), "batch": N_("Batch"), "layer": N_("Layer"), "group": N_("Group")}
CONVOLUTIONS = {"standard": N_("Standard"), "depthwise": N_("Depthwise separable")}
INITIALIZATIONS = {
    "default": N_("PyTorch's own"),
    "kaiming": N_("He (Kaiming) normal"),
    "xavier": N_("Xavier (Glorot) uniform"),
    "orthogonal": N_("Orthogonal"),
    "small": N_("Too small (normal, 0.001)"),
    "large": N_("Too large (normal, 1)"),
    "zero": N_("All zero"),
}


@dataclass(frozen=True)
class ConvBlock:
    """Convolutions with normalisation and activation, perhaps a skip connection around them, then pooling."""

    channels: int = setting(
        16,
        N_("Channels"),
        N_(
            "How many filters the layer learns; each gives one feature map. Parameters: channels x (inputs x kernel² + 1). Typical: 8-128."
        ),
        minimum=1,
        maximum=512,
        step=1,
    )
    kernel_size: int = setting(
        3,
        N_("Kernel"),
        N_(
            "Side of the square window that slides over the picture. Output side: floor((side + 2 x padding - kernel) / stride) + 1. Typical: 3 or 5."
        ),
        minimum=1,
        maximum=11,
        step=1,
    )
    stride: int = setting(
        1,
        N_("Stride"),
        N_(
            "How many pixels the window moves at a time; 2 halves the side. Output side: floor((side + 2 x padding - kernel) / stride) + 1. Typical: 1 or 2."
        ),
        minimum=1,
        maximum=4,
        step=1,
    )
    padding: int = setting(
        1,
        N_("Padding"),
        N_("Rings of zeros put around the picture. (kernel - 1) / 2 keeps the side at stride 1. Typical: 0-2."),
        minimum=0,
        maximum=5,
        step=1,
    )
    convolutions: int = setting(
        1,
        N_("Convolutions"),
        N_(
            "How many convolutions follow one another in the block; the first one has the stride. Two of 3 x 3 see as far as one of 5 x 5, with fewer parameters. Typical: 1-2."
        ),
        minimum=1,
        maximum=4,
        step=1,
    )
    convolution: str = setting(
        "standard",
        N_("Kind"),
        N_(
            "Standard: every filter looks at all input channels. Depthwise separable: one filter a channel, then 1 x 1 to mix them. Weights: inputs x (kernel² + channels) instead of inputs x channels x kernel². Typical: standard; depthwise in networks for phones."
        ),
        choices=CONVOLUTIONS,
    )
    normalization: str = setting(
        "none",
        N_("Normalisation"),
        N_(
            "Brings the values to mean 0 and spread 1 before the activation, then scales and shifts them by learned numbers: over the batch for each channel, over all channels of a picture, or over groups of channels. (x - mean) / sqrt(var + 1e-5) x gamma + beta. Typical: batch."
        ),
        choices=NORMALIZATIONS,
    )
    activation: str = setting(
        "relu",
        N_("Activation"),
        N_(
            "The non-linearity after the layer; without it, stacked layers collapse into one. ReLU: max(0, x). Typical: ReLU or GELU."
        ),
        choices=ACTIVATIONS,
    )
    skip: bool = setting(
        False,
        N_("Skip connection"),
        N_(
            "Adds the block's input to what its convolutions make of it, so that gradients have a short way back: y = f(x) + x. Where the shapes differ, a 1 x 1 convolution fits x. Typical: on for three blocks and more."
        ),
    )
    pooling: str = setting(
        "none",
        N_("Pooling"),
        N_(
            "Shrinks each feature map by keeping the maximum or the average of each window; global keeps one number a map. Output side: floor(side / size), or 1. Typical: max, size 2."
        ),
        choices=POOLINGS,
    )
    pool_size: int = setting(
        2,
        N_("Pool size"),
        N_("Side of the pooling window, which is also its stride. Output side: floor(side / size). Typical: 2."),
        minimum=2,
        maximum=4,
        step=1,
    )

    def __post_init__(self) -> None:
        validate(self)


@dataclass(frozen=True)
class CNNConfig:
    """A small convolutional classifier: conv blocks, then a dense head."""

    blocks: tuple[ConvBlock, ...] = field(
        default=(ConvBlock(channels=16), ConvBlock(channels=32, pooling="max")),
        metadata={
            "setting": setting(
                None,
                N_("Conv blocks"),
                N_(
                    "How many blocks of convolution, activation and pooling follow one another. Depth widens what a unit sees. Typical: 2-4."
                ),
                count=(1, 8),
            ).metadata["setting"]
        },
    )
    hidden: tuple[int, ...] = setting(
        (64,),
        N_("Dense layers"),
        N_(
            "Units of each fully connected layer between the feature maps and the classes. Parameters: units x (inputs + 1). Typical: 0-2 layers of 32-256."
        ),
        minimum=1,
        maximum=4096,
        step=1,
        count=(0, 4),
    )
    activation: str = setting(
        "relu",
        N_("Dense activation"),
        N_("The non-linearity after each dense layer. ReLU: max(0, x). Typical: ReLU or GELU."),
        choices=ACTIVATIONS,
    )
    dropout: float = setting(
        0.0,
        N_("Dropout"),
        N_(
            "Share of the dense inputs set to zero at random in each training step, the rest divided by (1 - p). Fights overfitting. Typical: 0-0.5."
        ),
        minimum=0.0,
        maximum=0.9,
        step=0.05,
    )
    initialization: str = setting(
        "default",
        N_("Initial weights"),
        N_(
            "Where learning starts. He: normal with std sqrt(2 / inputs), made for ReLU; Xavier: uniform within sqrt(6 / (inputs + outputs)), made for tanh; PyTorch's own: uniform within 1 / sqrt(inputs). Typical: PyTorch's own; the last three show what goes wrong."
        ),
        choices=INITIALIZATIONS,
    )

    def __post_init__(self) -> None:
        validate(self)
