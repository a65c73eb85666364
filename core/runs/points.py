"""Numbers on their way to the supervisor, some times a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from core.runs.clock import Clock
from core.runs.wire import Message
from core.training.events import Metrics

FLUSH_SECONDS = 0.15


class Points:
    """Collects what the loop measures in chunks of one split and the same names, column by column."""

    def __init__(self, send: Callable[[Message], None], clock: Clock) -> None:
        self.send, self.clock = send, clock
        self.samples = 0  # of an epoch
        self.chunks: list[dict[str, Any]] = []
        self.sent = -1.0
        self.progress = self.sent_progress = 0.0  # epochs trained
        self.rate, self.measured = 0.0, 0.0

    def add(self, event: Metrics) -> None:
        """Take the numbers of one step or validation, if there are any; the first ones are sent at once."""
        self.progress = event.progress
        if not event.values:
            return
        last = self.chunks[-1] if self.chunks else None
        if last is None or last["split"] != event.split or last["values"].keys() != event.values.keys():
            empty = {"split": event.split, "step": [], "epoch": [], "seconds": []}
            last = empty | {"values": {name: [] for name in event.values}}
            self.chunks.append(last)
        last["step"].append(event.step)
        last["epoch"].append(event.progress)
        last["seconds"].append(round(self.clock.seconds(), 6))
        for name, value in event.values.items():
            last["values"][name].append(value)
        self.measured = time.time()
        if event.step <= 1 or time.perf_counter() - self.sent >= FLUSH_SECONDS:
            self.send_out()

    def send_out(self) -> None:
        """Send what is there."""
        if self.chunks:
            self._measure_rate()
            self.send({"type": "points", "chunks": self.chunks, "rate": self.rate, "time": self.measured})
            self.chunks = []
        self.sent = time.perf_counter()

    def _measure_rate(self) -> None:
        """Samples a second, smoothed over about a second of training."""
        seconds = self.clock.lap()
        if seconds > 0 and self.progress > self.sent_progress:
            now = (self.progress - self.sent_progress) * self.samples / seconds
            self.rate = now if self.rate == 0 else 0.8 * self.rate + 0.2 * now
        self.sent_progress = self.progress
