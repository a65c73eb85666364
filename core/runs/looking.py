"""The worker's side of looks: what is watched, when it is due, and how much time it may take."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.errors import LiveTorchError
from core.i18n import N_
from core.runs.log import finite
from core.runs.wire import Message

if TYPE_CHECKING:
    from core.probes.subject import Subject
    from core.training.task import Task

log = logging.getLogger("livetorch.looking")

LONGEST_WAIT = 5.0  # seconds that a look's first answer, which may have much to prepare, holds up the others
NEW_SHARE = 0.25  # of the run's time that may go into looks just opened, e.g. while somebody draws
LAST_SECONDS = 2.0  # for the last answers of a run; Stop must not take longer than a limit allows


class Looking:
    """Answers what viewers have open, between two steps. A look that fails never ends the run."""

    def __init__(self, send: Callable[[Message], None]) -> None:
        self.send = send
        self.open: dict[str, Message] = {}
        self.answered: dict[str, tuple[int, ...]] = {}  # part of what is open
        self.renewal = self.next_new = 0.0  # when each may happen again, on perf_counter's clock

    def watch(self, looks: list[Message]) -> None:
        """From now on ``looks`` (key, name, args) are open and no others."""
        self.open = {look["key"]: look for look in looks}
        self.answered = {key: version for key, version in self.answered.items() if key in self.open}

    def while_running(self, task: Task) -> None:
        """Answer what was just opened, and everything when a renewal is due."""
        if not self.open:
            return
        now = time.perf_counter()
        new = [key for key in self.open if key not in self.answered]
        if now >= self.renewal:
            first = self._answer(task, new)
            spent = self._answer(task, list(self.open))
            wait = spent / task.look_share + min(first / task.look_share, LONGEST_WAIT)
            self.renewal = now + max(task.look_seconds, wait)
        elif new and now >= self.next_new:
            spent = self._answer(task, new)
            self.next_new = now + spent / NEW_SHARE
            self.renewal += min(spent / task.look_share, LONGEST_WAIT)

    def while_standing(self, subject: Subject, seconds: float = float("inf")) -> None:
        """Answer everything that has not been answered for the network as it is; begin nothing after ``seconds``."""
        self._answer(subject, list(self.open), seconds)

    def _answer(self, subject: Subject, keys: list[str], seconds: float = float("inf")) -> float:
        """Answer those of ``keys`` for which the network has changed; returns the seconds it took."""
        began = time.perf_counter()
        for key in keys:
            if self.answered.get(key) != subject.version and time.perf_counter() - began < seconds:
                self._look(subject, self.open[key])
                self.answered[key] = subject.version  # a look may have assessed the network anew
        return time.perf_counter() - began

    def _look(self, subject: Subject, look: Message) -> None:
        from core.probes import look as look_at

        said = {"type": "look", "key": look["key"], "step": subject.step}
        try:
            self.send(said | {"data": finite(look_at(subject, look["name"], look["args"]))})
        except OSError:
            raise  # nobody is there any more to hear of it
        except LiveTorchError as error:
            self.send(said | {"error": {"template": error.template, "values": error.values}})
        except Exception as error:
            log.exception("a look failed: %s", look["name"], extra={"pid": os.getpid()})
            self.send(said | {"error": unexpected(error)})


def unexpected(error: Exception) -> dict[str, Any]:
    """What a viewer reads of a failure that nobody foresaw."""
    template = N_("This could not be computed ({kind}). The log of the server has the details; the run goes on.")
    return {"template": template, "values": {"kind": type(error).__name__}}
