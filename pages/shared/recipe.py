"""Between a page's widget values and its :class:`RunConfig`. Pure functions, no Streamlit.

Every setting has one flat key (``cnn_lr``, ``cnn_block2_stride``), which names the widget, the session
value and the query parameter alike, and one dotted config path (``model.blocks.1.stride``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from core.config import RunConfig, load
from core.errors import ConfigError
from core.i18n import N_
from pages.shared.recipes import RECIPES
from pages.shared.recipes.parts import ListOf

SWITCHES = {"on": True, "true": True, "off": False, "false": False}  # what a link may say


def key_of(page: str, path: str) -> str | None:
    """The widget key of a config path, or ``None`` for a path without a widget."""
    recipe = RECIPES[page]
    by_path = {path: suffix for suffix, path in recipe.suffixes.items()} | {one.path: one.count for one in recipe.lists}
    return f"{page}_{by_path[path]}" if path in by_path else None


def default_value(page: str, suffix: str) -> Any:
    """What a setting's widget shows before anybody touches it."""
    return RECIPES[page].defaults[suffix]


def widget_values(page: str, config: RunConfig) -> dict[str, Any]:
    """Widget key -> value, so that the page shows ``config``."""
    return {f"{page}_{suffix}": value for suffix, value in RECIPES[page].values(config).items()}


def linked_values(page: str, config: RunConfig) -> dict[str, Any]:
    """The same without what is too long for a link."""
    unlinked = RECIPES[page].unlinked
    return {
        f"{page}_{suffix}": value for suffix, value in RECIPES[page].values(config).items() if suffix not in unlinked
    }


def config_of(page: str, values: Mapping[str, Any]) -> RunConfig:
    """The config that the widget ``values`` describe; raises :class:`ConfigError`."""
    recipe = RECIPES[page]

    def value(suffix: str) -> Any:
        key = f"{page}_{suffix}"
        return values[key] if key in values else recipe.defaults[suffix]

    plain: dict[str, Any] = {"page": page}
    for suffix, path in recipe.paths.items():
        _put(plain, path, value(suffix))
    for one in recipe.lists:
        numbers, names = _numbers(page, one, value), recipe.names(one)
        if names == [""]:
            entries: list[Any] = [value(recipe.entry(one, number, "")) for number in numbers]
        else:
            entries = [{name: value(recipe.entry(one, number, name)) for name in names} for number in numbers]
        _put(plain, one.path, entries)
    return load(plain)


def _put(plain: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for name in parents:
        plain = plain.setdefault(name, {})
    plain[last] = value


def _numbers(page: str, one: ListOf, value: Callable[[str], Any]) -> range:
    """1, 2, ... up to a count, which is checked before anything of that length is made."""
    fewest, most = RECIPES[page].bounds(one)
    count = value(one.count)
    if not isinstance(count, int) or not fewest <= count <= most:
        raise ConfigError(
            f"{page}_{one.count}",
            N_("{field} is {value}; it must lie between {low} and {high}."),
            value=_short(str(count)),
            low=fewest,
            high=most,
        )
    return range(1, count + 1)


def refused(page: str, query: Mapping[str, str]) -> list[ConfigError]:
    """What in a link's query string cannot be used, one error per setting."""
    errors = []
    recipe = RECIPES[page]
    known = ({*recipe.suffixes} | {one.count for one in recipe.lists}) - recipe.unlinked
    for key, text in query.items():
        suffix = key[len(page) + 1 :]
        if not key.startswith(f"{page}_") or suffix.startswith(recipe.aside):
            continue
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
    value = _parsed(key, text, default_value(page, suffix))
    config_of(page, _base(page, suffix) | {key: value})
    return value


def _base(page: str, suffix: str) -> dict[str, Any]:
    """Values under which the setting ``suffix`` exists at all."""
    for one in RECIPES[page].lists:
        if number := re.match(rf"{one.prefix}(\d+)_", suffix):
            return {f"{page}_{one.count}": int(number[1])}
    return {f"{page}_{other}": value for other, value in RECIPES[page].company.get(suffix, {}).items()}


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
