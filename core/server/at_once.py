"""What is written to a browser leaves at once.

Streamlit opens its socket without naming the protocol, and asyncio sets TCP_NODELAY only on sockets that name TCP. The kernel
then holds a message back until the browser has acknowledged the one before, which it does after 40 ms: as long as a rerun takes.
(uvloop sets it on every connection; there is nothing to do then.)
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Any


def send_at_once(loop: asyncio.AbstractEventLoop) -> None:
    """Have every server that ``loop`` opens from now on send without delay; connections take it over from its socket."""
    create = loop.create_server

    async def create_server(*args: Any, **named: Any) -> asyncio.Server:
        sock = named.get("sock")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return await create(*args, **named)

    with suppress(AttributeError):  # uvloop's has no place for another
        loop.create_server = create_server  # type: ignore[method-assign]
