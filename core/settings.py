"""Settings as data: what a config field means, what it may be, and how it travels as JSON.

A config is a frozen dataclass whose fields carry a :class:`Setting`. The page builds its widgets from
it, the URL is checked against it, and construction refuses what it does not allow.
"""

from __future__ import annotations

import dataclasses
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar, cast, get_args, get_origin, get_type_hints

from core.errors import ConfigError
from core.i18n import N_

T = TypeVar("T")


@dataclass(frozen=True)
class Setting:
    """What a person needs to know about one field, and the values it may take."""

    label: str
    help: str
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    choices: Mapping[Any, str] | None = None  # value -> label
    count: tuple[int, int] | None = None  # fewest and most items of a tuple field


class Worded(ABC):
    """A value of settings that travels as one line of text, in JSON and in a link."""

    @property
    @abstractmethod
    def text(self) -> str:
        """The line."""

    @classmethod
    @abstractmethod
    def of_text(cls, text: str) -> Self:
        """The value that a line says. Raises :class:`ConfigError`."""


def setting(
    default: Any,
    label: str,
    help: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    step: float | None = None,
    choices: Mapping[Any, str] | None = None,
    count: tuple[int, int] | None = None,
) -> Any:
    """A dataclass field described for people."""
    described = Setting(label, help, minimum, maximum, step, choices, count)
    return dataclasses.field(default=default, metadata={"setting": described})


def setting_of(config_class: type, name: str) -> Setting:
    """The description of field ``name``; raises ``KeyError`` where there is none."""
    for field in dataclasses.fields(config_class):
        if field.name == name:
            return cast(Setting, field.metadata["setting"])
    raise KeyError(name)


_HINTS: dict[type, dict[str, Any]] = {}  # reading them costs more than checking a whole config


def hints_of(config_class: type) -> dict[str, Any]:
    """The types of a config's fields."""
    if config_class not in _HINTS:
        _HINTS[config_class] = get_type_hints(config_class)
    return _HINTS[config_class]


def validate(config: Any, path: str = "") -> None:
    """Refuse the first value outside its setting's limits with a :class:`ConfigError`."""
    hints = hints_of(type(config))
    for field in dataclasses.fields(config):
        described = field.metadata.get("setting")
        if described is not None:
            _check(getattr(config, field.name), described, hints[field.name], path + field.name)


def _check(value: Any, described: Setting, hint: Any, path: str) -> None:
    if get_origin(hint) is tuple:
        _check_count(value, described, path)
        for number, item in enumerate(value):
            if not dataclasses.is_dataclass(item):
                _check(item, described, get_args(hint)[0], f"{path}.{number}")
        return
    if described.choices is not None:
        if not isinstance(value, str | int) or value not in described.choices:
            allowed = ", ".join(str(choice) for choice in described.choices)
            raise ConfigError(
                path, N_("{field} is {value}; it must be one of: {allowed}."), value=_show(value), allowed=allowed
            )
        return
    if hint is bool and not isinstance(value, bool):
        raise ConfigError(path, N_("{field} is {value}; it must be on or off."), value=_show(value))
    if hint in (int, float):
        _check_number(value, described, hint, path)


def _check_count(value: Any, described: Setting, path: str) -> None:
    fewest, most = described.count or (0, 1_000)
    if not isinstance(value, tuple) or not fewest <= len(value) <= most:
        found = len(value) if isinstance(value, tuple) else _show(value)
        raise ConfigError(
            path,
            N_("{field} has {found} entries; {fewest} to {most} are possible."),
            found=found,
            fewest=fewest,
            most=most,
        )


def _check_number(value: Any, described: Setting, hint: type, path: str) -> None:
    kind = (
        N_("{field} is {value}; it must be a whole number.")
        if hint is int
        else N_("{field} is {value}; it must be a number.")
    )
    whole_enough = isinstance(value, int) or (hint is float and isinstance(value, float))
    if isinstance(value, bool) or not whole_enough or not math.isfinite(value):
        raise ConfigError(path, kind, value=_show(value))
    low, high = described.minimum, described.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise ConfigError(
            path,
            N_("{field} is {value}; it must lie between {low} and {high}."),
            value=_show(value),
            low=_show(low),
            high=_show(high),
        )


def _show(value: Any) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 40 else text[:37] + "..."


def to_dict(config: Any) -> dict[str, Any]:
    """The config as JSON-ready values (tuples become lists)."""
    return cast(dict[str, Any], _plain(config))


def _plain(value: Any) -> Any:
    if isinstance(value, Worded):
        return value.text
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def from_dict(config_class: type[T], values: Any, path: str = "") -> T:
    """Build ``config_class`` from JSON values. Missing fields take their defaults.

    Raises :class:`ConfigError` for an unknown field, a wrong type or a value out of range.
    """
    if not isinstance(values, Mapping):
        raise ConfigError(path.rstrip(".") or "config", N_("{field} must be a set of named values."))
    hints = hints_of(config_class)
    names = {field.name for field in dataclasses.fields(cast(Any, config_class))}
    for name in values:
        if name not in names:
            raise ConfigError(path + _show(name), N_("{field} is not a setting this version knows."))
    made = {name: _typed(hints[name], value, path + name) for name, value in values.items()}
    try:
        return config_class(**made)
    except ConfigError as error:
        if not path or error.field.startswith(path):
            raise
        raise ConfigError(
            path + error.field, error.template, **{k: v for k, v in error.values.items() if k != "field"}
        ) from None


def _typed(hint: Any, value: Any, path: str) -> Any:
    if get_origin(hint) is tuple:
        if not isinstance(value, list | tuple):
            raise ConfigError(path, N_("{field} must be a list."))
        item_hint = get_args(hint)[0]
        return tuple(_typed(item_hint, item, f"{path}.{number}") for number, item in enumerate(value))
    if isinstance(value, str) and isinstance(hint, type) and issubclass(hint, Worded):
        return hint.of_text(value)
    if dataclasses.is_dataclass(hint):
        return from_dict(cast(type, hint), value, path + ".")
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value
