"""Which moments of a run are kept, so that it can go back to any step: close together at first, further apart as they fill their room."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from core.runs.wire import Message
from core.training.past_names import moment_name

if TYPE_CHECKING:
    from core.training.task import Task

log = logging.getLogger("livetorch.keeping")

EVERY = 0.5  # seconds between two moments; what lies between them is trained anew
FIRST, GROWTH = 0.1, 0.25  # at the start, where most is learned, they lie closer: a quarter of the time gone by
SHARE = 0.02  # of the run's time that keeping may take
FEWEST = 4  # moments that must fit; a network too big for that keeps its last one only


class Keeping:
    """Takes moments of a task between two steps and hands them to ``send`` as files."""

    def __init__(self, send: Callable[[Message, bytes], None], megabytes: int) -> None:
        self.send, self.room = send, megabytes * 2**20
        self.began = time.perf_counter()
        self.every, self.due = EVERY, self.began + FIRST
        self.kept: list[tuple[int, int]] = []  # (step, bytes), the oldest first
        self.given_up = megabytes == 0

    def after_step(self, task: Task) -> None:
        """Keep this moment, if it is time."""
        if time.perf_counter() >= self.due and not self.given_up:
            self._keep(task)

    def last(self, task: Task) -> None:
        """Keep the end of the run, whatever its size."""
        if self.room and task.step and (not self.kept or self.kept[-1][0] != task.step):
            self._keep(task)

    def _keep(self, task: Task) -> None:
        from core.training.moments import capture, packed

        began = time.perf_counter()
        try:
            content = packed(capture(task))
        except Exception:  # the run goes on; without this moment the way back is longer
            log.exception("a moment could not be kept", extra={"pid": os.getpid()})
            self.given_up = True
            return
        self.send({"type": "file", "name": moment_name(task.step)}, content)
        self.kept.append((task.step, len(content)))
        self.given_up = len(content) * FEWEST > self.room
        self._thin_out()
        now = time.perf_counter()
        pause = min(self.every, max(FIRST, GROWTH * (now - self.began)))
        cost = now - began if len(self.kept) > 1 else 0.0  # the first one loads what all need
        self.due = now + max(pause, cost / SHARE)

    def _thin_out(self) -> None:
        """Let every other one go while they take too much room; from then on they are taken half as often."""
        while len(self.kept) > FEWEST and sum(size for _step, size in self.kept) > self.room:
            gone = self.kept[-2::-2]  # the newest stays
            self.kept = [one for one in self.kept if one not in gone]
            self.every *= 2
            names = [moment_name(step) for step, _size in gone]
            self.send({"type": "drop", "names": names}, b"")
