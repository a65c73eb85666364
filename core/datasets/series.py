"""Series of numbers in the order of time: two that statsmodels ships, and a visitor's CSV. No torch."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from core.config.rnn import SequenceConfig
from core.datasets import uploads
from core.datasets.text import decoded
from core.errors import LiveTorchError
from core.i18n import N_

FEWEST, MOST = 50, 5000  # numbers of a visitor's series
MOST_COLUMNS = 200  # of its table
HELD_OUT = 0.2  # the last share of time, which validates


@dataclass(frozen=True)
class Series:
    """Numbers at equal distances in time."""

    name: str
    unit: str
    times: tuple[str, ...]  # (N,) labels
    values: tuple[float, ...]  # (N,) in ``unit``
    season: int  # steps after which it repeats itself; 0 for none

    @property
    def split(self) -> int:
        """Position of the first number that validates."""
        return len(self.values) - round(HELD_OUT * len(self.values))

    @property
    def scale(self) -> float:
        """Mean |x(t) - x(t-1)| of the training part, by which MASE divides (Hyndman and Koehler, 2006)."""
        known = self.values[: self.split]
        changes = [abs(after - before) for before, after in pairwise(known)]
        return sum(changes) / len(changes)


@cache
def sunspots() -> Series:
    """Yearly sunspot numbers 1700-2008 (SIDC, Brussels), as statsmodels ships them; their cycle is about 11 years."""
    from statsmodels.datasets import sunspots as source

    data = source.load_pandas().data
    years = tuple(str(int(year)) for year in data["YEAR"])
    return Series(N_("Sunspots"), N_("number"), years, tuple(float(value) for value in data["SUNACTIVITY"]), 11)


@cache
def co2() -> Series:
    """CO2 in the air of Mauna Loa, March 1958 to December 2001 (Keeling and Whorf), as statsmodels ships it.

    Weekly values, averaged over each month; 5 months without any are filled in by a straight line.
    """
    from statsmodels.datasets import co2 as source

    months = source.load_pandas().data["co2"].resample("MS").mean().interpolate()
    times = tuple(f"{time:%Y-%m}" for time in months.index)
    return Series(N_("CO2"), "ppm", times, tuple(float(value) for value in months), 12)


SERIES: dict[str, Callable[[], Series]] = {"sunspots": sunspots, "co2": co2}


def load_series(dataset: str, config: SequenceConfig) -> Series:
    """The series of a run. Raises :class:`LiveTorchError` where an upload is missing or is no series."""
    series = SERIES[dataset]() if dataset in SERIES else parse_series(uploads.read(config.upload))
    return replace(series, season=config.season) if config.season else series


def parse_series(content: bytes) -> Series:
    """The last column of a CSV file that holds numbers only, in the order of its lines, which is taken for time.

    The first column, where it is another one, names the times. Separators: comma, semicolon (then a comma may be
    the decimal point) or tab; a first line without a number is a heading. Raises :class:`LiveTorchError`.
    """
    lines = [line for line in decoded(content).split("\n") if line.strip()]
    if not lines:
        raise LiveTorchError(N_("The file has no lines. It must hold a column of at least {fewest} numbers."), fewest=FEWEST)  # fmt: skip
    if len(lines) > MOST + 1:  # with a heading; said before a long file is taken apart
        raise _too_many(len(lines))
    separator = max(";\t,", key=lines[0].count)
    width = max(line.count(separator) for line in lines) + 1
    if width > MOST_COLUMNS:
        raise LiveTorchError(
            N_("The table has {count:,} columns; at most {most} are possible. Keep the times and the numbers, delete the rest."),
            count=width,
            most=MOST_COLUMNS,
        )  # fmt: skip
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator)]
    except csv.Error as error:
        raise LiveTorchError(
            N_("The file cannot be read as a table ({problem}). Save it as plain CSV, one line for each time."),
            problem=str(error),
        ) from error
    heading = rows[0] if not any(_number(cell, separator) is not None for cell in rows[0]) else None
    body = rows[1:] if heading else rows
    width = len(body[0]) if body else 0
    for place, row in enumerate(body, 2 if heading else 1):
        if len(row) != width:
            raise LiveTorchError(
                N_("Line {line} has {found} columns, the lines before have {width}. Give every line the same columns."),
                line=place,
                found=len(row),
                width=width,
            )
    return _chosen(heading, body, separator)


def _too_many(count: int) -> LiveTorchError:
    """Or too few."""
    return LiveTorchError(
        N_(
            "The column has {count:,} numbers; {fewest} to {most:,} are possible. Take a longer series, or a part of it."
        ),
        count=count,
        fewest=FEWEST,
        most=MOST,
    )


def _chosen(heading: list[str] | None, body: list[list[str]], separator: str) -> Series:
    """The last column of ``body`` that holds numbers only."""
    columns = list(zip(*body, strict=True))
    numbers = {
        place: [_number(cell, separator) for cell in column] for place, column in enumerate(columns)
    }  # fmt: skip
    whole = [place for place, column in numbers.items() if None not in column]
    if not whole:
        _explain(numbers, bool(heading))
    place = whole[-1]
    values = tuple(value for value in numbers[place] if value is not None)
    if not FEWEST <= len(values) <= MOST:
        raise _too_many(len(values))
    name = heading[place] if heading and heading[place] else N_("Your series")
    times = columns[0] if place else tuple(str(number) for number in range(1, len(values) + 1))
    series = Series(name[:60], "", tuple(time[:20] for time in times), values, 0)
    if series.scale == 0 or len(set(values[: series.split])) < 3:
        raise LiveTorchError(N_("The series hardly ever changes, so there is nothing to forecast. Take another column or file."))  # fmt: skip
    return series


def _explain(numbers: dict[int, list[float | None]], heading: bool) -> None:
    """Raise for the column that came closest to numbers only: where the first cell is that is none."""
    if not numbers or all(value is None for column in numbers.values() for value in column):
        raise LiveTorchError(
            N_("No column of the file holds numbers. It must hold a column of at least {fewest} numbers, one on each line, with a point as decimal mark."),
            fewest=FEWEST,
        )  # fmt: skip
    place = min(numbers, key=lambda number: numbers[number].count(None))
    line = numbers[place].index(None) + (2 if heading else 1)
    raise LiveTorchError(
        N_("Column {column} has no number on line {line}. Fill the gap or delete the line; a series must be without holes."),
        column=place + 1,
        line=line,
    )  # fmt: skip


def _number(cell: str, separator: str) -> float | None:
    """The finite number in ``cell``; nothing where there is none."""
    try:
        value = float(cell.replace(",", ".") if separator == ";" else cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < 1e15 else None
