"""Bounds on what browsers upload: Streamlit keeps files in memory and itself bounds only each one of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.runs.limits import Limits

UPLOADS = "/_stcore/upload_file/"
KEPT_SECONDS = 3600.0  # Streamlit drops the files of a session some time after its tab was closed
MEGABYTE = 2**20

File = tuple[str, str]  # session and file, as Streamlit names them


class Quota:
    """Bytes that were uploaded lately: of each file, each session and all together. Thread-safe."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits, self.clock = limits, clock
        self._lock = threading.Lock()
        self._files: dict[File, tuple[int, float]] = {}  # bytes, and when they came

    def take(self, file: File, size: int) -> str:
        """Count ``size`` bytes of ``file``, which may replace an earlier one; says why not, or ""."""
        now = self.clock()
        with self._lock:
            self._files = {one: held for one, held in self._files.items() if now - held[1] < KEPT_SECONDS}
            others = {one: held for one, (held, _when) in self._files.items() if one != file}
            session = sum(held for one, held in others.items() if one[0] == file[0])
            for held, most, whose in (
                (0, self.limits.upload_mb, "a file"),
                (session, self.limits.session_uploads_mb, "a session"),
                (sum(others.values()), self.limits.uploads_mb, "all visitors together"),
            ):
                if held + size > most * MEGABYTE:
                    return f"Uploads of {whose} may take {most} MB here."
            self._files[file] = size, now
            return ""

    def give_back(self, file: File) -> None:
        """The file was removed, or never arrived."""
        with self._lock:
            self._files.pop(file, None)


class UploadBounds:
    """Refuses uploads past the quota before a byte of them is read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.quota = app, Quota(Limits.from_environment())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = uploaded_file(scope)
        if file is None or scope["method"] not in ("PUT", "POST", "DELETE"):
            await self.app(scope, receive, send)
        elif scope["method"] == "DELETE":
            await self.app(scope, receive, send)
            self.quota.give_back(file)
        else:
            await self._take(file, scope, receive, send)

    async def _take(self, file: File, scope: Scope, receive: Receive, send: Send) -> None:
        length = Headers(scope=scope).get("content-length", "")
        if not length.isdecimal():  # every browser says it; without it nothing could be counted beforehand
            await JSONResponse({"error": "An upload must say its length."}, 411)(scope, receive, send)
            return
        if refused := self.quota.take(file, int(length)):
            await JSONResponse({"error": refused}, 413)(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400:
                self.quota.give_back(file)
            await send(message)

        await self.app(scope, receive, sent)


def uploaded_file(scope: Scope) -> File | None:
    """Session and file of an upload's address; ``None`` for any other."""
    if scope["type"] != "http" or not scope["path"].startswith(UPLOADS):
        return None
    session, _, name = scope["path"].removeprefix(UPLOADS).partition("/")
    return session, name
