"""What a visitor does to a run that is on: hold it, let it take a step, change it, end it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.config import check_editable
from core.errors import LimitError
from core.families import FAMILIES
from core.i18n import N_
from core.runs.record import ACTIVE, Record

if TYPE_CHECKING:
    from core.runs.service import RunService

LONGEST_EDITS = 4_000_000  # characters of a run's changes as JSON


class Steering:
    """Commands to the processes of runs. Each waits a moment for its effect, so that the page shows it at once."""

    def __init__(self, service: RunService) -> None:
        self.service = service

    def command(self, record: Record, kind: str, states: frozenset[str], wait: float) -> None:
        """Give command ``kind`` to a run that is in one of ``states``; to any other there is nothing to say."""
        if record.state not in states:
            return
        before = record.state
        self.service.send(record.id, {"type": kind})
        heard = self._wait(lambda: record.state != before, wait)
        if kind == "pause" and not heard:
            self._show_pausing(record)

    def _show_pausing(self, record: Record) -> None:
        """Let everybody see that the run will be held, where that takes longer than a moment."""
        with self.service.lock:
            record.pausing = record.state == "running"
            record.changes += 1
        self.service.intake.nudge()

    def stop(self, record: Record, wait: float) -> None:
        """See :meth:`RunService.stop`."""
        service = self.service
        with service.lock:
            queued = record.state == "queued" and record.id not in service.occupied
            if queued:
                record.end("stopped")
        if queued:
            service.store.update(record.id, **{name: record.row[name] for name in ("state", "ended", "reason")})
            service.intake.nudge()
        else:
            self.command(record, "stop", ACTIVE, wait)

    def step(self, record: Record, wait: float) -> None:
        """See :meth:`RunService.step`, of a run that is held."""
        before = record.log.step
        self.service.send(record.id, {"type": "step", "count": 1})
        self._wait(lambda: record.log.step > before or not record.active, wait)

    def edit(self, record: Record, name: str, value: Any, wait: float) -> None:
        """See :meth:`RunService.edit`."""
        check_editable(record.config, name)
        now = record.config_now
        changed = now.with_value(name, value)
        if name == "batch_size" and changed != now:
            self.service.ask(FAMILIES[changed.page].check, changed.to_dict())  # refuses what does not fit into memory
        if record.active and changed != now:
            _check_length(record, value)
            self.service.send(record.id, {"type": "edit", "name": name, "value": value})
            before = len(record.row["edits"])
            if record.state == "running":
                self._wait(lambda: len(record.row["edits"]) > before or not record.active, wait)

    def _wait(self, done: Callable[[], bool], seconds: float) -> bool:
        with self.service.changed:
            return self.service.changed.wait_for(done, seconds)


def _check_length(record: Record, value: Any) -> None:
    """Every change is kept, so that the script can repeat it; painted points are long."""
    length = len(json.dumps([record.row["edits"], value]))
    if length > LONGEST_EDITS:
        raise LimitError(
            N_(
                "What was changed by hand in this run takes {size:.0f} MB, as much as is kept for one. Start another run to change more."
            ),
            size=LONGEST_EDITS / 1e6,
        )
