"""The body of a request to a file: streamed, bounded, and counted together with all others that are on their way."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from core.errors import LimitError, LiveTorchError
from core.i18n import N_
from core.pictures.files import folder
from core.pictures.formats import ZIP, kind_of
from core.runs.limits import Limits

MEGABYTE = 2**20
AT_A_TIME = 4  # files of one visitor on their way
SILENCE_SECONDS = 30.0  # after which a sender is given up


class TooLargeError(LimitError):
    """More bytes than one file may have."""


class BusyError(LimitError):
    """Too much is on its way; the same request may succeed a moment later."""


class Incoming:
    """Bytes and files on their way. Thread-safe."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._lock = threading.Lock()
        self._bytes, self._files = 0, Counter[str]()

    @contextmanager
    def room(self, visitor: str, size: int) -> Iterator[None]:
        """Count ``size`` bytes of a visitor while they are handled. Raises :class:`BusyError` where it is too much."""
        with self._lock:
            if self._files[visitor] >= AT_A_TIME:
                raise BusyError(
                    N_("{count} of your files are on their way already. Wait for one of them."), count=AT_A_TIME
                )
            if self._bytes + size > self.limits.picture_uploads_mb * MEGABYTE:
                raise BusyError(N_("Too many pictures are being brought to this server now. Try again in a minute."))
            self._files[visitor] += 1
            self._bytes += size
        try:
            yield
        finally:
            with self._lock:
                self._bytes -= size
                self._files[visitor] -= 1
                if not self._files[visitor]:
                    del self._files[visitor]

    def check_size(self, size: int, head: bytes) -> None:
        """Raises :class:`TooLargeError` for a file of ``size`` bytes that begins with ``head``."""
        kind = kind_of(head)
        most = self.limits.picture_zip_mb if kind == ZIP or not head else self.limits.picture_mb
        if size > most * MEGABYTE:
            raise TooLargeError(
                N_("It has {size:.1f} MB; {most} MB are taken. Make it smaller and bring it again."),
                size=size / MEGABYTE, most=most,
            )  # fmt: skip


def announced(request: Request) -> int:
    """The length a request says it has. Raises :class:`LiveTorchError` where it says none."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or len(length) > 12:
        raise LiveTorchError(N_("A file must be sent with its length."))
    return int(length)


@asynccontextmanager
async def received(request: Request, incoming: Incoming, size: int) -> AsyncIterator[Path]:
    """The body of a request as a temporary file. Raises :class:`LiveTorchError` for one that is too large or never ends."""
    place = folder() / ".incoming"
    place.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place)
    try:
        with os.fdopen(handle, "wb") as file:
            await _write(request, incoming, size, file)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


async def _write(request: Request, incoming: Incoming, size: int, file: BinaryIO) -> None:
    stream, written, head = aiter(request.stream()), 0, b""
    while True:
        try:
            chunk = await asyncio.wait_for(anext(stream, None), SILENCE_SECONDS)
        except TimeoutError:
            raise LiveTorchError(N_("The file stopped coming. Check the connection and bring it again.")) from None
        if chunk is None:
            break
        written += len(chunk)
        if len(head) < 64:
            head += chunk[:64]
            incoming.check_size(size, head)
        if written > size:
            raise TooLargeError(N_("More was sent than was announced."))
        await run_in_threadpool(file.write, chunk)
    if written < size:
        raise LiveTorchError(N_("The file stopped coming. Check the connection and bring it again."))
