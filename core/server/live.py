"""The live socket of a run: increments from a cursor, as fast as the viewer takes them."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.errors import LiveTorchError
from core.i18n import choose_language, explain
from core.runs.log import finite
from core.runs.record import Record, reason_of
from core.runs.service import service
from core.server.middleware import visitor_in

log = logging.getLogger("livetorch.live")

LEAST_SECONDS = 0.05  # between two frames
KEEPALIVE_SECONDS = 15.0
QUEUE_SECONDS = 1.0
NO_SUCH_RUN, FOREIGN_ORIGIN = 4404, 1008


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
    """One open socket."""

    def __init__(self, socket: WebSocket, record: Record, cursor: int) -> None:
        self.socket, self.record, self.cursor = socket, record, cursor
        self.language = choose_language(socket.query_params.get("lang"))
        self.changed = asyncio.Event()
        self.seen = -1
        self.wall: Any = None

    async def serve(self) -> None:
        """Until the viewer leaves."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self.changed.set)

        unwatch = await run_in_threadpool(service().watch, self.record, wake)
        sending = asyncio.create_task(self._send())
        try:
            while True:
                await self.socket.receive_text()  # viewers have nothing to say; this notices when they leave
        finally:
            sending.cancel()
            await run_in_threadpool(unwatch)

    async def _send(self) -> None:
        while True:
            self.changed.clear()
            if self.record.changes != self.seen:
                await self.socket.send_text(json.dumps(self.frame(), separators=(",", ":"), allow_nan=False))
                await asyncio.sleep(LEAST_SECONDS)
            # a place in the queue moves without any change of the run itself
            patience = QUEUE_SECONDS if self.record.state == "queued" else KEEPALIVE_SECONDS
            try:
                await asyncio.wait_for(self.changed.wait(), patience)
            except TimeoutError:
                self.seen = -1  # say that we are still here

    def frame(self) -> dict[str, Any]:
        """What happened since the last frame, and how things stand."""
        with service().lock:
            self.seen = self.record.changes
            frame = self.record.log.since(self.cursor)
            status = self.status()
            wall = self.record.snapshots.get("wall")
        self.cursor = frame["to"]
        if wall is not self.wall:
            self.wall = status["wall"] = wall
        return frame | {"status": finite(status)}

    def status(self) -> dict[str, Any]:
        """State, progress and what the wall needs; call with the lock held."""
        record, info, run_log = self.record, self.record.row["info"], self.record.log
        reason = reason_of(record.row)
        return {
            "state": record.state,
            "reason": explain(reason, self.language) if reason else "",
            "step": run_log.step,
            "epoch": run_log.epoch,
            "total_steps": info.get("total_steps"),
            "epochs": record.row["config"]["epochs"],
            "rate": record.rate,
            "seconds": run_log.seconds,
            "eta_seconds": record.eta(),
            "learning_rate": record.config_now.optimizer.learning_rate,
            "edits": record.row["edits"],
            "latest": run_log.latest,
            "queue_position": service().queue_position(record),
            "expected_wait": service().expected_wait(record),
            "saved": record.saved,
            "metric_time": record.metric_time,
            "classes": info.get("classes", []),
            "wall_image": f"/api/runs/{record.id}/images/wall.png" if info else None,
            "title": record.row["title"],
        }
