"""What a run is: one frozen, complete, versioned value.

The same :class:`RunConfig` goes to the worker, the URL, the store and the exported script. It imports
no torch. Values out of range are refused on construction, so a config that exists can be trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.errors import ConfigError
from core.i18n import N_
from core.settings import from_dict, setting, to_dict, validate

CONFIG_VERSION = 1

ACTIVATIONS = {
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "gelu": "GELU",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "none": N_("None"),
}
POOLINGS = {"none": N_("None"), "max": N_("Max"), "average": N_("Average")}
OPTIMIZERS = {"sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "adagrad": "Adagrad"}
USES_MOMENTUM = frozenset({"sgd", "rmsprop"})
EDITABLE = (  # what can be changed while a run is on
    "optimizer.learning_rate",
    "optimizer.momentum",
    "optimizer.weight_decay",
    "batch_size",
    "model.dropout",
)
DEVICES = {"auto": N_("Automatic"), "cpu": "CPU", "cuda": "GPU"}
DATASETS = {"digits": N_("Digits (8 x 8)"), "mnist": "MNIST (28 x 28)", "fashion_mnist": "Fashion-MNIST (28 x 28)"}


@dataclass(frozen=True)
class ConvBlock:
    """Convolution, activation, pooling: one block of the feature extractor."""

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
    activation: str = setting(
        "relu",
        N_("Activation"),
        N_(
            "The non-linearity after the layer; without it, stacked layers collapse into one. ReLU: max(0, x). Typical: ReLU or GELU."
        ),
        choices=ACTIVATIONS,
    )
    pooling: str = setting(
        "none",
        N_("Pooling"),
        N_(
            "Shrinks each feature map by keeping the maximum or the average of each window. Output side: floor(side / size). Typical: max, size 2."
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

    def __post_init__(self) -> None:
        validate(self)


@dataclass(frozen=True)
class OptimizerConfig:
    """The rule that turns gradients into updates, and its constants."""

    name: str = setting(
        "adam",
        N_("Optimiser"),
        N_(
            "The rule that turns gradients into weight updates. SGD: w <- w - lr x gradient. Adam divides by a running size of the gradient. Typical: Adam, or SGD with momentum."
        ),
        choices=OPTIMIZERS,
    )
    learning_rate: float = setting(
        0.001,
        N_("Learning rate"),
        N_(
            "Step size of each update; can be changed while the run goes on. w <- w - lr x gradient. Typical: 0.001 for Adam, 0.01-0.1 for SGD."
        ),
        minimum=0.0,
        maximum=1e10,
    )
    momentum: float = setting(
        0.9,
        N_("Momentum"),
        N_(
            "Share of the last update kept in the next one. v <- momentum x v + gradient; w <- w - lr x v. Used by SGD and RMSprop. Typical: 0-0.99."
        ),
        minimum=0.0,
        maximum=0.999,
        step=0.05,
    )
    weight_decay: float = setting(
        0.0,
        N_("Weight decay"),
        N_(
            "Pulls every weight towards zero at each step. Gradient + decay x w; AdamW: w <- w - lr x decay x w. Typical: 0-0.01."
        ),
        minimum=0.0,
        maximum=10.0,
    )

    def __post_init__(self) -> None:
        validate(self)


@dataclass(frozen=True)
class RunConfig:
    """Everything a run depends on. Same config and same edits, same numbers."""

    version: int = setting(
        CONFIG_VERSION,
        N_("Version"),
        N_("Version of the settings' format."),
        minimum=CONFIG_VERSION,
        maximum=CONFIG_VERSION,
    )
    page: str = setting("cnn", N_("Page"), N_("The page that made this run."), choices={"cnn": "CNN"})
    dataset: str = setting(
        "digits",
        N_("Data set"),
        N_(
            "The labelled pictures the network learns from. Digits: 1,797 handwritten digits that come with scikit-learn. MNIST and Fashion-MNIST: 70,000 each."
        ),
        choices=DATASETS,
    )
    model: CNNConfig = field(default_factory=CNNConfig)
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    batch_size: int = setting(
        64,
        N_("Batch size"),
        N_(
            "Pictures per optimiser step. Steps per epoch: ceil(pictures / batch size). Small is noisy, large is smooth. Typical: 16-256."
        ),
        minimum=1,
        maximum=4096,
        step=1,
    )
    epochs: int = setting(
        100,
        N_("Epochs"),
        N_("How often the whole training set is seen. Steps: epochs x steps per epoch. Typical: 5-100."),
        minimum=1,
        maximum=200,
        step=1,
    )
    seed: int = setting(
        0,
        N_("Seed"),
        N_(
            "Start of the random numbers: initial weights, order of the pictures, dropout. Same seed and settings, same run. Any whole number."
        ),
        minimum=0,
        maximum=2**31 - 1,
        step=1,
    )
    device: str = setting(
        "auto",
        N_("Device"),
        N_(
            "Where the arithmetic happens. Automatic takes the GPU where there is one. Results differ in the last digits between devices."
        ),
        choices=DEVICES,
    )
    threads: int = setting(
        0,
        N_("Threads"),
        N_(
            "CPU threads of the run; 0 lets the server choose. Another number of threads gives the same curve up to rounding. Typical: 1 to the number of cores."
        ),
        minimum=0,
        maximum=256,
        step=1,
    )

    def __post_init__(self) -> None:
        validate(self)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready values; :func:`load` reads them back."""
        return to_dict(self)

    def with_value(self, path: str, value: Any) -> RunConfig:
        """A copy with the value at dotted ``path`` replaced (``optimizer.learning_rate``)."""
        values = self.to_dict()
        *parents, last = path.split(".")
        target: Any = values
        try:
            for name in parents:
                target = target[int(name)] if isinstance(target, list) else target[name]
            if isinstance(target, list):
                target[int(last)] = value
            elif last in target:
                target[last] = value
            else:
                raise KeyError(last)
        except (KeyError, IndexError, ValueError, TypeError):
            raise ConfigError(path, N_("{field} is not a setting this version knows.")) from None
        return load(values)

    def resolved(self, *, device: str, threads: int) -> RunConfig:
        """A copy in which nothing is left to the machine's choice."""
        return replace(self, device=device, threads=threads)


# version -> function that turns a config of that version into one of the next
MIGRATIONS: Mapping[int, Any] = {}


def load(values: Mapping[str, Any]) -> RunConfig:
    """A :class:`RunConfig` from JSON values of any version; raises :class:`ConfigError`."""
    version = values.get("version", CONFIG_VERSION) if isinstance(values, Mapping) else CONFIG_VERSION
    while version in MIGRATIONS:
        values = MIGRATIONS[version](values)
        version = values["version"]
    return from_dict(RunConfig, values)


def may_edit(config: RunConfig, name: str) -> bool:
    """Whether a run of ``config`` that is on can take over another ``name``."""
    return name in EDITABLE and (name != "optimizer.momentum" or config.optimizer.name in USES_MOMENTUM)


def check_editable(config: RunConfig, name: str) -> None:
    """Raises :class:`ConfigError` where ``name`` cannot be changed in a run of ``config`` that is on."""
    if name not in EDITABLE:
        raise ConfigError(name, N_("{field} cannot be changed while a run is on."))
    if not may_edit(config, name):
        raise ConfigError(
            name, N_("{optimizer} has no momentum to change."), optimizer=OPTIMIZERS[config.optimizer.name]
        )
