"""What a run is: one frozen, complete, versioned value.

The same :class:`RunConfig` goes to the worker, the URL, the store and the exported script. It imports
no torch. Values out of range are refused on construction, so a config that exists can be trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.config.data import AUGMENTATIONS, DATASETS, DataConfig
from core.config.network import (
    ACTIVATIONS,
    CONVOLUTIONS,
    INITIALIZATIONS,
    NORMALIZATIONS,
    POOLINGS,
    CNNConfig,
    ConvBlock,
)
from core.config.training import (
    FUSED,
    LOSSES,
    OPTIMIZER_CONSTANTS,
    OPTIMIZERS,
    SCHEDULE_CONSTANTS,
    SCHEDULES,
    LossConfig,
    OptimizerConfig,
    ScheduleConfig,
    StopConfig,
)
from core.errors import ConfigError
from core.i18n import N_
from core.settings import from_dict, setting, to_dict, validate

__all__ = [
    "ACTIVATIONS",
    "AUGMENTATIONS",
    "CONFIG_VERSION",
    "CONVOLUTIONS",
    "DATASETS",
    "DEVICES",
    "EDITABLE",
    "FUSED",
    "INITIALIZATIONS",
    "LOSSES",
    "NORMALIZATIONS",
    "OPTIMIZERS",
    "OPTIMIZER_CONSTANTS",
    "POOLINGS",
    "PRECISIONS",
    "SCHEDULES",
    "SCHEDULE_CONSTANTS",
    "CNNConfig",
    "ConvBlock",
    "DataConfig",
    "LossConfig",
    "OptimizerConfig",
    "RunConfig",
    "ScheduleConfig",
    "StopConfig",
    "check_editable",
    "load",
    "may_edit",
]

CONFIG_VERSION = 2

EDITABLE = (  # what can be changed while a run is on
    "optimizer.learning_rate",
    "optimizer.momentum",
    "optimizer.nesterov",
    "optimizer.beta1",
    "optimizer.beta2",
    "optimizer.alpha",
    "optimizer.rho",
    "optimizer.weight_decay",
    "batch_size",
    "clip_norm",
    "loss.label_smoothing",
    "model.dropout",
    "stop.target_accuracy",
    "stop.patience",
    "stop.seconds",
)
DEVICES = {"auto": N_("Automatic"), "cpu": "CPU", "cuda": "GPU"}
PRECISIONS = {
    "float32": "float32",
    "tf32": N_("TF32 (GPU)"),
    "bfloat16": "bfloat16",
    "auto": N_("Fastest here"),
}


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
            "The labelled pictures the network learns from. Digits: 1,797 handwritten digits that come with scikit-learn. MNIST, Fashion-MNIST and KMNIST: 70,000 grey pictures each. CIFAR-10: 60,000 small colour photos."
        ),
        choices=DATASETS,
    )
    data: DataConfig = field(default_factory=DataConfig)
    model: CNNConfig = field(default_factory=CNNConfig)
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    stop: StopConfig = field(default_factory=StopConfig)
    clip_norm: float = setting(
        0.0,
        N_("Gradient clipping"),
        N_(
            "Longest gradient allowed: a longer one is shortened to it, which tames sudden jumps; 0: never. g <- g x min(1, clip / |g|). Typical: 0, or 1-5."
        ),
        minimum=0.0,
        maximum=1000.0,
        step=0.5,
    )
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
    precision: str = setting(
        "float32",
        N_("Precision"),
        N_(
            "How many bits the arithmetic keeps. float32: 24 bits; TF32: 11 inside matrix products of a GPU; bfloat16: 8, much faster on GPUs and on newer processors. Weights stay float32. Typical: float32; the fastest one for long runs."
        ),
        choices=PRECISIONS,
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

    def resolved(self, *, device: str, threads: int, precision: str = "float32") -> RunConfig:
        """A copy in which nothing is left to the machine's choice."""
        return replace(self, device=device, threads=threads, precision=precision)


def _second(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Version 2 only added settings, each with a default that means what version 1 did."""
    return {**values, "version": 2}


# version -> function that turns a config of that version into one of the next
MIGRATIONS: Mapping[int, Any] = {1: _second}


def load(values: Mapping[str, Any]) -> RunConfig:
    """A :class:`RunConfig` from JSON values of any version; raises :class:`ConfigError`."""
    version = values.get("version", CONFIG_VERSION) if isinstance(values, Mapping) else CONFIG_VERSION
    while version in MIGRATIONS:
        values = MIGRATIONS[version](values)
        version = values["version"]
    return from_dict(RunConfig, values)


def may_edit(config: RunConfig, name: str) -> bool:
    """Whether a run of ``config`` that is on can take over another ``name``."""
    last = name.removeprefix("optimizer.")
    constants = {constant for all_of_one in OPTIMIZER_CONSTANTS.values() for constant in all_of_one}
    return name in EDITABLE and (last not in constants or last in OPTIMIZER_CONSTANTS[config.optimizer.name])


def check_editable(config: RunConfig, name: str) -> None:
    """Raises :class:`ConfigError` where ``name`` cannot be changed in a run of ``config`` that is on."""
    if name not in EDITABLE:
        raise ConfigError(name, N_("{field} cannot be changed while a run is on."))
    if not may_edit(config, name):
        raise ConfigError(
            name,
            N_("{optimizer} has no {constant} to change."),
            optimizer=OPTIMIZERS[config.optimizer.name],
            constant=name.removeprefix("optimizer."),
        )
