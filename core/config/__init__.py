"""What a run is. A family of networks has its own :class:`RunConfig`; :func:`load` finds it by its page. No torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

from core.config.cnn import CNNRunConfig
from core.config.data import AUGMENTATIONS, DATASETS, DataConfig
from core.config.gan import GANRunConfig
from core.config.mlp import MLPRunConfig
from core.config.network import (
    ACTIVATIONS,
    CONVOLUTIONS,
    INITIALIZATIONS,
    NORMALIZATIONS,
    POOLINGS,
    CNNConfig,
    ConvBlock,
)
from core.config.rnn import CELLS, KINDS, SEQUENCES, RNNConfig, RNNRunConfig, SequenceConfig
from core.config.run import (
    CONFIG_VERSION,
    DEVICES,
    PRECISIONS,
    RunConfig,
    check_editable,
    may_edit,
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
from core.config.transfer import TransferRunConfig
from core.errors import ConfigError
from core.i18n import N_
from core.settings import from_dict

__all__ = [
    "ACTIVATIONS",
    "AUGMENTATIONS",
    "CELLS",
    "CONFIG_VERSION",
    "CONVOLUTIONS",
    "DATASETS",
    "DEVICES",
    "FAMILIES",
    "FUSED",
    "INITIALIZATIONS",
    "KINDS",
    "LOSSES",
    "NORMALIZATIONS",
    "OPTIMIZERS",
    "OPTIMIZER_CONSTANTS",
    "POOLINGS",
    "PRECISIONS",
    "SCHEDULES",
    "SCHEDULE_CONSTANTS",
    "SEQUENCES",
    "CNNConfig",
    "CNNRunConfig",
    "ConvBlock",
    "DataConfig",
    "GANRunConfig",
    "LossConfig",
    "MLPRunConfig",
    "OptimizerConfig",
    "RNNConfig",
    "RNNRunConfig",
    "RunConfig",
    "ScheduleConfig",
    "SequenceConfig",
    "StopConfig",
    "TransferRunConfig",
    "check_editable",
    "load",
    "load_as",
    "may_edit",
]

LONGEST_KEPT = 16_000  # characters; points set by hand make longer ones, and each is another
Family = TypeVar("Family", bound=RunConfig)

# page -> the config of its runs
FAMILIES: Mapping[str, type[RunConfig]] = {
    "cnn": CNNRunConfig,
    "gan": GANRunConfig,
    "rnn": RNNRunConfig,
    "mlp": MLPRunConfig,
    "transfer": TransferRunConfig,
}


def _second(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Version 2 only added settings, each with a default that means what version 1 did."""
    return {**values, "version": 2}


# version -> function that turns a config of that version into one of the next
MIGRATIONS: Mapping[int, Any] = {1: _second}


def load(values: Mapping[str, Any]) -> RunConfig:
    """The config of a run, from JSON values of any version; raises :class:`ConfigError`.

    Building one checks some hundred fields, and pages ask for the same ones at every rerun, so the last are kept.
    """
    try:
        text = json.dumps(values, sort_keys=True)  # tells True from 1 and 1 from 1.0, as the checks do
    except (TypeError, ValueError, RecursionError):
        return _load(values)  # says what is wrong
    return _kept(text) if len(text) <= LONGEST_KEPT else _load(values)


@lru_cache(maxsize=512)
def _kept(text: str) -> RunConfig:
    return _load(json.loads(text))


def _load(values: Mapping[str, Any]) -> RunConfig:
    named = isinstance(values, Mapping)
    version = values.get("version", CONFIG_VERSION) if named else CONFIG_VERSION
    while version in MIGRATIONS:
        values = MIGRATIONS[version](values)
        version = values["version"]
    page = values.get("page", "cnn") if named else "cnn"  # the first family needed no name
    if not isinstance(page, str) or page not in FAMILIES:
        raise ConfigError(
            "page",
            N_("{field} is {value}; it must be one of: {allowed}."),
            value=str(page)[:40],
            allowed=", ".join(FAMILIES),
        )
    return from_dict(FAMILIES[page], values)


def load_as(family: type[Family], values: Mapping[str, Any]) -> Family:
    """A config of one family, from JSON values of any version; raises :class:`ConfigError` for one of another."""
    config = load(values)
    if not isinstance(config, family):
        raise ConfigError("page", N_("{field} is {value}, which is another kind of run."), value=config.page)
    return config
