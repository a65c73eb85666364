"""Between a page's widget values and a :class:`RunConfig`. Pure functions, no Streamlit.

Every setting has one flat key (``cnn_lr``, ``cnn_block2_stride``), which names the widget, the session
value and the query parameter alike, and one dotted config path (``model.blocks.1.stride``).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from core.config import CNNConfig, ConvBlock, RunConfig, load
from core.errors import ConfigError
from core.i18n import N_
from core.settings import setting_of, to_dict

PATHS = {
    "dataset": "dataset",
    "validation_share": "data.validation_share",
    "train_share": "data.train_share",
    "label_noise": "data.label_noise",
    "augmentation": "data.augmentation",
    "optimizer": "optimizer.name",
    "lr": "optimizer.learning_rate",
    "momentum": "optimizer.momentum",
    "nesterov": "optimizer.nesterov",
    "beta1": "optimizer.beta1",
    "beta2": "optimizer.beta2",
    "alpha": "optimizer.alpha",
    "rho": "optimizer.rho",
    "weight_decay": "optimizer.weight_decay",
    "schedule": "schedule.name",
    "warmup": "schedule.warmup",
    "step_epochs": "schedule.step_epochs",
    "factor": "schedule.factor",
    "schedule_patience": "schedule.patience",
    "floor": "schedule.floor",
    "loss": "loss.name",
    "label_smoothing": "loss.label_smoothing",
    "target_accuracy": "stop.target_accuracy",
    "patience": "stop.patience",
    "max_seconds": "stop.seconds",
    "clip_norm": "clip_norm",
    "ema_decay": "ema_decay",
    "batch_size": "batch_size",
    "epochs": "epochs",
    "seed": "seed",
    "device": "device",
    "precision": "precision",
    "threads": "threads",
    "dense_activation": "model.activation",
    "dropout": "model.dropout",
    "initialization": "model.initialization",
}
SWITCHES = {"on": True, "true": True, "off": False, "false": False}  # what a link may say
BLOCK_FIELDS = tuple(field.name for field in dataclasses.fields(ConvBlock))
MOST_BLOCKS = (setting_of(CNNConfig, "blocks").count or (1, 8))[1]
MOST_DENSE = (setting_of(CNNConfig, "hidden").count or (0, 4))[1]


def suffixes() -> dict[str, str]:
    """Key suffix -> config path, for every setting that exists on a page (counts excepted)."""
    found = dict(PATHS)
    for number in range(MOST_BLOCKS):
        found |= {f"block{number + 1}_{name}": f"model.blocks.{number}.{name}" for name in BLOCK_FIELDS}
    for number in range(MOST_DENSE):
        found[f"dense{number + 1}_units"] = f"model.hidden.{number}"
    return found


def key_of(page: str, path: str) -> str | None:
    """The widget key of a config path, or ``None`` for a path without a widget."""
    counts = {"model.blocks": "blocks", "model.hidden": "dense_layers"}
    by_path = {path: suffix for suffix, path in suffixes().items()} | counts
    return f"{page}_{by_path[path]}" if path in by_path else None


@lru_cache
def default_value(suffix: str) -> Any:
    """What a setting's widget shows before anybody touches it."""
    values = widget_values("", RunConfig())
    if f"_{suffix}" in values:
        return values[f"_{suffix}"]
    if suffix.endswith("_units"):
        return 64
    return {"channels": 32}.get(suffix.split("_", 1)[1], getattr(ConvBlock(), suffix.split("_", 1)[1]))


def widget_values(page: str, config: RunConfig) -> dict[str, Any]:
    """Widget key -> value, so that the page shows ``config``."""
    plain = config.to_dict()
    values: dict[str, Any] = {f"{page}_{suffix}": _at(plain, path) for suffix, path in PATHS.items()}
    values[f"{page}_blocks"] = len(config.model.blocks)
    values[f"{page}_dense_layers"] = len(config.model.hidden)
    for number, block in enumerate(config.model.blocks, 1):
        values |= {f"{page}_block{number}_{name}": value for name, value in to_dict(block).items()}
    for number, units in enumerate(config.model.hidden, 1):
        values[f"{page}_dense{number}_units"] = units
    return values


def config_of(page: str, values: Mapping[str, Any]) -> RunConfig:
    """The config that the widget ``values`` describe; raises :class:`ConfigError`."""

    def value(suffix: str) -> Any:
        return values[f"{page}_{suffix}"] if f"{page}_{suffix}" in values else default_value(suffix)

    plain: dict[str, Any] = {"page": page}
    for suffix, path in PATHS.items():
        *parents, last = path.split(".")
        target = plain.setdefault(parents[0], {}) if parents else plain
        target[last] = value(suffix)
    blocks, dense = _numbers(page, "blocks", value), _numbers(page, "dense_layers", value)
    plain["model"]["blocks"] = [{name: value(f"block{n}_{name}") for name in BLOCK_FIELDS} for n in blocks]
    plain["model"]["hidden"] = [value(f"dense{n}_units") for n in dense]
    return load(plain)


def _numbers(page: str, suffix: str, value: Callable[[str], Any]) -> range:
    """1, 2, ... up to a count, which is checked before anything of that length is made."""
    name, most = {"blocks": ("blocks", MOST_BLOCKS), "dense_layers": ("hidden", MOST_DENSE)}[suffix]
    fewest = (setting_of(CNNConfig, name).count or (0, most))[0]
    count = value(suffix)
    if not isinstance(count, int) or not fewest <= count <= most:
        raise ConfigError(
            f"{page}_{suffix}",
            N_("{field} is {value}; it must lie between {low} and {high}."),
            value=_short(str(count)),
            low=fewest,
            high=most,
        )
    return range(1, count + 1)


def refused(page: str, query: Mapping[str, str]) -> list[ConfigError]:
    """What in a link's query string cannot be used, one error per setting."""
    errors = []
    known = suffixes() | {"blocks": "", "dense_layers": ""}
    for key, text in query.items():
        if not key.startswith(f"{page}_"):
            continue
        suffix = key[len(page) + 1 :]
        if suffix not in known:
            errors.append(ConfigError(_short(key), N_("{field} is not a setting this version knows.")))
            continue
        try:
            linked_value(page, suffix, text)
        except ConfigError as error:
            named = {name: shown for name, shown in error.values.items() if name != "field"}
            errors.append(ConfigError(key, error.template, **named))
    return errors


def linked_value(page: str, suffix: str, text: str) -> Any:
    """The value that ``text`` in a link gives the setting ``suffix``; raises :class:`ConfigError`."""
    key = f"{page}_{suffix}"
    value = _parsed(key, text, default_value(suffix))
    config_of(page, _base(page, suffix) | {key: value})
    return value


def _base(page: str, suffix: str) -> dict[str, Any]:
    """Values under which the setting ``suffix`` exists at all."""
    number = re.match(r"(block|dense)(\d+)_", suffix)
    if number is None:
        return {}
    counted = "blocks" if number[1] == "block" else "dense_layers"
    return {f"{page}_{counted}": int(number[2])}


def _parsed(key: str, text: str, default: Any) -> Any:
    if isinstance(default, str):
        return text
    if isinstance(default, bool):
        if text.lower() not in SWITCHES:
            raise ConfigError(key, N_("{field} is {value}; it must be on or off."), value=_short(text))
        return SWITCHES[text.lower()]
    try:
        return type(default)(text)
    except ValueError:
        kind = N_("{field} is {value}; it must be a whole number.")
        if isinstance(default, float):
            kind = N_("{field} is {value}; it must be a number.")
        raise ConfigError(key, kind, value=_short(text)) from None


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def _at(plain: Mapping[str, Any], path: str) -> Any:
    value: Any = plain
    for name in path.split("."):
        value = value[name]
    return value
