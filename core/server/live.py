"""The live socket of a run: increments from a cursor, as fast as the viewer takes them."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.errors import LiveTorchError
from core.i18n import choose_language, explain
from core.runs.log import finite
from core.runs.looks import Answer, asked_looks
from core.runs.record import Record, reason_of
from core.runs.service import service
from core.server.middleware import visitor_in

log = logging.getLogger("livetorch.live")

LEAST_SECONDS = 0.03  # between two frames: a stage is drawn a good 20 times a second
KEEPALIVE_SECONDS = 15.0
QUEUE_SECONDS = 1.0
# Looks at ended runs and at the past that are computed at a time: fewer than there are question workers, so that pages
# always find an idle one.
RESTS = CapacityLimiter(2)
NO_SUCH_RUN, FOREIGN_ORIGIN = 4404, 1008

# Most viewers of a run are at the same point: what happened is written once for all of them, as JSON that is not closed yet.
# ((changes of the run, cursor, language), next cursor, text)
_WRITTEN: WeakKeyDictionary[Record, tuple[tuple[int, int, str], int, str]] = WeakKeyDictionary()


async def live(socket: WebSocket) -> None:
    """Send a frame whenever something changed; a slow viewer gets fewer, larger ones."""
    origin = urlsplit(socket.headers.get("origin", "")).netloc
    if origin and origin != socket.headers.get("host"):
        await socket.close(FOREIGN_ORIGIN)
        return
    await socket.accept()
    token, visitor = socket.query_params.get("view") or None, visitor_in(socket.headers)
    try:
        record = await run_in_threadpool(service().record, socket.path_params["run"], visitor, token)
    except LiveTorchError:
        await socket.close(NO_SUCH_RUN)
        return
    cursor = socket.query_params.get("cursor", "0")
    viewer = Viewer(socket, record, int(cursor) if cursor.isdecimal() else 0)
    with suppress(WebSocketDisconnect, RuntimeError):  # the viewer left, which is no fault
        await viewer.serve()


class Viewer:
    """One open socket. It is told what the viewer looks at, and tells what happened and what was seen."""

    def __init__(self, socket: WebSocket, record: Record, cursor: int) -> None:
        self.socket, self.record, self.cursor = socket, record, cursor
        self.language = choose_language(socket.query_params.get("lang"))
        self.changed = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.seen = -1
        self.shown: dict[str, Answer] = {}  # answers the viewer has, by key
        self.resting: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Something changed; may be called from any thread."""
        self.loop.call_soon_threadsafe(self.changed.set)

    async def serve(self) -> None:
        """Until the viewer leaves."""
        unwatch = await run_in_threadpool(service().viewing.watch, self.record, self.wake)
        sending = asyncio.create_task(self._send())
        try:
            while (message := await self.socket.receive())["type"] != "websocket.disconnect":
                await self._hear(message.get("text") or "")
                await asyncio.sleep(LEAST_SECONDS)  # who says more has to wait
        finally:
            for task in (sending, self.resting):
                if task is not None:
                    task.cancel()
            await run_in_threadpool(unwatch)

    async def _hear(self, text: str) -> None:
        """The viewer looks at something else now."""
        try:
            looks = asked_looks(text)
        except ValueError as error:
            log.info("a viewer's message was ignored: %s", error, extra={"run": self.record.id})
            return
        await run_in_threadpool(service().viewing.look, self.record, self.wake, looks)
        keys = {look.key for look in looks}
        self.shown = {key: answer for key, answer in self.shown.items() if key in keys}
        self.seen = -1  # another viewer may have opened the same before
        self.changed.set()

    async def _send(self) -> None:
        while True:
            self.changed.clear()
            if self.record.deleted:
                await self.socket.close(NO_SUCH_RUN)
                return
            if self.record.changes != self.seen:
                await self.socket.send_text(self.frame())
                await asyncio.sleep(LEAST_SECONDS)
            if self.resting is None or self.resting.done():
                self.resting = asyncio.create_task(self._look_at_rest())
            # a place in the queue moves without any change of the run itself
            patience = QUEUE_SECONDS if self.record.state == "queued" else KEEPALIVE_SECONDS
            try:
                await asyncio.wait_for(self.changed.wait(), patience)
            except TimeoutError:
                self.seen = -1  # say that we are still here

    async def _look_at_rest(self) -> None:
        """Have what no worker answers any more answered from the run's weights, one after the other."""
        viewing = service().viewing
        while unanswered := viewing.unanswered(self.record, self.wake):
            await to_thread.run_sync(viewing.look_at_rest, self.record, unanswered[0], limiter=RESTS)

    def frame(self) -> str:
        """What happened since the last frame, what was seen since, and how things stand, as JSON."""
        with service().lock:
            self.seen = self.record.changes
            answers = service().viewing.answers(self.record, self.wake)
            happened = self._happened()
        new = [(look, answer) for look, answer in answers if self.shown.get(look.key) is not answer]
        self.shown |= {look.key: answer for look, answer in new}
        return f'{happened},"looks":{written([answer.said(look, self.language) for look, answer in new])}}}'

    def _happened(self) -> str:
        """The numbers since the cursor, which moves on, and the status; call with the lock held."""
        point = self.record.changes, self.cursor, self.language
        known = _WRITTEN.get(self.record)
        if known is None or known[0] != point or self.record.state == "queued":  # a place in the queue moves by itself
            frame = self.record.log.since(self.cursor)
            text = written(frame | {"status": finite(self.status())})
            known = _WRITTEN[self.record] = point, frame["to"], text.removesuffix("}")
        self.cursor = known[1]
        return known[2]

    def preparing(self) -> str:
        """What the run does before its first step, as a sentence."""
        said = self.record.preparing if self.record.active and not self.record.row["info"].get("device") else None
        return explain(said, self.language) if said else ""

    def status(self) -> dict[str, Any]:
        """State, progress and sizes; call with the lock held."""
        record, info, run_log = self.record, self.record.row["info"], self.record.log
        reason = reason_of(record.row)
        return {
            "state": record.state,
            "reason": explain(reason, self.language) if reason else "",
            "preparing": self.preparing(),
            "pausing": record.pausing,
            "step": run_log.step,
            "epoch": run_log.epoch,
            "total_steps": info.get("total_steps"),
            "epochs": record.row["config"]["epochs"],
            "rate": record.rate,
            "seconds": run_log.seconds,
            "eta_seconds": record.eta(),
            "learning_rate": record.config_now.optimizer.learning_rate,
            "edits": record.shown_edits(),
            "latest": run_log.latest,
            "queue_position": service().queue.position(record),
            "expected_wait": service().queue.expected_wait(record),
            "saved": record.saved,
            "metric_time": record.metric_time,
            "classes": info.get("classes", []),
            "shape": info.get("shape"),
            "samples": info.get("samples"),
            "validation_samples": info.get("validation_samples"),
            "title": record.row["title"],
        }


def written(data: Any) -> str:
    """As JSON, without spaces."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False)
