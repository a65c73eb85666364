"""Short questions, answered in a few reusable processes with a time and a memory limit."""

from __future__ import annotations

import importlib
import logging
import operator
import os
import time
from collections import deque
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from core.errors import ConfigError, LiveTorchError
from core.i18n import N_
from core.runs.limits import memory_mb
from core.runs.wire import Message, pack, unpack

log = logging.getLogger("livetorch.pool")

WORKERS = 3
QUESTIONS_PER_WORKER = 500
QUESTION_NICE = 2  # somebody waits for an answer, so it comes before training, which is at 5


def answer_questions(connection: Connection) -> None:
    """Entry point of a question worker: answer until the supervisor hangs up."""
    from core.runs.worker import prepare_process

    prepare_process(QUESTION_NICE)
    while True:
        try:
            message, _blob = unpack(connection.recv_bytes())
            connection.send_bytes(pack(_answer(message)))
        except (EOFError, OSError):
            os._exit(0)


def _answer(message: Message) -> Message:
    said: Message = {"type": "answer", "id": message["id"]}
    try:
        return said | {"result": _function(message["function"])(*message["args"])}
    except LiveTorchError as error:
        return said | {"error": error_values(error)}
    except Exception as error:
        log.exception("question failed", extra={"pid": os.getpid()})
        kind = type(error).__name__
        return said | {"error": failure(N_("This could not be computed ({kind}). The log has the details."), kind=kind)}


def _function(name: str) -> Any:
    """``module:qualified.name`` of something in core."""
    module, path = name.split(":")
    if not module.startswith("core."):
        raise ValueError(f"{module} is not part of core")
    return operator.attrgetter(path)(importlib.import_module(module))


def error_values(error: LiveTorchError) -> dict[str, Any]:
    """An error as JSON; :class:`core.runs.client.SupervisorClient` makes it an exception again."""
    field = error.field if isinstance(error, ConfigError) else None
    values = {name: value for name, value in error.values.items() if name != "field"}
    return {"field": field, "template": error.template, "values": values}


def failure(template: str, **values: Any) -> dict[str, Any]:
    return {"field": None, "template": template, "values": values}


@dataclass
class Asked:
    """A question on its way."""

    message: Message
    deadline: float


class QuestionWorker:
    """One process of the pool, seen from the supervisor."""

    def __init__(self, context: Any) -> None:
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=answer_questions, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()
        self.busy: Asked | None = None
        self.answered = 0

    def ask(self, asked: Asked) -> None:
        self.busy = asked
        self.connection.send_bytes(pack(asked.message))

    def end(self) -> None:
        self.process.kill()
        self.connection.close()


class Pool:
    """Hands questions to idle workers; ends those that take too long or too much memory."""

    def __init__(self, context: Any, memory_mb: int) -> None:
        self.context, self.memory_mb = context, memory_mb
        self.workers: list[QuestionWorker] = []
        self.waiting: deque[Asked] = deque()

    def connections(self) -> list[Connection]:
        return [worker.connection for worker in self.workers]

    def ask(self, message: Message) -> None:
        """Take a question; its time starts now."""
        self.waiting.append(Asked(message, time.monotonic() + float(message["timeout"])))
        self._hand_out()

    def _hand_out(self) -> None:
        while self.waiting:
            idle = next((worker for worker in self.workers if worker.busy is None), None)
            if idle is None and len(self.workers) < WORKERS:
                idle = self._another()
            if idle is None:
                return  # until one is free; who waits too long is told so
            try:
                idle.ask(self.waiting[0])
            except OSError:
                self._drop(idle)
                continue
            self.waiting.popleft()

    def _another(self) -> QuestionWorker | None:
        try:
            self.workers.append(QuestionWorker(self.context))
        except OSError:  # the machine gives no process now
            log.exception("no process for questions")
            return None
        return self.workers[-1]

    def heard(self, connection: Connection) -> Message | None:
        """The answer that ``connection`` has ready, or the failure of its process."""
        worker = next(worker for worker in self.workers if worker.connection is connection)
        try:
            answer, _blob = unpack(connection.recv_bytes())
        except (EOFError, OSError, ValueError):
            return self._lost(worker, failure(N_("The process that computed this ended unexpectedly. Try again.")))
        worker.busy, worker.answered = None, worker.answered + 1
        if worker.answered >= QUESTIONS_PER_WORKER:
            self._drop(worker)
        self._hand_out()
        return answer

    def overdue(self) -> list[Message]:
        """Failures of questions past their time or memory."""
        now, failures = time.monotonic(), []
        for worker in list(self.workers):
            if worker.busy is not None and now > worker.busy.deadline:
                seconds = worker.busy.message["timeout"]
                why = failure(
                    N_("This took longer than {seconds:g} seconds and was ended. Try a smaller network."),
                    seconds=seconds,
                )
                failures.append(self._lost(worker, why))
            elif memory_mb(worker.process.pid) > self.memory_mb:
                why = failure(N_("This needed more than {limit} MB of memory and was ended."), limit=self.memory_mb)
                failures.append(self._lost(worker, why))
        while self.waiting and now > self.waiting[0].deadline:
            late = self.waiting.popleft()
            why = failure(N_("The server is busy; this waited too long. Try again."))
            failures.append({"type": "answer", "id": late.message["id"], "error": why})
        self._hand_out()
        return [message for message in failures if message is not None]

    def _lost(self, worker: QuestionWorker, error: dict[str, Any]) -> Message | None:
        asked = worker.busy
        self._drop(worker)
        self._hand_out()
        return {"type": "answer", "id": asked.message["id"], "error": error} if asked else None

    def _drop(self, worker: QuestionWorker) -> None:
        worker.end()
        self.workers.remove(worker)
