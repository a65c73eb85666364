"""Takes in what the supervisor says: first into the store, then onto the screens."""

from __future__ import annotations

import logging
import math
import queue
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.errors import LiveTorchError
from core.i18n import N_
from core.runs.batch import Batch
from core.runs.log import Chunk
from core.runs.looks import Answer
from core.runs.record import Record

if TYPE_CHECKING:
    from core.runs.service import RunService

log = logging.getLogger("livetorch.intake")

RETRY_SECONDS = 1.0


class Intake:
    """The thread through which all news passes, in order."""

    def __init__(self, service: RunService) -> None:
        self.service = service
        self.news: queue.SimpleQueue[tuple[dict[str, Any], bytes] | None] = queue.SimpleQueue()
        self.batch = Batch()  # what is not in the store yet
        self.thread = threading.Thread(target=self._work, name="intake", daemon=True)
        self.thread.start()

    def put(self, message: dict[str, Any], blob: bytes = b"") -> None:
        """Hand over a message; returns at once."""
        self.news.put((message, blob))

    def nudge(self) -> None:
        """A run was changed from elsewhere: have its viewers woken."""
        self.put({"type": "nudge"})

    def close(self) -> None:
        """Work off what is there and end."""
        self.news.put(None)
        self.thread.join(10)

    def _work(self) -> None:
        while True:
            try:
                item = self.news.get(timeout=RETRY_SECONDS if self.batch else None)
            except queue.Empty:
                item = ({"type": "retry"}, b"")
            items = [item]
            while not self.news.empty():
                items.append(self.news.get())
            try:
                self._take([entry for entry in items if entry is not None])
            except Exception:  # the thread must outlive a defect; it is logged whole
                log.exception("news could not be taken in")
            if None in items:
                return

    def _take(self, items: list[tuple[dict[str, Any], bytes]]) -> None:
        """Store a batch of news in one transaction, then let everybody see it."""
        publish: list[Callable[[], None]] = []
        for message, blob in items:
            try:
                with self.service.lock:
                    shown = self._note(message, blob)
            except Exception:  # nonsense from one run must not cost another its numbers; it is logged whole
                log.exception("a message could not be taken in")
                continue
            if shown is not None:
                publish.append(shown)
        saved = self.batch.save(self.service.store)
        with self.service.lock:
            for show in publish:
                show()
            for record in list(self.service.records.values()):
                if record.saved != saved and record.active:
                    record.saved, record.changes = saved, record.changes + 1
            self.service.changed.notify_all()
            changed = [record for record in self.service.records.values() if record.changes != record.told]
            woken = [wake for record in changed for wake in record.watchers]
            for record in changed:
                record.told = record.changes
        for wake in woken:
            wake()
        self.service.queue.start_waiting()

    def _note(self, message: dict[str, Any], blob: bytes) -> Callable[[], None] | None:
        """Add ``message`` to the batch; returns what shows it, to be called once it is stored."""
        if message["type"] == "lost":
            return self._engine_lost()
        record = self.service.records.get(str(message.get("run")))
        if message["type"] == "exited":
            self.service.occupied.discard(str(message["run"]))
        if record is None:
            return None
        if message["type"] == "exited":
            return self._exited(record, message)
        return self._event(record, message["event"], blob) if message["type"] == "event" else None

    def _event(self, record: Record, event: dict[str, Any], blob: bytes) -> Callable[[], None] | None:
        kind = event["type"]
        if kind == "points":
            return self._points(record, event)
        if kind == "look":
            return self._seen(record, event)
        if kind == "file":
            self.batch.keep_file(record.id, event["name"], blob)
            return None
        if kind == "drop":
            self.batch.drop_files(record.id, event["names"])
            return None
        if kind == "limit":
            record.limit = event
            return None
        if kind == "preparing":
            said = LiveTorchError(event["template"], **event["values"])
            return lambda: self._prepares(record, said)
        changed = self._changed_row(record, event)
        if not changed or not record.active:
            return None
        self.batch.changes.setdefault(record.id, {}).update(changed)
        return lambda: self._show(record, **changed)

    def _changed_row(self, record: Record, event: dict[str, Any]) -> dict[str, Any]:
        """Columns that ``event`` changes."""
        kind = event["type"]
        if kind == "started":
            kept = {name: record.row["info"][name] for name in ("branch",) if name in record.row["info"]}
            return {"info": kept | {name: value for name, value in event.items() if name != "type"}}
        if kind == "state":
            return {"state": event["state"]}
        if kind == "edited":
            edit = {name: event[name] for name in ("step", "name", "value", "seconds", "epoch")}
            pending = self.batch.changes.get(record.id, {}).get("edits", record.row["edits"])
            return {"edits": [*pending, edit]}
        if kind == "ended":
            reason, values, state = event["reason"], event["values"], event["state"]
            if record.limit is not None and state == "stopped":
                reason, values = record.limit["reason"], record.limit["values"]
            return {"state": state, "ended": time.time(), "reason": {"template": reason, "values": values}}
        return {}

    def _points(self, record: Record, event: dict[str, Any]) -> Callable[[], None]:
        behind = sum(
            len(chunk) for run, chunk in self.batch.points if run == record.id and chunk.first >= record.log.total
        )
        chunks, first = [], record.log.total + behind
        for payload in event["chunks"]:
            chunks.append(Chunk(first, payload))
            first += len(chunks[-1])
        self.batch.points += [(record.id, chunk) for chunk in chunks]
        self.batch.changes.setdefault(record.id, {})["progress"] = self._progress(record, chunks)

        def show() -> None:
            for chunk in chunks:
                record.log.add(chunk)
            record.rate, record.metric_time = event["rate"], event["time"]
            record.changes += 1

        return show

    def _progress(self, record: Record, chunks: list[Chunk]) -> dict[str, Any]:
        """What a list of runs shows, so that it need not read every point."""
        stored = self.batch.changes.get(record.id, {}).get("progress", {}).get("latest", {})
        latest = record.progress()["latest"] | stored
        for chunk in chunks:
            latest = latest | {chunk.split: {name: column[-1] for name, column in chunk.values.items()}}
        return {"step": chunks[-1].step[-1], "epoch": math.ceil(chunks[-1].epoch[-1]), "latest": latest}

    def _prepares(self, record: Record, said: LiveTorchError) -> None:
        record.preparing = said
        record.changes += 1

    def _show(self, record: Record, **changed: Any) -> None:
        record.row.update(changed)
        record.pausing = record.pausing and "state" not in changed
        record.changes += 1

    def _seen(self, record: Record, event: dict[str, Any]) -> Callable[[], None]:
        """An answer to a look, which nobody may be waiting for any more."""
        key, said = str(event["key"]), event.get("error")
        error = LiveTorchError(said["template"], **said["values"]) if said else None
        answer = Answer(int(event["step"]), event.get("data"), error)

        def show() -> None:
            if key in record.looks:
                record.answers[key] = answer
                record.changes += 1

        return show

    def _exited(self, record: Record, message: dict[str, Any]) -> Callable[[], None] | None:
        pending = self.batch.changes.get(record.id, {}).get("state", record.state)
        if message["state"] is None and pending not in ("queued", "running", "paused"):
            return None
        reason = message["reason"] or N_("The training process ended without saying why.")
        said = {"template": reason, "values": message["values"]}
        if record.limit is not None and message["state"] == "stopped":
            said = {"template": record.limit["reason"], "values": record.limit["values"]}
        ended: dict[str, Any] = {"state": message["state"] or "failed", "ended": time.time(), "reason": said}
        self.batch.changes.setdefault(record.id, {}).update(ended)
        return lambda: self._show(record, **ended)

    def _engine_lost(self) -> Callable[[], None]:
        reason = {
            "template": N_("The training engine was lost, and this run with it. Its numbers up to here are kept."),
            "values": {},
        }
        ended: dict[str, Any] = {"state": "failed", "ended": time.time(), "reason": reason}
        hit = [self.service.records[run] for run in self.service.occupied if run in self.service.records]
        self.service.occupied.clear()
        hit = [record for record in hit if record.active]
        for record in hit:
            self.batch.changes.setdefault(record.id, {}).update(ended)

        def show() -> None:
            for record in hit:
                self._show(record, **ended)

        return show
