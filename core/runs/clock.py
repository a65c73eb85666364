"""How long a run has trained."""

from __future__ import annotations

import time


class Clock:
    """Seconds of training: a stopwatch that stands still during pauses."""

    def __init__(self) -> None:
        self.reset()

    def reset(self, seconds: float = 0.0) -> None:
        """Begin anew, with so many seconds behind it."""
        self.before, self.since, self.last_lap = seconds, time.perf_counter(), seconds
        self.running = True

    def seconds(self) -> float:
        return self.before + (time.perf_counter() - self.since if self.running else 0.0)

    def lap(self) -> float:
        """Seconds since the last lap."""
        now = self.seconds()
        lap, self.last_lap = now - self.last_lap, now
        return lap

    def stop(self) -> None:
        self.before, self.running = self.seconds(), False

    def go_on(self) -> None:
        self.since, self.running = time.perf_counter(), True
