"""What every run has, whatever it trains: one frozen, complete, versioned value.

The same :class:`RunConfig` goes to the worker, the URL, the store and the exported script. It imports
no torch. Values out of range are refused on construction, so a config that exists can be trusted.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from core.config.training import OPTIMIZER_CONSTANTS, OPTIMIZERS, OptimizerConfig, ScheduleConfig, StopConfig
from core.errors import ConfigError
from core.i18n import N_
from core.settings import from_dict, setting, to_dict, validate

CONFIG_VERSION = 2

DEVICES = {"auto": N_("Automatic"), "cpu": "CPU", "cuda": "GPU"}
PRECISIONS = {
    "float32": "float32",
    "tf32": N_("TF32 (GPU)"),
    "bfloat16": "bfloat16",
    "auto": N_("Fastest here"),
}
OPTIMIZER_EDITS = tuple(  # of a run that is on
    f"optimizer.{name}"
    for name in ("learning_rate", "momentum", "nesterov", "beta1", "beta2", "alpha", "rho", "weight_decay")
)
STOP_EDITS = ("stop.target_accuracy", "stop.target_loss", "stop.patience", "stop.seconds")


@dataclass(frozen=True)
class RunConfig(ABC):
    """Everything a run depends on. Same config and same edits, same numbers.

    A family of networks has a class of its own, with the fields that only it needs.
    """

    EDITABLE: ClassVar[tuple[str, ...]] = (*OPTIMIZER_EDITS, *STOP_EDITS)  # what can be changed while a run is on

    version: int = setting(
        CONFIG_VERSION,
        N_("Version"),
        N_("Version of the settings' format."),
        minimum=CONFIG_VERSION,
        maximum=CONFIG_VERSION,
    )
    page: str = setting("", N_("Page"), N_("The page that made this run."))
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
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

    @property
    @abstractmethod
    def title(self) -> str:
        """What tells one run from another, short."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready values; ``core.config.load`` reads them back."""
        return to_dict(self)

    def with_value(self, path: str, value: Any) -> Self:
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
        return from_dict(type(self), values)

    def resolved(self, *, device: str, threads: int, precision: str = "float32") -> Self:
        """A copy in which nothing is left to the machine's choice."""
        return replace(self, device=device, threads=threads, precision=precision)


def may_edit(config: RunConfig, name: str) -> bool:
    """Whether a run of ``config`` that is on can take over another ``name``."""
    return name in config.EDITABLE and not _missing(config, name)


def check_editable(config: RunConfig, name: str) -> None:
    """Raises :class:`ConfigError` where ``name`` cannot be changed in a run of ``config`` that is on."""
    if name not in config.EDITABLE:
        raise ConfigError(name, N_("{field} cannot be changed while a run is on."))
    if optimizer := _missing(config, name):
        raise ConfigError(
            name,
            N_("{optimizer} has no {constant} to change."),
            optimizer=optimizer,
            constant=name.rpartition(".")[2],
        )


def _missing(config: RunConfig, name: str) -> str:
    """The title of the optimiser that has no constant ``name``; "" where there is nothing missing."""
    parent, _, last = name.rpartition(".")
    owner = getattr(config, parent, None)
    constants = {constant for all_of_one in OPTIMIZER_CONSTANTS.values() for constant in all_of_one}
    if not isinstance(owner, OptimizerConfig) or last not in constants or last in OPTIMIZER_CONSTANTS[owner.name]:
        return ""
    return OPTIMIZERS[owner.name]
