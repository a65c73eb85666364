"""The runs of all visitors: submit, watch, steer, keep. The one object that pages and routes talk to."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from core.config import RunConfig
from core.errors import LiveTorchError, NotFoundError
from core.families import FAMILIES, found
from core.i18n import N_
from core.pictures.library import Library
from core.runs.answers import Answers
from core.runs.branching import branch_edits
from core.runs.client import OnMessage, SupervisorClient
from core.runs.intake import Intake
from core.runs.limits import Limits
from core.runs.queueing import Queue
from core.runs.record import ACTIVE, Record, RunView, edited, owner_of
from core.runs.steering import Steering
from core.runs.store import Store
from core.runs.takeaway import csv_of, script_of
from core.runs.viewing import Viewing, why_no_weights
from core.runs.weights import WEIGHTS_FILE

log = logging.getLogger("livetorch.service")

CACHED_RECORDS = 64
LONGEST_TITLE = 80
CHECK_SECONDS = 20.0


class Client(Protocol):
    """What the service needs of the supervisor; another scheduler may stand in its place."""

    ready: threading.Event

    def send(self, message: dict[str, Any], blob: bytes = b"") -> None: ...
    def ask(self, function: Callable[..., Any] | str, *args: Any, timeout: float = 5.0) -> Any: ...
    def close(self) -> None: ...


class RunService:
    """Policy and memory of the runs. Thread-safe; a visitor is named by the raw cookie token."""

    def __init__(
        self, limits: Limits, store: Store, make_client: Callable[[OnMessage], Client] = SupervisorClient
    ) -> None:
        self.limits, self.store = limits, store
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.records: OrderedDict[str, Record] = OrderedDict()
        self.occupied: set[str] = set()  # runs that have a process
        self.answers = Answers()
        self.viewing, self.queue, self.steering = Viewing(self), Queue(self), Steering(self)
        self._interrupt_left_over()
        self.intake = Intake(self)
        self.client = make_client(self.intake.put)
        self.library = Library(store, limits, self.client.ask)

    def _interrupt_left_over(self) -> None:
        reason = N_("The server was restarted while this run was on. Its numbers up to then are kept.")
        for row in self.store.in_states(*ACTIVE):
            said = {"template": reason, "values": {}}
            self.store.update(row["id"], state="interrupted", ended=time.time(), reason=said)

    # Submitting and steering

    def submit(self, visitor: str, config: RunConfig, *, paused: bool = False) -> RunView:
        """Start a run, or queue it. Raises LimitError or StoreError with a sentence."""
        return self._submit(visitor, config, config.title, paused)

    def branch(self, run_id: str, visitor: str, step: int, changes: Mapping[str, Any]) -> RunView:
        """Start a run of its own that goes on from ``step`` of another one with ``changes`` (config path -> value).

        Raises LimitError, StoreError, and ConfigError for what cannot be changed.
        """
        record = self.record(run_id, visitor)
        self.check_fits(record)
        with self.lock:
            edits = branch_edits(record, step, changes)
            title = f"{record.row['title']} · {step:,}"[:LONGEST_TITLE]
            seconds, _epoch = record.log.place_of(step)
        changed = edited(record.config, edits)
        self.ask(FAMILIES[changed.page].check, changed.to_dict(), timeout=CHECK_SECONDS)  # refuses what does not fit
        info = {"branch": {"run": run_id, "step": step, "seconds": seconds}}
        return self._submit(visitor, record.config, title, False, edits, info)

    def _submit(
        self,
        visitor: str,
        config: RunConfig,
        title: str,
        paused: bool,
        edits: Sequence[Mapping[str, Any]] = (),
        info: Mapping[str, Any] | None = None,
    ) -> RunView:
        owner = owner_of(visitor)
        with self.lock:
            self.queue.check_room(owner)
            self._clean_up(owner)
            row: dict[str, Any] = {
                "id": secrets.token_urlsafe(16),
                "visitor": owner,
                "view_token": secrets.token_urlsafe(16),
                "title": title,
                "page": config.page,
                "config": config.to_dict(),
                "state": "queued",
                "reason": {},
                "created": time.time(),
                "ended": None,
                "info": dict(info or {}),
                "edits": list(edits),
                "progress": {},
            }
            self.store.add(row)
            if branch := row["info"].get("branch"):
                self.store.share_moments(branch["run"], row["id"], branch["step"])
            record = Record(row | {"paused": paused})
            self.records[record.id] = record
        self.queue.start_waiting()
        return self._view(record, owner)

    def _clean_up(self, owner: str) -> None:
        """Runs that never took a step, and what is past its age or number, go."""
        mine = [row for row in self.store.of_visitor(owner) if row["state"] not in ACTIVE]
        gone = [row["id"] for row in mine[self.limits.kept_runs - 1 :]]
        gone += [
            run
            for run, record in self.records.items()
            if record.row["visitor"] == owner and not record.active and record.log.step == 0
        ]
        if self.limits.kept_days:
            gone += self.store.ended_before(time.time() - 86_400 * self.limits.kept_days)
        for run in set(gone):
            self.store.delete(run)
            self.records.pop(run, None)

    def pause(self, run_id: str, visitor: str, wait: float = 0.25) -> None:
        """Hold the run after its running step."""
        self.steering.command(self.record(run_id, visitor), "pause", frozenset({"running", "queued"}), wait)

    def resume(self, run_id: str, visitor: str, wait: float = 0.25) -> None:
        """Go on after a pause."""
        self.steering.command(self.record(run_id, visitor), "resume", frozenset({"paused"}), wait)

    def stop(self, run_id: str, visitor: str, wait: float = 0.25) -> None:
        """End the run after its running step; one that still waits leaves the queue."""
        self.steering.stop(self.record(run_id, visitor), wait)

    def step(self, run_id: str, visitor: str, wait: float = 0.25) -> None:
        """Exactly one optimiser step, then pause."""
        record = self.record(run_id, visitor)
        if record.state == "running":
            self.pause(run_id, visitor)
        self.steering.step(record, wait)

    def edit(self, run_id: str, visitor: str, name: str, value: Any, wait: float = 0.25) -> None:
        """Change what the EDITABLE of its config names in a run that is on. Raises ConfigError for what cannot be."""
        self.steering.edit(self.record(run_id, visitor), name, value, wait)

    def send(self, run_id: str, command: dict[str, Any]) -> None:
        """Give a command to a run's process. Raises QuestionError where the engine is lost."""
        self.client.send({"type": "command", "run": run_id, "command": command})

    # Looking

    def view(self, run_id: str, visitor: str | None = None, token: str | None = None) -> RunView:
        """A run, for its visitor or with its view token. Raises NotFoundError for anybody else."""
        record = self.record(run_id, visitor, token)
        return self._view(record, owner_of(visitor) if visitor else "")

    def views(self, visitor: str) -> list[RunView]:
        """A visitor's runs, newest first."""
        owner = owner_of(visitor)
        with self.lock:
            rows = self.store.of_visitor(owner)
            return [self._view(self.records.get(row["id"]) or Record(row), owner) for row in rows]

    def all_active(self, visitor: str) -> list[RunView]:
        """The visitor's runs that are on, on any page; asks no database."""
        owner = owner_of(visitor)
        with self.lock:
            mine = [record for record in self.records.values() if record.active and record.row["visitor"] == owner]
            return [self._view(record, owner) for record in mine]

    def active(self, visitor: str, page: str) -> RunView | None:
        """The visitor's newest run of ``page`` that is on."""
        mine = [run for run in self.all_active(visitor) if run.page == page]
        return max(mine, key=lambda run: run.created, default=None)

    def record(self, run_id: str, visitor: str | None = None, token: str | None = None) -> Record:
        """The run behind a view, for routes. Raises NotFoundError."""
        with self.lock:
            record = self._record(run_id)
            own = visitor is not None and record is not None and record.row["visitor"] == owner_of(visitor)
            shared = (
                token is not None and record is not None and secrets.compare_digest(token, record.row["view_token"])
            )
        if record is None or not (own or shared):
            raise NotFoundError(N_("There is no such run, or it is not yours to see. Ask for a share link."))
        return record

    def _record(self, run_id: str) -> Record | None:
        """From memory, else from the store; ``None`` where there is none."""
        if run_id in self.records:
            return self.records[run_id]
        row = self.store.get(run_id)
        if row is None:
            return None
        self.records[run_id] = Record.stored(row, self.store.chunks(run_id))
        idle = [run for run, record in self.records.items() if not record.active and not record.watchers]
        for run in idle[: max(0, len(self.records) - CACHED_RECORDS)]:
            if run != run_id:
                del self.records[run]
        return self.records[run_id]

    def _view(self, record: Record, owner: str) -> RunView:
        with self.lock:
            return RunView.of(record, owner, self.queue.position(record))

    def watch(self, record: Record, wake: Callable[[], None]) -> Callable[[], None]:
        """Have ``wake`` called (from any thread) when the run changes; returns what ends that."""
        return self.viewing.watch(record, wake)

    # Keeping and taking away

    def rename(self, run_id: str, visitor: str, title: str) -> None:
        """Give a run another name. Raises LiveTorchError for an empty one."""
        record = self.record(run_id, visitor)
        title = " ".join(title.split())[:LONGEST_TITLE]
        if not title:
            raise LiveTorchError(N_("A run needs a name. Type at least one letter."))
        self.store.update(run_id, title=title)
        with self.lock:
            record.row["title"] = title
            record.changes += 1
        self.intake.nudge()

    def delete(self, run_id: str, visitor: str) -> None:
        """Remove a run for good; one that is on is ended first."""
        record = self.record(run_id, visitor)
        if record.active and run_id in self.occupied:
            self.client.send({"type": "kill", "run": run_id})
        with self.lock:
            record.end("stopped")
            record.deleted = True
            self.store.delete(run_id)
            self.records.pop(run_id, None)
            viewers = list(record.watchers)
        for wake in viewers:  # in other tabs, which find out that it is gone
            wake()

    def script(self, run_id: str, visitor: str | None = None, token: str | None = None) -> str:
        """The standalone script of a run. Raises LiveTorchError before its first step, and as :meth:`check_fits`."""
        record = self.record(run_id, visitor, token)
        self.check_fits(record)
        with self.lock:
            return script_of(record)

    def metrics_csv(self, run_id: str, visitor: str | None = None, token: str | None = None) -> str:
        """Every point of a run: split, step, epoch, seconds and the metrics."""
        record = self.record(run_id, visitor, token)
        with self.lock:
            return csv_of(record)

    def weights(self, run_id: str, visitor: str | None = None, token: str | None = None) -> Path:
        """Where the weights of a run lie that is over. Raises NotFoundError where there are none."""
        record = self.record(run_id, visitor, token)
        path = self.store.path_of(run_id, WEIGHTS_FILE)
        if record.active:
            raise NotFoundError(N_("This run is still on; its weights are there when it has ended."))
        if path is None:
            raise NotFoundError(why_no_weights(record.state))
        return path

    def check_fits(self, record: Record) -> None:
        """Raise LiveTorchError where what is kept of a run cannot be used any more, for what it rests on has changed."""
        check = FAMILIES[record.config.page].fits
        if check is not None:
            versions = record.row["info"].get("versions", {})
            found(check)(record.config, versions, self.store.path_of(record.id, WEIGHTS_FILE))

    def ask(self, function: Callable[..., Any] | str, *args: Any, timeout: float = 5.0) -> Any:
        """A question to the worker pool; pure answers are remembered. Raises as the function does."""
        return self.answers.get(self.client.ask, function, args, timeout)

    def close(self) -> None:
        """End the supervisor with all workers, then the writer."""
        self.client.close()
        self.intake.close()
        self.store.close()


_service: RunService | None = None
_making = threading.Lock()


def service() -> RunService:
    """The service of this process, made at first use. Raises StoreError or LimitError."""
    global _service
    with _making:
        if _service is None:
            _service = RunService(Limits.from_environment(), Store())
        return _service


def close_service() -> None:
    """End the service of this process, if there is one."""
    global _service
    with _making:
        if _service is not None:
            _service.close()
            _service = None
