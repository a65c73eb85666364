"""The numbers of one run in memory: an append-only list of chunks, read by cursor."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

DRAWN_POINTS = 2000  # a series has no more on the screen

Payload = dict[str, Any]


class Chunk:
    """Consecutive points of one split, column by column."""

    def __init__(self, first: int, payload: Payload) -> None:
        self.first, self.split = first, str(payload["split"])
        self.step = array("q", payload["step"])
        self.epoch = array("d", payload["epoch"])  # epochs trained so far, e.g. 1.25
        self.seconds = array("d", payload["seconds"])
        self.values = {name: array("d", map(number, column)) for name, column in payload["values"].items()}

    def __len__(self) -> int:
        return len(self.step)

    def rows(self, start: int = 0) -> Iterator[tuple[int, float, float, dict[str, float]]]:
        """(step, epoch, seconds, values) from position ``start`` on."""
        for at in range(start, len(self)):
            values = {name: column[at] for name, column in self.values.items()}
            yield self.step[at], self.epoch[at], self.seconds[at], values

    def payload(self) -> Payload:
        """The chunk as valid JSON values; what is not finite is written as text."""
        return {
            "split": self.split,
            "step": self.step.tolist(),
            "epoch": self.epoch.tolist(),
            "seconds": self.seconds.tolist(),
            "values": {name: [exact(value) for value in column] for name, column in self.values.items()},
        }


def exact(value: float) -> float | str:
    """A JSON value that :func:`number` turns back into the same float."""
    return value if math.isfinite(value) else repr(value)


def number(value: float | str) -> float:
    """The float behind :func:`exact`."""
    return float(value)


class RunLog:
    """All points of a run. A cursor is the number of points one already has."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.total = 0
        self.latest: dict[str, dict[str, float]] = {}
        self.step, self.progress = 0, 0.0
        self.seconds = 0.0
        self._drawn: tuple[tuple[int, int, int], Payload] = ((-1, -1, -1), {})

    @property
    def epoch(self) -> int:
        """The epoch of the last step, from 1."""
        return math.ceil(self.progress)

    @property
    def validated(self) -> bool:
        """Whether the last epoch that was finished has been validated."""
        last = self.chunks[-1] if self.chunks else None
        return last is None or last.split == "validation" or last.epoch[-1] % 1 > 0

    def add(self, chunk: Chunk) -> None:
        """Append the chunk that begins where the log ends."""
        assert chunk.first == self.total
        self.chunks.append(chunk)
        self.total += len(chunk)
        self.step, self.progress, self.seconds = chunk.step[-1], chunk.epoch[-1], chunk.seconds[-1]
        self.latest[chunk.split] = {name: column[-1] for name, column in chunk.values.items()}

    def place_of(self, step: int) -> tuple[float, float]:
        """Seconds and epochs trained at the last point that is not after ``step``."""
        seconds, epoch = 0.0, 0.0
        for chunk in self.chunks:
            at = bisect_right(chunk.step, step) - 1
            if at >= 0:
                seconds, epoch = chunk.seconds[at], chunk.epoch[at]
        return seconds, epoch

    def since(self, cursor: int, most: int = DRAWN_POINTS) -> Payload:
        """What came after ``cursor``: ``from``, ``to`` and the columns of each split, thinned to ``most``."""
        cursor = max(0, min(cursor, self.total))
        if self._drawn[0] == (cursor, self.total, most):  # most viewers are at the same point
            return self._drawn[1]
        series: dict[str, list[tuple[int, float, float, dict[str, float]]]] = {"train": [], "validation": []}
        at = bisect_right(self.chunks, cursor, key=lambda chunk: chunk.first) - 1
        for chunk in self.chunks[max(at, 0) :]:
            series[chunk.split].extend(chunk.rows(max(0, cursor - chunk.first)))
        drawn = {split: columns(thin(rows, most)) for split, rows in series.items()}
        self._drawn = ((cursor, self.total, most), {"from": cursor, "to": self.total} | drawn)
        return self._drawn[1]

    def names(self) -> list[str]:
        """What was measured, in the order in which it was first seen; loss and accuracy before all."""
        measured = list(dict.fromkeys(name for chunk in self.chunks for name in chunk.values))
        return sorted(measured, key=lambda name: {"loss": 0, "accuracy": 1}.get(name, 2))

    def rows(self) -> Iterator[tuple[str, int, int, float, dict[str, float]]]:
        """Every point in the order it happened: (split, step, epoch it belongs to, seconds, values)."""
        for chunk in self.chunks:
            for step, epoch, seconds, values in chunk.rows():
                yield chunk.split, step, math.ceil(epoch), seconds, values


def thin(rows: list[Any], most: int) -> list[Any]:
    """At most about ``most`` rows: of each stretch the first, the lowest and the highest loss, so that peaks stay."""
    if len(rows) <= most:
        return rows
    width = math.ceil(len(rows) / (most // 3))
    kept: set[int] = {len(rows) - 1}
    for start in range(0, len(rows), width):
        stretch = range(start, min(start + width, len(rows)))
        losses = {at: rows[at][3].get("loss", 0.0) for at in stretch}
        finite = [at for at in stretch if math.isfinite(losses[at])]
        kept.add(start)
        if finite:
            kept |= {min(finite, key=losses.__getitem__), max(finite, key=losses.__getitem__)}
    return [rows[at] for at in sorted(kept)]


def columns(rows: list[tuple[int, float, float, dict[str, float]]]) -> Payload:
    """Rows as JSON columns for the browser; what is not finite, or not there, is null."""
    names = dict.fromkeys(name for row in rows for name in row[3])  # some come only later
    return {
        "step": [row[0] for row in rows],
        "epoch": [row[1] for row in rows],
        "seconds": [row[2] for row in rows],
        **{name: [finite(row[3].get(name)) for row in rows] for name in names},
    }


def finite(value: Any) -> Any:
    """``value`` with null for what JSON cannot say."""
    if isinstance(value, dict):
        return {name: finite(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
