"""Small messages are not held back by the kernel."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from core.server.at_once import send_at_once


async def _no_delay(ours: bool) -> bool:
    """Whether a connection to a socket as Streamlit opens it, without a protocol, sends at once."""
    loop = asyncio.get_running_loop()
    if ours:
        send_at_once(loop)
    listening = socket.socket(socket.AF_INET)
    listening.bind(("127.0.0.1", 0))
    seen = loop.create_future()

    class Accepted(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            there = transport.get_extra_info("socket")
            seen.set_result(there.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0)

    server = await loop.create_server(Accepted, sock=listening)
    _reader, writer = await asyncio.open_connection(*listening.getsockname())
    try:
        return bool(await asyncio.wait_for(seen, 5))
    finally:
        writer.close()
        server.close()


def test_connections_to_the_server_send_at_once():
    with ThreadPoolExecutor() as threads:  # a browser test may have left a loop in this one
        before, after = (threads.submit(asyncio.run, _no_delay(ours)).result() for ours in (False, True))
    assert not before  # what asyncio does by itself; once it does better, at_once can go
    assert after
