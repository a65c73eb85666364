"""The points of a playground run, and points read from a file. Importing this loads no torch."""

from __future__ import annotations

import csv
import io
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.config import MLPRunConfig
from core.config.plane import EDGE, MOST_POINTS
from core.errors import ConfigError
from core.i18n import N_

if TYPE_CHECKING:
    from torch import Tensor

MOST_BYTES = 256 * 1024
MOST_CLASSES = 8
FIELD = "data.points"
INNER = 5.0  # foreign coordinates are brought into [-5, 5]
# how people call the three columns
NAMES = ({"x1", "x", "a"}, {"x2", "y", "b"}, {"target", "label", "class", "z", "value"})


@dataclass(frozen=True, eq=False)
class PlaneData:
    """Points (n, 2) and targets (n,), float32 on the CPU; a target is a class number or, in regression, a value."""

    train_points: Tensor
    train_targets: Tensor
    test_points: Tensor
    test_targets: Tensor


@dataclass(frozen=True)
class PlanePoints:
    """What a file holds."""

    points: tuple[tuple[float, ...], ...]  # x1, x2, target; ready for data.points
    classes: int  # 0 in regression
    names: tuple[str, ...]  # of the classes
    scaled: bool  # whether coordinates or values had to be brought into the plane


def load_plane(config: MLPRunConfig) -> PlaneData:
    """The points of ``config``: the same for the same data settings, whatever the run's seed."""
    import torch

    from core.datasets.plane_sets import GENERATORS

    trained, count = config.parts[0], sum(config.parts)
    if config.dataset == "drawn":
        table = torch.tensor(config.data.points)
        points, targets = table[:, :2].contiguous(), table[:, 2].contiguous()
        chosen = training_places(config.data.points, trained, config.data.seed)
        first = torch.tensor(chosen)
        rest = torch.tensor(sorted(set(range(count)) - set(chosen)))
    else:
        draw = torch.Generator().manual_seed(config.data.seed)
        more = {"arms": config.data.classes} if config.dataset == "spiral" else {}
        points, targets = GENERATORS[config.dataset](count, config.data.noise, draw, **more)
        order = torch.randperm(count, generator=draw)
        first, rest = order[:trained], order[trained:]
    return PlaneData(points[first], targets[first], points[rest], targets[rest])


def training_places(points: Sequence[Sequence[float]], count: int, seed: int) -> list[int]:
    """Which ``count`` of ``points`` are trained on: by a checksum of each, so that another point moves hardly any."""

    def lot(place: int) -> int:
        x1, x2, target = map(float, points[place])
        return zlib.crc32(f"{seed} {x1} {x2} {target}".encode())

    return sorted(sorted(range(len(points)), key=lot)[:count])


def points_of_csv(content: bytes, task: str) -> PlanePoints:
    """Points from a CSV file with the columns x1, x2, target, whose names may be missing.

    Coordinates beyond the plane are scaled into it, axis by axis; values of a regression beyond 1 are divided by
    the largest. Class labels may be words. Raises :class:`ConfigError` for what cannot be read as points.
    """
    rows = _rows(content)
    columns = _columns(rows[0])
    begin = 0 if columns is None else 1
    picked = columns or (0, 1, 2)
    if len(rows) - begin > MOST_POINTS:
        raise ConfigError(
            FIELD,
            N_("The file has {count:,} points; {most:,} are possible. Leave some out."),
            count=len(rows) - begin,
            most=MOST_POINTS,
        )
    cells = [[_cell(row, column, line) for column in picked] for line, row in enumerate(rows[begin:], begin + 1)]
    if len(cells) < 4:
        raise ConfigError(FIELD, N_("The file has {count} points; at least 4 are needed."), count=len(cells))
    axes = [[_number(row[axis], line) for line, row in enumerate(cells, begin + 1)] for axis in (0, 1)]
    inside = all(abs(value) <= EDGE for axis in axes for value in axis)
    if not inside:
        axes = [_fitted(axis) for axis in axes]
    labels = [row[2].strip() for row in cells]
    names: tuple[str, ...] = ()
    if task == "regression":
        values = [_number(label, line) for line, label in enumerate(labels, begin + 1)]
        largest = max(abs(value) for value in values)
        targets = [value / largest if largest > 1 else value for value in values]
    else:
        names, largest = _classes(labels), 0.0
        targets = [float(names.index(label)) for label in labels]
    points = tuple(zip(*axes, targets, strict=True))
    return PlanePoints(points, len(names), names, not inside or largest > 1)


def _rows(content: bytes) -> list[list[str]]:
    if len(content) > MOST_BYTES:
        raise ConfigError(
            FIELD,
            N_("The file has {size:,} KB; {most:,} KB are possible. Leave some points or columns out."),
            size=len(content) // 1024,
            most=MOST_BYTES // 1024,
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(FIELD, N_("The file is not text in UTF-8. Save it as CSV in UTF-8.")) from None
    first = text.lstrip().split("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ConfigError(FIELD, N_("The file cannot be read as CSV ({error})."), error=str(error)[:80]) from None
    if not rows or len(rows[0]) < 3:
        raise ConfigError(
            FIELD, N_("The file needs three columns, separated by commas: x1, x2 and the class or value of each point.")
        )
    return rows


def _columns(row: list[str]) -> tuple[int, ...] | None:
    """Where x1, x2 and target stand by the names in ``row``; ``None`` where it holds numbers already."""
    if _is_number(row[0]) and _is_number(row[1]):
        return None
    given = [cell.strip().lower() for cell in row]
    found = [next((place for place, name in enumerate(given) if name in names), None) for names in NAMES]
    # names nobody knows: the first three columns in their order
    return tuple(place for place in found if place is not None) if None not in found else (0, 1, 2)


def _cell(row: list[str], column: int, line: int) -> str:
    if column >= len(row):
        raise ConfigError(FIELD, N_("Row {line} of the file has fewer columns than are needed."), line=line)
    return row[column]


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _number(text: str, line: int) -> float:
    if not _is_number(text):
        raise ConfigError(
            FIELD,
            N_("Row {line} of the file has {text} where a number should be. Write numbers with a point, as in 1.5."),
            line=line,
            text=repr(text.strip()[:20]),
        )
    return float(text)


def _fitted(axis: list[float]) -> list[float]:
    low, high = min(axis), max(axis)
    # halves first: the span of the largest floats would overflow
    return [INNER * ((value / 2 - low / 2) / (high / 2 - low / 2) * 2 - 1) if high > low else 0.0 for value in axis]


def _classes(labels: list[str]) -> tuple[str, ...]:
    """The different labels: numbers by size, words in order of appearance."""
    names = list(dict.fromkeys(labels))
    if all(map(_is_number, names)):
        names.sort(key=float)
    if not 2 <= len(names) <= MOST_CLASSES:
        raise ConfigError(
            FIELD,
            N_(
                "The file has {count} different classes; 2 to {most} are possible. To predict numbers, choose regression."
            ),
            count=len(names),
            most=MOST_CLASSES,
        )
    return tuple(names)
