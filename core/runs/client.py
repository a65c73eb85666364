"""The server's side of the supervisor: starts it, talks to it, starts another if it dies."""

from __future__ import annotations

import logging
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

from core.errors import ConfigError, LiveTorchError, QuestionError
from core.i18n import N_
from core.runs.wire import Message, pack, unpack

log = logging.getLogger("livetorch.client")

ROOT = Path(__file__).resolve().parents[2]
WARM_UP_SECONDS = 60.0
RESTART_SECONDS = 0.5  # a supervisor that cannot start must not keep a core busy
# How long a thread of a run spins for the others of its step before it sleeps (GNU's OpenMP counts turns, 300,000 by
# default, read when torch is loaded). Spinning takes the core from whoever the step waits for as soon as anybody else computes.
WAITING = {"GOMP_SPINCOUNT": "5000"}
OnMessage = Callable[[Message, bytes], None]


class SupervisorClient:
    """One supervisor process and the thread that listens to it.

    ``on_message`` is called from that thread with every message but answers to questions.
    """

    def __init__(self, on_message: OnMessage) -> None:
        self.on_message = on_message
        self.ready = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._lock = threading.Lock()
        self._answers: dict[int, Future[Any]] = {}
        self._asked = 0
        self._closing = False
        self._thread = threading.Thread(target=self._live, name="supervisor-client", daemon=True)
        self._thread.start()

    def send(self, message: Message, blob: bytes = b"") -> None:
        """Send one message; waits while a supervisor starts. Raises QuestionError if there is none."""
        if not self.ready.wait(WARM_UP_SECONDS):
            raise QuestionError(N_("The training engine does not start. The log of the server has the details."))
        with self._lock:
            if self._connection is None:
                raise QuestionError(N_("The training engine was lost and is starting again. Try once more."))
            try:
                self._connection.send_bytes(pack(message, blob))
            except OSError:
                raise QuestionError(N_("The training engine was lost and is starting again. Try once more.")) from None

    def ask(self, function: Callable[..., Any] | str, *args: Any, timeout: float = 5.0) -> Any:
        """Call ``function`` of core with JSON ``args`` in a worker process and return its JSON result.

        Raises :class:`ConfigError` as the function raised it, :class:`QuestionError` for everything else.
        """
        name = function if isinstance(function, str) else f"{function.__module__}:{function.__qualname__}"
        future: Future[Any] = Future()
        with self._lock:
            self._asked += 1
            number = self._asked
            self._answers[number] = future
        try:
            self.send({"type": "ask", "id": number, "function": name, "args": list(args), "timeout": timeout})
            return future.result(timeout + 2.0)
        except FutureTimeout:
            raise QuestionError(N_("The server is busy; this waited too long. Try again.")) from None
        finally:
            with self._lock:
                self._answers.pop(number, None)

    def close(self) -> None:
        """End the supervisor and with it every worker."""
        with self._lock:
            self._closing = True
            connection, self._connection = self._connection, None
            process = self.process
        self.ready.set()
        if connection is not None:
            # closing it would not wake the thread that reads from it, so the other side is asked to hang up
            with suppress(OSError):
                connection.send_bytes(pack({"type": "close"}))
        elif process is not None:
            process.kill()  # it has not called yet
        self._thread.join(5)
        if self.process is not None:
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)

    def _live(self) -> None:
        while not self._closing:
            try:
                self._start()
                self._listen()
            except (EOFError, OSError, ValueError, KeyError) as error:
                if self._closing:
                    return
                log.error("the supervisor is gone (%r); starting another", error)
            self._lost()
            time.sleep(RESTART_SECONDS)

    def _start(self) -> None:
        key = secrets.token_bytes(32)
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        own = {"LIVETORCH_SUPERVISOR_KEY": key.hex(), "PYTHONPATH": os.pathsep.join(paths)}
        environment = WAITING | os.environ | own
        with Listener(authkey=key) as listener:
            command = [sys.executable, "-m", "core.runs.supervisor", str(listener.address)]
            with self._lock:
                if self._closing:
                    raise EOFError
                self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
            threading.Thread(target=self._unblock, args=(self.process, listener.address, key), daemon=True).start()
            connection = listener.accept()
        with self._lock:
            if self._closing:
                connection.close()
                raise EOFError
            self._connection = connection

    def _unblock(self, process: subprocess.Popen[bytes], address: Any, key: bytes) -> None:
        """Call in its place if the supervisor ends before it has called, so that nobody waits for ever."""
        process.wait()
        try:
            Client(address, authkey=key).close()
        except OSError:
            log.debug("it had called")

    def _listen(self) -> None:
        connection = self._connection
        while connection is not None:
            message, blob = unpack(connection.recv_bytes())
            if message["type"] == "ready":
                self.ready.set()
                self.on_message(message, blob)
            elif message["type"] == "answer":
                self._answered(message)
            else:
                self.on_message(message, blob)

    def _answered(self, message: Message) -> None:
        with self._lock:
            future = self._answers.pop(message["id"], None)
        if future is None:
            return
        if "error" in message:
            future.set_exception(_error(message["error"]))
        else:
            future.set_result(message["result"])

    def _lost(self) -> None:
        """The supervisor died: whoever waits hears so, and so do the runs."""
        self.ready.clear()
        with self._lock:
            self._connection = None
            waiting = list(self._answers.values())
            self._answers.clear()
        for future in waiting:
            future.set_exception(
                QuestionError(N_("The training engine was lost and is starting again. Try once more."))
            )
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        if not self._closing:
            self.on_message({"type": "lost"}, b"")


def _error(said: dict[str, Any]) -> LiveTorchError:
    if said["field"] is not None:
        return ConfigError(said["field"], said["template"], **said["values"])
    return QuestionError(said["template"], **said["values"])
