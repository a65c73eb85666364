"""What a playground network is made of, what counts as wrong, and what large weights cost."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.config.network import ACTIVATIONS, INITIALIZATIONS, NORMALIZATIONS
from core.i18n import N_
from core.settings import setting, validate

MLP_LOSSES = {
    "mse": N_("Squared error"),
    "cross_entropy": N_("Cross-entropy"),
    "bce": N_("Binary cross-entropy"),
    "hinge": N_("Hinge"),
}
MLP_NORMALIZATIONS = {name: NORMALIZATIONS[name] for name in ("none", "batch", "layer")}


@dataclass(frozen=True)
class MLPLayer:
    """A hidden layer."""

    neurons: int = setting(
        4,
        N_("Neurons"),
        N_("How many neurons the layer has. Parameters: neurons x (inputs + 1). Typical: 2-8."),
        minimum=1,
        maximum=32,
        step=1,
    )
    activation: str = setting(
        "tanh",
        N_("Activation"),
        N_(
            "The non-linearity of the layer's neurons; without it, stacked layers collapse into one. Tanh bends smoothly, ReLU (max(0, x)) gives straight edges. Typical: tanh or ReLU."
        ),
        choices=ACTIVATIONS,
    )

    def __post_init__(self) -> None:
        validate(self)


@dataclass(frozen=True)
class MLPConfig:
    """Hidden layers one after the other; the output layer follows from data and loss."""

    layers: tuple[MLPLayer, ...] = field(
        default=(MLPLayer(4), MLPLayer(2)),
        metadata={
            "setting": setting(
                None,
                N_("Hidden layers"),
                N_(
                    "How many layers stand between the inputs and the output; without any, the network can only draw a straight line in its inputs. Typical: 1-4."
                ),
                count=(0, 8),
            ).metadata["setting"]
        },
    )
    dropout: float = setting(
        0.0,
        N_("Dropout"),
        N_(
            "Share of each hidden layer's outputs set to zero at random in each training step, the rest divided by (1 - p). Fights overfitting. Typical: 0-0.3 in networks this small."
        ),
        minimum=0.0,
        maximum=0.9,
        step=0.05,
    )
    normalization: str = setting(
        "none",
        N_("Normalisation"),
        N_(
            "Brings the sums of a hidden layer to mean 0 and spread 1 before its activation: for each neuron over the batch, or for each point over the layer. (x - mean) / sqrt(var + 1e-5) x gamma + beta. Typical: none; batch in deep networks."
        ),
        choices=MLP_NORMALIZATIONS,
    )
    initialization: str = setting(
        "default",
        N_("Initial weights"),
        N_(
            "Where learning starts. He: normal with std sqrt(2 / inputs), made for ReLU; Xavier: uniform within sqrt(6 / (inputs + outputs)), made for tanh; PyTorch's own: uniform within 1 / sqrt(inputs). Typical: PyTorch's own; the last three show what goes wrong."
        ),
        choices=INITIALIZATIONS,
    )
    skip: bool = setting(
        False,
        N_("Skip connections"),
        N_(
            "A hidden layer with as many neurons as inputs adds its input to its output, so that gradients have a short way back: y = f(x) + x. Typical: on in deep networks of equal width."
        ),
    )

    def __post_init__(self) -> None:
        validate(self)


@dataclass(frozen=True)
class MLPLossConfig:
    """What counts as wrong, and by how much."""

    name: str = setting(
        "mse",
        N_("Loss"),
        N_(
            "How wrong an answer is. Squared error: (tanh(output) - target)² / 2 with targets -1 and 1, as TensorFlow Playground has it. Cross-entropy: -log softmax of the true class; binary cross-entropy: the same with a sigmoid for each class. Hinge: max(0, 1 - target x output). Regression takes the squared error. Typical: cross-entropy."
        ),
        choices=MLP_LOSSES,
    )

    def __post_init__(self) -> None:
        validate(self)


@dataclass(frozen=True)
class PenaltyConfig:
    """What large weights cost; biases are free."""

    l1: float = setting(
        0.0,
        N_("L1 penalty"),
        N_(
            "Price of each weight's size; pushes weights that are not needed to zero. Loss + L1 x sum of |w|. Typical: 0, or 0.001-0.01."
        ),
        minimum=0.0,
        maximum=10.0,
        step=0.001,
    )
    l2: float = setting(
        0.0,
        N_("L2 penalty"),
        N_("Price of large weights; keeps the map smooth. Loss + L2 / 2 x sum of w². Typical: 0, or 0.001-0.01."),
        minimum=0.0,
        maximum=10.0,
        step=0.001,
    )

    def __post_init__(self) -> None:
        validate(self)
