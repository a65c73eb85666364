"""Whether there is room for another run, and which of those that wait has the next place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import LimitError, QuestionError
from core.i18n import N_
from core.runs.record import Record

if TYPE_CHECKING:
    from core.runs.service import RunService


class Queue:
    """The runs that wait for a place, in the order in which they came."""

    def __init__(self, service: RunService) -> None:
        self.service = service

    def check_room(self, owner: str) -> None:
        """Raise LimitError where ``owner`` can have no other run now; call with the service's lock held."""
        limits = self.service.limits
        active = [record for record in self.service.records.values() if record.active]
        mine = [record for record in active if record.row["visitor"] == owner]
        if limits.runs_per_visitor and len(mine) >= limits.runs_per_visitor:
            raise LimitError(
                N_("You have {count} runs on or waiting, as many as one visitor may have here. Stop one first."),
                count=len(mine),
            )
        waiting = sum(record.state == "queued" for record in active)
        if waiting >= limits.queue:
            raise LimitError(
                N_("The queue is full ({count} runs are waiting). Try again in a few minutes."), count=waiting
            )
        if self.service.store.free_mb() < limits.disk_floor_mb:
            raise LimitError(
                N_("This server has less than {limit} MB of disk left, so no run is started."),
                limit=limits.disk_floor_mb,
            )

    def start_waiting(self) -> None:
        """Give free places to the runs that wait longest."""
        service = self.service
        while True:
            with service.lock:
                waiting = self._waiting()
                full = len(service.occupied) >= service.limits.max_running
                if not waiting or full or not service.client.ready.is_set():
                    break
                record = min(waiting, key=lambda record: float(record.row["created"]))
                service.occupied.add(record.id)
            self._start(record)

    def _waiting(self) -> list[Record]:
        occupied = self.service.occupied
        return [one for one in self.service.records.values() if one.state == "queued" and one.id not in occupied]

    def _start(self, record: Record) -> None:
        service = self.service
        message = {"type": "start", "run": record.id, "config": record.row["config"], "threads": service.limits.threads}
        message["more"] = {"keep_mb": service.limits.moments_mb}
        if branch := record.row["info"].get("branch"):
            folder = str(service.store.run_folder(record.id))
            message["more"]["begin"] = branch | {"edits": record.row["edits"], "folder": folder}
        try:
            service.client.send(message | {"paused": record.row.get("paused", False)})
            service.viewing.begun(record)
        except QuestionError as error:
            failed = {"type": "exited", "run": record.id, "state": "failed"}
            service.intake.put(failed | {"reason": error.template, "values": error.values})

    def position(self, record: Record) -> int:
        """1 for the next to start; 0 for a run that does not wait."""
        if record.state != "queued" or record.id in self.service.occupied:
            return 0
        with self.service.lock:
            waiting = [one.row["created"] for one in self._waiting()]
        return 1 + sum(bool(created < record.row["created"]) for created in waiting)

    def expected_wait(self, record: Record) -> float | None:
        """Seconds until a queued run has a place, if every run goes on as it does; ``None`` where nobody can say."""
        position = self.position(record)
        if position == 0:
            return None
        with self.service.lock:
            records = self.service.records
            etas = [records[run].eta() for run in self.service.occupied if run in records]
        left = sorted(eta for eta in etas if eta is not None)
        return left[position - 1] if position <= len(left) else None
