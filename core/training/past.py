"""Any step of a run again: from the nearest moment that was kept, the steps in between are trained anew.

On the CPU, in eager mode, in float32 and with the same number of threads the weights are those of then, to the last bit;
elsewhere they are close.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from core.config import RunConfig
from core.errors import LiveTorchError
from core.i18n import N_
from core.training.events import Edit
from core.training.moments import capture, put_back, unpacked
from core.training.past_names import moment_name, step_of
from core.training.task import Task, make_task

if TYPE_CHECKING:
    from torch import Tensor

log = logging.getLogger("livetorch.past")

TRIED = 10  # steps after which the time for the rest is foreseen


class Past:
    """What is known of a run's past. ``config``: what it was started with, resolved for this machine."""

    def __init__(self, config: RunConfig, edits: Sequence[Mapping[str, Any]], folder: Path | None) -> None:
        """``edits``: (step, name, value) in the order in which they were made; ``folder``: where moments are kept."""
        self.config, self.edits, self.folder = config, list(edits), folder

    @property
    def steps(self) -> tuple[int, ...]:
        """Steps that need not be trained anew, 0 first."""
        if self.folder is None:
            return (0,)
        found = (step_of(file.name) for file in self.folder.iterdir()) if self.folder.is_dir() else ()
        return (0, *sorted(step for step in found if step is not None))

    def task_at(self, step: int, seconds: float = math.inf) -> Task:
        """A task of its own as it was after ``step`` and the edits that were made then.

        Where training the steps in between would take more than ``seconds``, the nearest kept one: see its ``step``.
        """
        kept = [one for one in self.steps if one <= step]
        task = self._kept(kept)
        if replay(task, self.edits, step, seconds):
            return task
        nearest = min(self.steps, key=lambda one: abs(one - step))
        return self._kept([0, nearest])

    def networks_at(self, step: int) -> Mapping[str, Mapping[str, Tensor]]:
        """The states of all networks after ``step``, one of :attr:`steps`, without building a task for each."""
        try:
            state = unpacked((self.folder / moment_name(step)).read_bytes()) if step and self.folder else None
        except OSError:  # thinned out meanwhile
            state = None
        networks: Mapping[str, Mapping[str, Tensor]] = (state or capture(self.task_at(step)))["networks"]
        return networks

    def _kept(self, steps: list[int]) -> Task:
        """The last of ``steps`` whose file can be read; the beginning needs none."""
        for step in reversed(steps):
            task = make_task(self.config)
            if step == 0 or self.folder is None:
                return task
            try:
                state = unpacked((self.folder / moment_name(step)).read_bytes())
            except Exception:  # thinned out or deleted meanwhile, or broken: an earlier one serves
                log.warning("the moment after step %d cannot be read", step, exc_info=True)
                continue
            for edit in self.edits[: state["counters"]["edits_made"]]:
                task.apply(Edit(edit["name"], edit["value"]))
            try:
                put_back(task, state)
            except torch.OutOfMemoryError:
                raise  # the moment fits, only not beside what else is on the GPU
            except (RuntimeError, ValueError) as error:  # other layers or other shapes than those of then
                raise LiveTorchError(
                    N_(
                        "What was kept of this run's past does not fit its network, which has changed since, so there is no way back. Its curves are kept. To go back to its steps, train once more with the same settings."
                    )
                ) from error
            return task
        return make_task(self.config)


def replay(task: Task, edits: Sequence[Mapping[str, Any]], step: int, seconds: float = math.inf) -> bool:
    """Train on until after ``step``, making the ``edits`` that were made on the way.

    Evaluates only where the schedule asks for it. Returns ``False``, somewhere on the way, if it would take longer than ``seconds``.
    """
    began, first = time.perf_counter(), task.step
    _make_due(task, edits)
    while task.step < step:
        epoch = task.epoch if task.open else task.epoch + 1
        task.most = _most(task, edits, step)
        for batch in task.batches(epoch):
            task.training_step(batch)
            _make_due(task, edits)
            if task.step >= step:
                break
            task.most = _most(task, edits, step)
            done, spent = task.step - first, time.perf_counter() - began
            if done >= TRIED and spent / done * (step - first) > seconds:
                return False
        else:
            values = task.evaluate() if task.config.schedule.name == "plateau" and task.validates(epoch) else {}
            task.end_epoch(epoch, values)
    task.most = Task.most
    return True


def _most(task: Task, edits: Sequence[Mapping[str, Any]], step: int) -> int:
    """Steps that may be taken at once: up to ``step`` or the next edit."""
    following = edits[task.edits_made : task.edits_made + 1]
    return max(1, min([step, *(int(edit["step"]) for edit in following)]) - task.step)


def _make_due(task: Task, edits: Sequence[Mapping[str, Any]]) -> None:
    while task.edits_made < len(edits) and edits[task.edits_made]["step"] <= task.step:
        edit = edits[task.edits_made]
        task.apply(Edit(edit["name"], edit["value"]))
        task.edits_made += 1
