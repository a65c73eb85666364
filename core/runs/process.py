"""The process of one run, seen from the supervisor: starts it, hears it, and knows what the limits depend on."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psutil

from core.i18n import N_
from core.runs.wire import Message, pack, unpack
from core.runs.worker import run_worker

log = logging.getLogger("livetorch.process")

# Commands a silent process may be sent. More could fill its pipe, and then the supervisor would wait with it.
UNHEARD_COMMANDS = 40
UNHEARD_BYTES = 64 * 1024  # of `watch`, which may be long; a pipe takes three times as much


class RunProcess:
    """One worker and its connection."""

    def __init__(self, context: Any, message: Message) -> None:
        """Start it. Raises ``OSError`` where the machine gives no process, ``KeyError`` for half a message."""
        self.run = str(message["run"])
        self.paused = bool(message["paused"])
        self.connection, theirs = context.Pipe()
        args = (theirs, message["config"], self.paused, int(message["threads"]), message.get("more", {}))
        self.process = context.Process(target=run_worker, args=args, daemon=True)
        try:
            self.process.start()
        except OSError:
            self.connection.close()
            raise
        finally:
            theirs.close()
        self.heard = self.changed = time.monotonic()
        self.trained = 0.0
        self.ended = False
        self.stop_by: float | None = None
        self.failure: tuple[str, dict[str, Any]] | None = None
        self.outbox: deque[Message] = deque()
        self.watch: bytes | None = None  # the newest word on what is looked at, where it has not been sent
        self.unheard = self.unheard_bytes = 0

    def send(self, message: Message) -> None:
        """Give a command, or keep it until the process shows that it listens.

        Of several `watch` that wait only the newest is kept, and they hold up no other command.
        """
        if message["type"] == "watch":
            self.watch = pack(message)
        else:
            self.outbox.append(message)
        self._send_out()

    def _send_out(self) -> None:
        while self.outbox and self.unheard < UNHEARD_COMMANDS:
            self.unheard += 1
            self._give(pack(self.outbox.popleft()))
        watch = self.watch
        if watch is not None and (self.unheard_bytes == 0 or self.unheard_bytes + len(watch) <= UNHEARD_BYTES):
            self.watch = None
            self.unheard_bytes += len(watch)
            self._give(watch)

    def _give(self, data: bytes) -> None:
        try:
            self.connection.send_bytes(data)
        except OSError:
            log.info("command to a run that has ended", extra={"run": self.run})

    def listen(self) -> Iterator[tuple[Message, bytes]]:
        """What it has said since. Raises ``EOFError`` or ``OSError`` when it hung up; nonsense ends the run."""
        while self.connection.poll(0):
            try:
                event, blob = unpack(self.connection.recv_bytes())
                self._note(event)
            except (ValueError, KeyError):
                log.exception("nonsense from a worker", extra={"run": self.run})
                self.fail(N_("The training process said something that makes no sense, and was ended."))
                raise EOFError from None
            if event["type"] != "beat":
                yield event, blob

    def _note(self, event: Message) -> None:
        """Remember what the limits depend on."""
        self.heard = time.monotonic()
        if event["type"] == "state" and (event["state"] == "paused") != self.paused:
            if not self.paused:
                self.trained += self.heard - self.changed
            self.paused, self.changed = not self.paused, self.heard
        self.ended = self.ended or event["type"] == "ended"
        self.unheard = self.unheard_bytes = 0
        self._send_out()

    def forgive(self, seconds: float) -> None:
        """Time in which the whole machine stood still counts for nothing."""
        self.heard += seconds
        self.changed += seconds
        if self.stop_by is not None:
            self.stop_by += seconds

    def stretch(self) -> tuple[float, float]:
        """Seconds trained so far, and seconds of the present pause."""
        since = time.monotonic() - self.changed
        return (self.trained, since) if self.paused else (self.trained + since, 0.0)

    def kill(self) -> None:
        """End the process and its children at once."""
        with suppress(psutil.Error):  # it may have ended by itself
            for child in psutil.Process(self.process.pid).children(recursive=True):
                child.kill()
        self.process.kill()

    def fail(self, template: str, **values: Any) -> None:
        """Kill it and remember why."""
        self.failure = (template, values)
        self.kill()
