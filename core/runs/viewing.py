"""Who looks at a run, and at what: the union of all viewers goes to the worker, answers come back by key."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.errors import LiveTorchError, QuestionError
from core.i18n import N_
from core.runs.answers import Answers
from core.runs.log import finite
from core.runs.looks import CROWDED, Answer, Look, together
from core.runs.record import Record
from core.runs.weights import WEIGHTS_FILE

if TYPE_CHECKING:
    from core.runs.service import RunService

log = logging.getLogger("livetorch.viewing")

Wake = Callable[[], None]
LOOK_AT_REST = "core.probes.rest:look_at_rest"
REST_SECONDS = 20.0  # the data may have to be read first
KEPT_ANSWERS = 64  # a few hundred kB each at most


class Viewing:
    """The viewers of all runs. A viewer is known by the function that wakes it, which any thread may call."""

    def __init__(self, service: RunService) -> None:
        self.service = service
        self.at_rest = Answers(KEPT_ANSWERS)
        self._telling = threading.Lock()  # so that a worker hears the newest word last

    def watch(self, record: Record, wake: Wake) -> Callable[[], None]:
        """Have ``wake`` called when the run changes; returns what ends that."""
        with self.service.lock:
            record.watchers[wake] = ()

        def unwatch() -> None:
            self._change(record, lambda: record.watchers.pop(wake, None))

        return unwatch

    def look(self, record: Record, wake: Wake, looks: tuple[Look, ...]) -> None:
        """From now on the viewer looks at ``looks`` and at nothing else."""

        def change() -> None:
            if wake in record.watchers:  # it may have left meanwhile
                record.watchers[wake] = looks

        self._change(record, change)

    def _change(self, record: Record, change: Callable[[], Any]) -> None:
        """Make a change of viewers, and let the worker know if it has to look at something else now."""
        with self._telling:
            with self.service.lock:
                change()
                before, record.looks = record.looks, together(record.watchers.values())
                record.answers = {key: answer for key, answer in record.answers.items() if key in record.looks}
                on = record.active and record.id in self.service.occupied
            if on and before.keys() != record.looks.keys():
                self._tell(record)

    def begun(self, record: Record) -> None:
        """The run has a process now, which hears what is looked at already."""
        with self._telling:
            if record.looks:
                self._tell(record)

    def _tell(self, record: Record) -> None:
        if not self.service.client.ready.is_set():
            return  # without an engine no run is on
        looks = [look.message() for look in record.looks.values()]
        try:
            self.service.send(record.id, {"type": "watch", "looks": looks})
        except QuestionError as error:
            log.info("nobody to tell what is looked at: %s", error, extra={"run": record.id})

    def answers(self, record: Record, wake: Wake) -> list[tuple[Look, Answer]]:
        """What there is to see of what the viewer looks at; call with the service's lock held."""
        shown = [
            (look, record.answers.get(look.key) if look.key in record.looks else CROWDED)
            for look in record.watchers.get(wake, ())
        ]
        return [(look, answer) for look, answer in shown if answer is not None]

    def unanswered(self, record: Record, wake: Wake) -> list[Look]:
        """What the viewer looks at and no worker will answer any more."""
        with self.service.lock:
            if record.active:
                return []
            open_ = [look for look in record.watchers.get(wake, ()) if look.key in record.looks]
            return [look for look in open_ if look.key not in record.answers]

    def look_at_rest(self, record: Record, look: Look) -> None:
        """Answer a look at a run that is over, from the weights it left. Takes up to :data:`REST_SECONDS`."""
        step = int(record.progress()["step"])
        try:
            answer = Answer(step, self._question(record, look, step))
        except LiveTorchError as error:
            answer = Answer(step, None, error)
        with self.service.lock:
            if look.key in record.looks:
                record.answers[look.key] = answer
                record.changes += 1
        self.service.intake.nudge()

    def _question(self, record: Record, look: Look, step: int) -> dict[str, Any]:
        path = self.service.store.path_of(record.id, WEIGHTS_FILE)
        if path is None:
            raise LiveTorchError(why_no_weights(record.state))
        # whatever it ran on: these processes are many, and one picture needs no GPU
        config = record.config_now.resolved(device="cpu", threads=1).to_dict()
        args = (config, str(path), step, look.name, look.args)
        found: dict[str, Any] = finite(self.at_rest.get(self.service.client.ask, LOOK_AT_REST, args, REST_SECONDS))
        return found


def why_no_weights(state: str) -> str:
    """Why a run that ended in ``state`` has no file of weights."""
    if state == "interrupted":
        return N_(
            "This run left no weights (the server was restarted while it was on), so there is nothing to look into. Its curves are kept."
        )
    if state == "failed":
        return N_(
            "This run left no weights (its process ended in the middle), so there is nothing to look into. Its curves are kept."
        )
    return N_(
        "This run left no weights (they were not saved when it ended), so there is nothing to look into. Its curves are kept."
    )
