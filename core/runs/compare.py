"""What tells runs apart: the settings in which they differ, and whether they started alike."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.config import RunConfig
from core.settings import Setting

MACHINE = frozenset({"version", "page", "threads"})  # how, not what


NESTED = Setting("", "")  # of a field that holds settings and is none itself


@dataclass(frozen=True)
class Difference:
    """One setting and its value in each run, in their order; ``None`` where a run does not have it."""

    label: str  # a message to translate
    number: int | None  # of the block or dense layer, from 1
    values: tuple[Any, ...]
    choices: dict[Any, str]  # value -> message, for settings with names


@dataclass(frozen=True)
class _Leaf:
    described: Setting
    number: int | None
    value: Any


def differences(configs: list[RunConfig]) -> list[Difference]:
    """The settings in which ``configs`` are not all the same, in the order of the config."""
    read = [dict(_leaves(config)) for config in configs]
    paths = list(dict.fromkeys(path for leaves in read for path in leaves))
    found = []
    for path in sorted(paths, key=lambda path: _order(path, paths)):
        leaves = [one.get(path) for one in read]
        values = tuple(leaf.value if leaf is not None else None for leaf in leaves)
        if len(set(values)) > 1:
            first = next(leaf for leaf in leaves if leaf is not None)
            choices = dict(first.described.choices or {})
            found.append(Difference(first.described.label, first.number, values, choices))
    return found


def _order(path: str, paths: list[str]) -> tuple[int, int]:
    """Settings of one kind together, in the order in which they were met."""
    kind = path.rsplit(".", 1)[0]
    return next(at for at, other in enumerate(paths) if other.rsplit(".", 1)[0] == kind), paths.index(path)


def _leaves(config: Any, path: str = "", number: int | None = None) -> Iterator[tuple[str, _Leaf]]:
    """(path, setting, value) of every plain value below ``config``; of a tuple also how many it holds."""
    for field in _fields(config):
        if not path and field.name in MACHINE:
            continue
        value, described = getattr(config, field.name), field.metadata.get("setting", NESTED)
        here = f"{path}{field.name}"
        if dataclasses.is_dataclass(value):
            yield from _leaves(value, f"{here}.", number)
        elif isinstance(value, tuple) and value and isinstance(value[0], tuple):
            yield (
                here,
                _Leaf(described, None, f"{len(value):,} ({zlib.crc32(repr(value).encode()):08x})"),
            )  # painted points
        elif isinstance(value, tuple):
            yield here, _Leaf(described, None, len(value))
            for at, item in enumerate(value, 1):
                if dataclasses.is_dataclass(item):
                    yield from _leaves(item, f"{here}.{at}.", at)
                else:
                    yield f"{here}.{at}", _Leaf(described, at, item)
        else:
            yield here, _Leaf(described, number, value)


def _fields(config: Any) -> list[dataclasses.Field[Any]]:
    """The fields of ``config``; of a run first those of its family, then those that all have."""
    shared = {field.name for field in dataclasses.fields(RunConfig)}
    fields = dataclasses.fields(config)
    return sorted(fields, key=lambda field: field.name in shared) if isinstance(config, RunConfig) else list(fields)


def same_start(infos: list[dict[str, Any]]) -> bool | None:
    """Whether runs began with the same weights, by their checksums; ``None`` where one has none yet."""
    starts = {info.get("start") for info in infos}
    return None if None in starts or not starts else len(starts) == 1
