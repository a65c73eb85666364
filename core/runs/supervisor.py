"""The process that starts, watches and ends workers: ``python -m core.runs.supervisor ADDRESS``.

It has one connection to the server and imports no torch. When the server goes, all workers go; when it
goes itself, the workers notice and end, and the server starts another.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Client, Connection, wait
from typing import Any

import psutil

from core.i18n import N_
from core.logs import set_up_logging
from core.runs.limits import Limits, memory_mb
from core.runs.pool import Pool
from core.runs.process import RunProcess
from core.runs.wire import Message, pack, unpack

log = logging.getLogger("livetorch.supervisor")

LOOK_SECONDS = 0.25
SUSPENDED_SECONDS = 5.0  # a longer gap between two looks means that the machine, or this process, stood still


def start_method() -> str:
    """``LIVETORCH_START_METHOD``, else forkserver on Linux and spawn elsewhere."""
    return os.environ.get("LIVETORCH_START_METHOD") or ("forkserver" if sys.platform == "linux" else "spawn")


class Supervisor:
    """Routes messages between the server and the workers, and enforces the limits."""

    def __init__(self, server: Connection) -> None:
        self.server = server
        self.limits = Limits.from_environment()
        self.context: Any = multiprocessing.get_context(start_method())
        if start_method() == "forkserver":
            multiprocessing.set_forkserver_preload(["core.runs.preload"])
        self.runs: dict[str, RunProcess] = {}
        self.pool = Pool(self.context, self.limits.question_memory_mb)
        self.looked = time.monotonic()

    def serve(self) -> None:
        """Work until the server hangs up."""
        self.warm_up()
        self.looked = time.monotonic()
        while True:
            runs = {run.connection: run for run in self.runs.values()}
            sentinels = {run.process.sentinel: run for run in self.runs.values()}
            ready = wait([self.server, *runs, *sentinels, *self.pool.connections()], LOOK_SECONDS)
            for source in ready:
                if source is self.server:
                    self.obey(unpack(self.server.recv_bytes())[0])
                elif source in runs:
                    self.relay(runs[source])
                elif source not in sentinels and source in self.pool.connections():
                    self.tell(self.pool.heard(source))
            for source in ready:
                if source in sentinels:
                    self.bury(sentinels[source])
            if time.monotonic() - self.looked >= LOOK_SECONDS:
                self.look()

    def warm_up(self) -> None:
        """Start the fork server, which imports torch once for all workers."""
        if start_method() == "forkserver":
            first = self.context.Process(target=int, daemon=True)
            first.start()
            first.join()
        self.tell({"type": "ready"})

    def tell(self, message: Message | None, blob: bytes = b"") -> None:
        if message is not None:
            self.server.send_bytes(pack(message, blob))

    def obey(self, message: Message) -> None:
        """Carry out one message of the server."""
        kind, run = message["type"], self.runs.get(str(message.get("run")))
        if kind == "close":
            raise EOFError
        if kind == "start":
            self.start(message)
        elif kind == "ask":
            self.pool.ask(message)
        elif run is not None and kind == "kill":
            run.kill()
        elif run is not None and kind == "command":
            if message["command"]["type"] == "stop" and run.stop_by is None:
                run.stop_by = time.monotonic() + self.limits.stop_seconds
            run.send(message["command"])

    def start(self, message: Message) -> None:
        """A process for a run; where there can be none, that run has failed and no other."""
        name = str(message.get("run"))
        try:
            self.runs[name] = RunProcess(self.context, message)
        except (OSError, KeyError, TypeError, ValueError) as error:
            log.exception("no process for a run", extra={"run": name})
            reason = N_("No process could be started for this run ({kind}). The log of the server has the details.")
            self.tell(exited(name, "failed", reason, {"kind": type(error).__name__}))

    def relay(self, run: RunProcess) -> None:
        """Pass on what a run says; stop listening when it hangs up."""
        try:
            self.pass_on(run)
        except (EOFError, OSError):
            run.process.join(2.0)  # it is ending; its sentinel says so next
            if run.process.is_alive():
                run.fail(N_("The training process lost its connection."))
                run.process.join(2.0)
            self.bury(run)

    def pass_on(self, run: RunProcess) -> None:
        for event, blob in run.listen():
            self.tell({"type": "event", "run": run.run, "event": event}, blob)

    def bury(self, run: RunProcess) -> None:
        """Say how a process ended, after the last it had to say."""
        if self.runs.pop(run.run, None) is None:
            return
        with suppress(EOFError, OSError):  # all heard
            self.pass_on(run)
        run.connection.close()
        self.tell(exited(run.run) if run.ended else exited(run.run, *how_it_ended(run)))

    def look(self) -> None:
        """Enforce memory, time and heartbeat limits."""
        now, before = time.monotonic(), self.looked
        self.looked = now
        if now - before > SUSPENDED_SECONDS:
            for run in self.runs.values():
                run.forgive(now - before)
        for run in list(self.runs.values()):
            self.look_at(run)
        for failed in self.pool.overdue():
            self.tell(failed)

    def look_at(self, run: RunProcess) -> None:
        limits, now, memory = self.limits, time.monotonic(), memory_mb(run.process.pid)
        trained, paused = run.stretch()
        if memory > limits.run_memory_mb:
            run.fail(
                N_("The run used {memory} MB of memory; {limit} MB are allowed. Take a smaller batch or network."),
                memory=int(memory),
                limit=limits.run_memory_mb,
            )
        elif now - run.heard > limits.heartbeat_seconds:
            run.fail(
                N_("The training process stopped responding for {seconds} seconds."), seconds=limits.heartbeat_seconds
            )
        elif run.stop_by is not None and now > run.stop_by:
            run.kill()
        elif limits.run_seconds and trained > limits.run_seconds and run.stop_by is None:
            self.end_politely(
                run, N_("Stopped after {seconds} seconds of training, the limit here."), limits.run_seconds
            )
        elif limits.pause_seconds and paused > limits.pause_seconds and run.stop_by is None:
            self.end_politely(
                run, N_("Stopped after a pause of {seconds} seconds, the limit here."), limits.pause_seconds
            )

    def end_politely(self, run: RunProcess, template: str, seconds: int) -> None:
        """Stop a run at a limit; the reason goes ahead of its last word."""
        run.stop_by = time.monotonic() + self.limits.stop_seconds
        event = {"type": "limit", "reason": template, "values": {"seconds": seconds}}
        self.tell({"type": "event", "run": run.run, "event": event})
        run.send({"type": "stop"})

    def close(self) -> None:
        """Leave nobody behind, neither workers nor the fork server, even if they were stopped (SIGSTOP)."""
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):  # it may have ended by itself
                process.kill()


def exited(run: str, state: str | None = None, reason: str = "", values: dict[str, Any] | None = None) -> Message:
    """A run has no process any more; ``state`` is ``None`` where the run itself has said how it ended."""
    return {"type": "exited", "run": run, "state": state, "reason": reason, "values": values or {}}


def how_it_ended(run: RunProcess) -> tuple[str, str, dict[str, Any]]:
    """State and sentence for a process that ended without a word."""
    code = run.process.exitcode
    if run.failure is not None:
        return "failed", *run.failure
    if run.stop_by is not None:
        return "stopped", N_("It did not stop by itself in time, so its process was ended. Its numbers are kept."), {}
    if code is not None and code < 0:
        template = N_(
            "The training process was killed ({name}): from outside, or because the machine ran out of memory."
        )
        return "failed", template, {"name": signal.Signals(-code).name}
    return "failed", N_("The training process ended unexpectedly (exit code {code})."), {"code": code}


def main(address: str) -> None:
    """Connect to the server and serve it."""
    set_up_logging()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    key = bytes.fromhex(os.environ.pop("LIVETORCH_SUPERVISOR_KEY"))
    supervisor = Supervisor(Client(address, authkey=key))
    try:
        supervisor.serve()
    except (EOFError, OSError):
        log.info("the server is gone")
    finally:
        supervisor.close()
        os._exit(0)  # the usual way out would wait for processes that are gone


if __name__ == "__main__":
    main(sys.argv[1])
