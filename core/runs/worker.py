"""The process of one run: drives the training loop and speaks with the supervisor."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from core.config import RunConfig, load
from core.errors import LiveTorchError
from core.i18n import N_
from core.logs import set_up_logging
from core.runs.clock import Clock
from core.runs.keeping import Keeping
from core.runs.line import Line
from core.runs.looking import LAST_SECONDS, Looking
from core.runs.memory import keep_freed_memory
from core.runs.points import Points
from core.runs.weights import WEIGHTS_FILE, weights_of
from core.runs.wire import Message
from core.training.events import Edit, Edited, Ended, Event, Metrics, Started

if TYPE_CHECKING:
    from core.training.loop import Loop  # imports torch, which the supervisor must not

log = logging.getLogger("livetorch.worker")

TELL_SECONDS = 0.2  # between two words on what is prepared
RUN_NICE = 5  # how far training gives way to the server


def run_worker(
    connection: Connection, values: dict[str, Any], paused: bool, threads: int, more: dict[str, Any] | None = None
) -> None:
    """Entry point of the process: train the config in ``values`` until its end, Stop, or a lost supervisor.

    ``more``: ``keep_mb``, room for moments to go back to; ``begin``, the moment of another run that this one goes on
    from (its ``step`` and ``seconds``, all ``edits`` up to there, the ``folder`` where moments lie).
    """
    prepare_process()
    keep_freed_memory()
    line = Line(connection)
    driver: Driver | None = None
    try:
        driver = Driver(line, load(values), paused, threads, more or {})
        driver.run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        os._exit(0)  # nobody is there any more to hear of it
    except Stopped:
        line.send(ended("stopped", 0))  # while it was still preparing
    except Exception as error:
        if not isinstance(error, LiveTorchError):
            log.exception("run failed", extra={"pid": os.getpid()})
        if driver is not None:
            driver.points.send_out()  # the last numbers before the failure are worth the most
        line.send(ended("failed", driver.step if driver else 0, *_reason(error)))


def prepare_process(nice: int = RUN_NICE) -> None:
    """Give way to the server, and die with the fork server (Linux) rather than stay behind."""
    set_up_logging()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server decides
    if hasattr(os, "nice"):
        os.nice(nice)
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
    if isinstance(error, torch.OutOfMemoryError) or "CUBLAS_STATUS_ALLOC_FAILED" in str(error):
        return N_(
            "The GPU has not enough free memory for this network and batch size. Take a smaller batch, fewer channels, or the CPU."
        ), {}
    if isinstance(error, MemoryError) or "can't allocate memory" in str(error):
        return N_("Not enough memory for this network and batch size. Take a smaller batch or fewer channels."), {}
    if "Expected more than 1 value per channel" in str(error):
        return N_(
            "Batch normalisation over 1 x 1 maps cannot work with the single picture that was left for the last batch. Take another batch size or another normalisation."
        ), {}
    kind = type(error).__name__
    return N_("Training stopped with an internal error ({kind}). The log of the server has the details."), {
        "kind": kind
    }


def begun(config: RunConfig, begin: dict[str, Any] | None) -> Any:
    """The task of ``config``, at its beginning or where a branch goes on. Raises :class:`LiveTorchError`."""
    from pathlib import Path

    from core.training.past import Past
    from core.training.task import make_task

    if begin is None:
        return make_task(config)
    return Past(config, begin["edits"], Path(begin["folder"])).task_at(int(begin["step"]))


class Stopped(Exception):
    """The visitor asked to stop."""


class Driver:
    """Takes steps when they are allowed, collects what happened, sends it some times a second."""

    def __init__(
        self, line: Line, config: RunConfig, paused: bool, threads: int, more: dict[str, Any] | None = None
    ) -> None:
        from core.training.preparing import heard_by
        from core.training.task import resolve

        self.line = line
        self.told = 0.0  # when it last said what it prepares
        self.config = resolve(config, threads)
        begin = (more or {}).get("begin")
        with heard_by(self.preparing):
            self.task: Any = begun(self.config, begin)
        self.before = float(begin["seconds"]) if begin else 0.0  # seconds of training that a branch was given
        self.allowed: int | None = 0 if paused else None  # steps still to take; None: any number
        self.clock = Clock()
        self.points = Points(line.send, self.clock)
        self.looking = Looking(line.send)
        self.keeping = Keeping(line.send, int((more or {}).get("keep_mb", 0)))
        self.edits: list[Edit] = []
        self.making = 0  # edits that the loop was given and has not yet told of
        self.held = False  # a pause goes on while edits are made
        self.pause_asked = False  # and neither taken nor taken back
        self.step = self.task.step
        self.started: Started | None = None
        self.in_loop = False
        self.broken_off = False  # in the middle of a step or an evaluation

    def preparing(self, template: str, values: dict[str, Any]) -> None:
        """Say how far the task is before its first step, some times a second. Raises :class:`Stopped`."""
        if self.line.stop_asked:
            raise Stopped
        now = time.perf_counter()
        if not self.told:  # not queued any more
            self.line.send({"type": "state", "state": "running", "step": 0})
        if now - self.told >= TELL_SECONDS:
            self.told = now
            self.line.send({"type": "preparing", "template": template, "values": values})

    def run(self) -> None:
        """The whole run."""
        from core.training.breaks import held_by
        from core.training.loop import train

        loop = train(self.task)
        event = next(loop)
        signal.signal(signal.SIGINT, self.interrupt)
        try:
            with held_by(self.within_evaluation):
                while not isinstance(event, Ended):
                    self.tell(event)
                    event = self.advance(loop, self.reply(event))
        except Stopped:
            event = Ended("stopped", self.step)
        self.points.send_out()
        if not self.broken_off:
            self.keeping.last(self.task)
        self.leave_behind()
        self.line.send(ended(event.state, event.step, event.reason, event.values))

    def leave_behind(self) -> None:
        """What can still be seen of the network when its process is gone: the weights, and what is being looked at."""
        try:
            content = weights_of(self.task)
        except Exception:  # the run has ended well all the same; without the file it says that it left no weights
            log.exception("no weights", extra={"pid": os.getpid()})
        else:
            self.line.send({"type": "file", "name": WEIGHTS_FILE}, content)
        self.looking.while_standing(self.task, LAST_SECONDS)

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
            self.broken_off = True
            raise Stopped

    def tell(self, event: Event) -> None:
        """Pass on one event of the loop."""
        if isinstance(event, Started):
            self.begin(event)
        elif isinstance(event, Metrics):
            self.step = event.step
            self.points.add(event)
        elif isinstance(event, Edited):
            self.points.send_out()
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
        """Say what is trained and show what is looked at before the first step."""
        self.started = event
        self.line.send({"type": "started", **vars(event), "config": self.config.to_dict()})
        self.say_state()
        self.hear()
        self.looking.while_standing(self.task)
        self.points.samples = event.samples
        self.points.progress = self.points.sent_progress = self.task.progress
        self.clock.reset(self.before)  # the next step starts now

    def reply(self, event: Event) -> list[Edit] | None:
        """What the loop is told after ``event``."""
        if isinstance(event, Metrics):
            return self.between_steps(event)
        if isinstance(event, Edited):
            self.making -= 1
            if self.held and not self.making:
                self.pause()  # goes on, and shows what was edited
                self.task.single = self.allowed is not None
                return self.taken_edits()
        return None

    def taken_edits(self) -> list[Edit]:
        """The edits that have come, for the loop to make."""
        edits, self.edits = self.edits, []
        self.making = len(edits)
        return edits

    def between_steps(self, event: Metrics) -> list[Edit]:
        """Hear commands; wait here while paused. Returns the edits to make. Raises :class:`Stopped`."""
        self.keeping.after_step(self.task)
        self.hear()
        if self.allowed is not None and event.split == "train":
            self.allowed -= 1
        if self.allowed is not None and self.allowed <= 0 and self.step_comes_next(event):
            self.pause()
        else:
            self.looking.while_running(self.task)
        self.task.single = self.allowed is not None
        return self.taken_edits()

    def hear(self) -> None:
        """Carry out the commands that have come."""
        while (message := self.line.receive(wait=False)) is not None:
            self.obey(message)

    def step_comes_next(self, event: Metrics) -> bool:
        """Whether the loop would take a training step now; an epoch's validation belongs to its last step."""
        if event.split == "train":
            return event.progress < event.epoch
        return event.epoch < self.config.epochs

    def pause(self) -> None:
        """Wait for commands until a step is allowed, or an edit is to be made, after which the pause goes on."""
        self.allowed, self.pause_asked = 0, False
        if not self.held:
            self.clock.stop()
            self.points.send_out()
            self.say_state()  # before the looks: whoever pressed Pause waits for this
        self.looking.while_standing(self.task)
        while self.allowed is not None and self.allowed <= 0 and not self.edits:
            self.obey(self.line.receive(wait=True))
            if self.line.commands.empty():  # a look that is no longer open need not be answered
                self.looking.while_standing(self.task)
        self.held = self.allowed is not None and self.allowed <= 0
        if self.held:
            return
        self.clock.go_on()
        if self.allowed is None:
            self.say_state()

    def within_evaluation(self) -> None:
        """Between two batches of an evaluation: Stop and Pause need not wait for its end. Raises :class:`Stopped`."""
        if not self.in_loop:
            return  # some look evaluates
        try:
            self.hear()
            if self.pause_asked and not self.edits:
                self.hold_evaluation()
        except Stopped:
            self.broken_off = True
            raise

    def hold_evaluation(self) -> None:
        """Wait for commands in the middle of an evaluation, whose numbers stay the same. An edit is made when it is over."""
        import torch

        self.in_loop = False
        self.clock.stop()
        self.points.send_out()
        self.say_state()
        with torch.enable_grad():  # which an evaluation has switched off, and some looks need
            self.looking.while_standing(self.task)
            while self.pause_asked and not self.edits:
                self.obey(self.line.receive(wait=True))
                if self.pause_asked and self.line.commands.empty():
                    self.looking.while_standing(self.task)
        self.pause_asked, self.in_loop = False, True
        self.clock.go_on()
        if self.allowed is None:
            self.say_state()

    def obey(self, message: Message | None) -> None:
        """Carry out one command."""
        kind = (message or {}).get("type")
        if message is None or kind == "stop":
            raise Stopped
        if kind in ("pause", "resume", "step"):
            self.pause_asked = kind == "pause"
        if kind == "pause":
            self.allowed = 0
        elif kind == "resume":
            self.allowed = None
        elif kind == "step":
            self.allowed = max(self.allowed or 0, 0) + int(message["count"])
        elif kind == "edit":
            self.edits.append(Edit(message["name"], message["value"]))
        elif kind == "watch":
            self.looking.watch(message["looks"])

    def say_state(self) -> None:
        self.line.send({"type": "state", "state": "running" if self.allowed is None else "paused", "step": self.step})
