"""The worker's end of its connection to the supervisor."""

from __future__ import annotations

import _thread
import os
import queue
import threading
import time
from multiprocessing.connection import Connection

from core.runs.wire import Message, pack, unpack

BEAT_SECONDS = 2.0
PATIENCE_SECONDS = 0.5  # how long after Stop a running step or evaluation is broken off


class Line:
    """The connection to the supervisor: the loop speaks and hears, a heartbeat shows that it is alive.

    A thread reads, because asking the connection before every step would cost more than some steps' arithmetic;
    it also ends the process the moment the supervisor is gone, however long the running step takes.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection, self.lock = connection, threading.Lock()
        self.commands: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.stop_asked = False
        for work in (self._read, self._beat):
            threading.Thread(target=work, daemon=True).start()

    def send(self, message: Message, blob: bytes = b"") -> None:
        """Say something to the supervisor."""
        with self.lock:
            self.connection.send_bytes(pack(message, blob))

    def receive(self, wait: bool) -> Message | None:
        """The next command; ``None`` if there is none and ``wait`` is false."""
        if not wait and self.commands.empty():
            return None
        return self.commands.get()

    def _read(self) -> None:
        while True:
            try:
                command = unpack(self.connection.recv_bytes())[0]
            except (EOFError, OSError):
                os._exit(0)  # the supervisor is gone
            self.commands.put(command)
            if command["type"] == "stop" and not self.stop_asked:
                self.stop_asked = True
                threading.Timer(PATIENCE_SECONDS, _thread.interrupt_main).start()

    def _beat(self) -> None:
        while True:
            time.sleep(BEAT_SECONDS)
            try:
                self.send({"type": "beat"})
            except OSError:
                os._exit(0)  # the supervisor is gone
