"""The training loop: a generator that says what happened and, between steps, hears what to change.

Step, Play and the exported script all go through it. It prints nothing, draws nothing and knows no
process: whoever drives it decides when the next step is taken.
"""

from __future__ import annotations

import math
from collections.abc import Generator

from core.i18n import N_
from core.training.events import Edit, Edited, Ended, Event, Metrics
from core.training.task import Task

DIVERGED_AT = 1e4  # times the first loss; Adam can run away for long before a float overflows
Loop = Generator[Event, list[Edit] | None, None]


def train(task: Task, epochs: int) -> Loop:
    """Train ``task`` for ``epochs`` epochs. Edits sent in reply to a ``Metrics`` hold from the next step."""
    yield task.started()
    yield from _said(task, Metrics("validation", 0, 0, task.evaluate()))
    step, bound = 0, math.inf
    for epoch in range(1, epochs + 1):
        for batch in task.batches(epoch):
            rate = task.learning_rate
            values = task.training_step(batch)
            step += 1
            yield from _said(task, Metrics("train", step, epoch, values, task.progress))
            loss = values["loss"]
            if step == 1:
                bound = DIVERGED_AT * max(loss, 1.0)
            if not math.isfinite(loss) or loss > bound:
                yield _diverged(step, loss, rate)
                return
        yield from _said(task, Metrics("validation", step, epoch, task.evaluate(), task.progress))
    yield Ended("finished", step)


def _said(task: Task, metrics: Metrics) -> Loop:
    """Say ``metrics``, then make the changes that were asked for in reply."""
    edits = yield metrics
    for edit in edits or []:
        task.apply(edit)
        yield Edited(metrics.step, edit.name, edit.value)


def _diverged(step: int, loss: float, learning_rate: float) -> Ended:
    became = f"{loss:.3g}" if math.isfinite(loss) else "infinite" if math.isinf(loss) else "not a number"
    return Ended(
        "diverged",
        step,
        N_(
            "Diverged at step {step}: the loss became {loss}. The learning rate {rate:g} is too large for this network; try {better:g}."
        ),
        {"step": step, "loss": became, "rate": learning_rate, "better": min(learning_rate / 10, 0.01)},
    )
