"""The training loop: a generator that says what happened and, between steps, hears what to change.

Step, Play and the exported script all go through it. It prints nothing, draws nothing and knows no
process: whoever drives it decides when the next step is taken.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from itertools import count

from core.training.breaks import held_seconds
from core.training.events import Edit, Edited, Ended, Event, Metrics
from core.training.stops import StopRules
from core.training.task import Task

Loop = Generator[Event, list[Edit] | None, None]


def train(task: Task) -> Loop:
    """Train ``task`` for the epochs of its config, or until a stop rule holds.

    One that has trained before goes on from where it stands. Edits sent in reply to a ``Metrics`` hold from the next step.
    """
    yield task.started()
    if task.step == 0:
        yield from _said(task, Clock(), Metrics("validation", 0, 0, task.evaluate()))
    clock, rules = Clock(), StopRules()
    for epoch in count(task.epoch if task.open else task.epoch + 1):
        for batch in task.batches(epoch):
            rate = task.learning_rate
            values = task.training_step(batch)
            step = task.step
            yield from _said(task, clock, Metrics("train", step, epoch, values, task.progress))
            if ended := rules.after_step(task.config, step, values.get("loss"), rate, clock.seconds):
                yield ended
                return
        last = epoch >= task.config.epochs
        before = held_seconds()
        values = task.evaluate() if last or task.single or task.validates(epoch) else {}
        task.end_epoch(epoch, values)
        clock.seconds -= held_seconds() - before
        if not values:
            continue
        yield from _said(task, clock, Metrics("validation", task.step, epoch, values, task.progress))
        if ended := rules.after_epoch(task.config, task.step, epoch, values, clock.seconds):
            yield ended
            return
        if last:
            break
    yield Ended("finished", task.step)


def _said(task: Task, clock: Clock, metrics: Metrics) -> Loop:
    """Say ``metrics``, then make the changes that were asked for in reply, to them or to one another."""
    clock.stop()
    waiting = list((yield metrics) or [])
    while waiting:
        edit = waiting.pop(0)
        task.apply(edit)
        task.edits_made += 1
        waiting += (yield Edited(metrics.step, edit.name, edit.value)) or []  # whoever holds the run may ask for more
    clock.go_on()


class Clock:
    """Seconds spent in the loop itself; what is done between its events does not count."""

    def __init__(self) -> None:
        self.seconds, self._since = 0.0, time.perf_counter()

    def stop(self) -> None:
        self.seconds += time.perf_counter() - self._since

    def go_on(self) -> None:
        self._since = time.perf_counter()
