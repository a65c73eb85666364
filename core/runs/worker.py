"""The process of one run: drives the training loop and speaks with the supervisor."""

from __future__ import annotations

import _thread
import logging
import os
import queue
import signal
import sys
import threading
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from core.config import RunConfig, load
from core.errors import LiveTorchError
from core.i18n import N_
from core.logs import set_up_logging
from core.runs.wire import Message, pack, unpack
from core.training.events import Edit, Edited, Ended, Event, Metrics, Started

if TYPE_CHECKING:
    from core.training.loop import Loop  # imports torch, which the supervisor must not

log = logging.getLogger("livetorch.worker")

FLUSH_SECONDS = 0.15
SNAPSHOT_SECONDS = 0.5
BEAT_SECONDS = 2.0
PATIENCE_SECONDS = 0.5  # how long after Stop a running step or evaluation is broken off


def run_worker(connection: Connection, values: dict[str, Any], paused: bool, threads: int) -> None:
    """Entry point of the process: train the config in ``values`` until its end, Stop, or a lost supervisor."""
    prepare_process()
    line = Line(connection)
    driver: Driver | None = None
    try:
        driver = Driver(line, load(values), paused, threads)
        driver.run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        os._exit(0)  # nobody is there any more to hear of it
    except Exception as error:
        if not isinstance(error, LiveTorchError):
            log.exception("run failed", extra={"pid": os.getpid()})
        if driver is not None:
            driver.send_points()  # the last numbers before the failure are worth the most
        line.send(ended("failed", driver.step if driver else 0, *_reason(error)))


def prepare_process() -> None:
    """Give way to the server, and die with the fork server (Linux) rather than stay behind."""
    set_up_logging()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides
    if hasattr(os, "nice"):
        os.nice(5)
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def ended(state: str, step: int, reason: str = "", values: dict[str, Any] | None = None) -> Message:
    """The last word of a run."""
    return {"type": "ended", "state": state, "step": step, "reason": reason, "values": values or {}}


def _reason(error: Exception) -> tuple[str, dict[str, Any]]:
    import torch

    if isinstance(error, LiveTorchError):
        return error.template, error.values
    if isinstance(error, MemoryError | torch.OutOfMemoryError) or "can't allocate memory" in str(error):
        return N_("Not enough memory for this network and batch size. Take a smaller batch or fewer channels."), {}
    kind = type(error).__name__
    return N_("Training stopped with an internal error ({kind}). The log of the server has the details."), {
        "kind": kind
    }


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


class Stopped(Exception):
    """The visitor asked to stop."""


class Driver:
    """Takes steps when they are allowed, collects what happened, sends it some times a second."""

    def __init__(self, line: Line, config: RunConfig, paused: bool, threads: int) -> None:
        from core.training.task import make_task, resolve

        self.line = line
        self.config = resolve(config, threads)
        self.task: Any = make_task(self.config)
        self.allowed: int | None = 0 if paused else None  # steps still to take; None: any number
        self.chunks: list[dict[str, Any]] = []
        self.watched: list[str] = []
        self.edits: list[Edit] = []
        self.step = 0
        self.started: Started | None = None
        self.clock = Clock()
        self.flushed = self.snapped = -1.0
        self.in_loop = False
        self.flushed_progress, self.rate, self.metric_time = 0.0, 0.0, 0.0

    def run(self) -> None:
        """The whole run."""
        from core.training.loop import train

        loop = train(self.task, self.config.epochs)
        event = next(loop)
        signal.signal(signal.SIGINT, self.interrupt)
        try:
            while not isinstance(event, Ended):
                self.tell(event)
                event = self.advance(loop, self.between_steps(event) if isinstance(event, Metrics) else None)
        except Stopped:
            event = Ended("stopped", self.step)
        self.flush()
        self.snapshot()
        self.line.send(ended(event.state, event.step, event.reason, event.values))

    def advance(self, loop: Loop, edits: list[Edit] | None) -> Event:
        """Let the loop go on to its next event."""
        self.in_loop = True
        try:
            if self.line.stop_asked and edits is None:
                raise Stopped  # nothing else would be heard before the evaluation that comes next
            return loop.send(edits)
        finally:
            self.in_loop = False

    def interrupt(self, _number: int, _frame: object) -> None:
        """Break off a step or evaluation that goes on long after Stop; Ctrl-C in a terminal comes here too."""
        if self.line.stop_asked and self.in_loop:
            self.in_loop = False
            raise Stopped

    def tell(self, event: Event) -> None:
        """Pass on one event of the loop."""
        if isinstance(event, Started):
            self.begin(event)
        elif isinstance(event, Metrics):
            self.step = event.step
            self.collect(event)
        elif isinstance(event, Edited):
            self.flush()
            said = {"type": "edited", "step": event.step, "name": event.name, "value": event.value}
            self.line.send(said | {"seconds": self.clock.seconds(), "epoch": self.task.progress})
            if event.name == "batch_size":
                self.say_sizes(event.value)

    def say_sizes(self, batch_size: int) -> None:
        """After another batch size the run ends after another number of steps."""
        assert self.started is not None
        total = self.step + self.task.steps_left()
        self.started = replace(self.started, batch_size=batch_size, total_steps=total)
        self.line.send({"type": "started", **vars(self.started), "config": self.config.to_dict()})

    def begin(self, event: Started) -> None:
        """Say what is trained and show the wall before the first step."""
        from core.probes import PICTURES

        self.started = event
        self.line.send({"type": "started", **vars(event), "config": self.config.to_dict()})
        for name, picture in PICTURES.items():
            self.line.send({"type": "image", "name": f"{name}.png"}, picture(self.task))
        self.snapshot()
        self.say_state()
        self.clock = Clock()  # the first step starts now

    def collect(self, event: Metrics) -> None:
        """Add the numbers of one step to what the next flush sends."""
        if not self.chunks or self.chunks[-1]["split"] != event.split:
            empty = {"split": event.split, "step": [], "epoch": [], "seconds": []}
            self.chunks.append(empty | {"values": {name: [] for name in event.values}})
        chunk = self.chunks[-1]
        chunk["step"].append(event.step)
        chunk["epoch"].append(event.progress)
        chunk["seconds"].append(round(self.clock.seconds(), 6))
        for name, value in event.values.items():
            chunk["values"][name].append(value)
        self.metric_time = time.time()
        if self.step <= 1 or time.perf_counter() - self.flushed >= FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Send the collected numbers and, where somebody looks, a snapshot."""
        now = time.perf_counter()
        self.send_points()
        if self.watched and now - self.snapped >= SNAPSHOT_SECONDS:
            self.snapshot()
        self.flushed = now

    def send_points(self) -> None:
        """Send the collected numbers."""
        if self.chunks:
            self.measure_rate()
            said = {"type": "points", "chunks": self.chunks, "rate": self.rate, "time": self.metric_time}
            self.line.send(said)
            self.chunks = []

    def measure_rate(self) -> None:
        """Samples a second, smoothed over about a second of training."""
        seconds = self.clock.lap()
        progress = self.task.progress
        if seconds > 0 and self.started is not None and progress > self.flushed_progress:
            now = (progress - self.flushed_progress) * self.started.samples / seconds
            self.rate = now if self.rate == 0 else 0.8 * self.rate + 0.2 * now
        self.flushed_progress = progress

    def snapshot(self) -> None:
        """Send what the probes see."""
        from core.probes import PROBES

        for name, probe in PROBES.items():
            self.line.send({"type": "snapshot", "name": name, "step": self.step, "data": probe(self.task)})
        self.snapped = time.perf_counter()

    def between_steps(self, event: Metrics) -> list[Edit]:
        """Hear commands; wait here while paused. Returns the edits to make. Raises :class:`Stopped`."""
        while (message := self.line.receive(wait=False)) is not None:
            self.obey(message)
        if self.allowed is not None and event.split == "train":
            self.allowed -= 1
        if self.allowed is not None and self.allowed <= 0 and self.step_comes_next(event):
            self.pause()
        edits, self.edits = self.edits, []
        return edits

    def step_comes_next(self, event: Metrics) -> bool:
        """Whether the loop would take a training step now; an epoch's validation belongs to its last step."""
        if event.split == "train":
            return event.progress < event.epoch
        return event.epoch < self.config.epochs

    def pause(self) -> None:
        """Wait for commands until a step is allowed. Edits that come meanwhile are made before that step."""
        self.allowed = 0
        self.clock.stop()
        self.send_points()
        self.say_state()  # before the snapshot: whoever pressed Pause waits for this
        self.snapshot()
        while self.allowed is not None and self.allowed <= 0:
            self.obey(self.line.receive(wait=True))
        self.clock.go_on()
        if self.allowed is None:
            self.say_state()

    def obey(self, message: Message | None) -> None:
        """Carry out one command."""
        kind = (message or {}).get("type")
        if message is None or kind == "stop":
            raise Stopped
        if kind == "pause":
            self.allowed = 0
        elif kind == "resume":
            self.allowed = None
        elif kind == "step":
            self.allowed = max(self.allowed or 0, 0) + int(message["count"])
        elif kind == "edit":
            self.edits.append(Edit(message["name"], message["value"]))
        elif kind == "watch":
            self.watched = list(message["names"])

    def say_state(self) -> None:
        self.line.send({"type": "state", "state": "running" if self.allowed is None else "paused", "step": self.step})


class Clock:
    """Seconds of training: a stopwatch that stands still during pauses."""

    def __init__(self) -> None:
        self.before, self.since, self.last_lap = 0.0, time.perf_counter(), 0.0
        self.running = True

    def seconds(self) -> float:
        return self.before + (time.perf_counter() - self.since if self.running else 0.0)

    def lap(self) -> float:
        """Seconds since the last lap."""
        now = self.seconds()
        lap, self.last_lap = now - self.last_lap, now
        return lap

    def stop(self) -> None:
        self.before, self.running = self.seconds(), False

    def go_on(self) -> None:
        self.since, self.running = time.perf_counter(), True
