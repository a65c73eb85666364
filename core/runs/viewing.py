"""Who looks at a run, and at what: the union of all viewers goes to the worker, answers come back by key."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.config import RunConfig
from core.errors import LiveTorchError, QuestionError
from core.i18n import N_
from core.runs.answers import Answers
from core.runs.log import finite
from core.runs.looks import CROWDED, Answer, Look, together
from core.runs.record import Record
from core.runs.weights import WEIGHTS_FILE
from core.training.past_names import moment_name

if TYPE_CHECKING:
    from core.runs.service import RunService

log = logging.getLogger("livetorch.viewing")

Wake = Callable[[], None]
LOOK_AT_REST = "core.probes.rest:look_at_rest"
REST_SECONDS = 20.0  # the data may have to be read first
LOOK_AT_MOMENT = "core.probes.moment:look_at_moment"
MOMENT_SECONDS = 60.0  # steps may have to be trained anew, and some views take long
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
                before, record.looks = _now(record), together(record.watchers.values())
                record.answers = {key: answer for key, answer in record.answers.items() if key in record.looks}
                on = record.active and record.id in self.service.occupied
            if on and before.keys() != _now(record).keys():
                self._tell(record)

    def begun(self, record: Record) -> None:
        """The run has a process now, which hears what is looked at already."""
        with self._telling:
            if _now(record):
                self._tell(record)

    def _tell(self, record: Record) -> None:
        if not self.service.client.ready.is_set():
            return  # without an engine no run is on
        looks = [look.message() for look in _now(record).values()]
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
        """What the viewer looks at and the run's own process will not answer: the past, and what is over."""
        with self.service.lock:
            looks = [look for look in record.watchers.get(wake, ()) if look.at is not None or not record.active]
            open_ = [look for look in looks if look.key in record.looks]
            return [look for look in open_ if look.key not in record.answers]

    def look_at_rest(self, record: Record, look: Look) -> None:
        """Answer a look at a run that is over, from the weights it left, or at its past; takes up to a minute."""
        step = int(record.progress()["step"])
        try:
            if not record.active:
                self.service.check_fits(record)
            answer = (
                Answer(step, self._question(record, look, step))
                if look.at is None
                else self._moment(record, look, look.at, step)
            )
        except LiveTorchError as error:
            answer = Answer(step if look.at is None else look.at, None, error)
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

    def _moment(self, record: Record, look: Look, at: int, last: int) -> Answer:
        """What was to be seen after step ``at``, or after the nearest one that can be reached in good time."""
        folder = self.service.store.run_folder(record.id)
        # a run of tiny steps records few of them, and may have ended after its last number
        if at > last and not (folder / moment_name(at)).is_file():
            raise LiveTorchError(N_("This run has {last} steps; there is no step {step} to go to."), last=last, step=at)
        edits = [edit for edit in record.row["edits"] if edit["step"] <= at]
        args = (started_with(record).to_dict(), edits, str(folder), at, look.name, look.args)
        # a run that is on goes on keeping moments, and some views show all of them
        ask = self.service.client.ask
        if record.active:
            found = ask(LOOK_AT_MOMENT, *args, timeout=MOMENT_SECONDS)
        else:
            found = self.at_rest.get(ask, LOOK_AT_MOMENT, args, MOMENT_SECONDS)
        return Answer(int(found["step"]), finite(found["data"]))


def _now(record: Record) -> dict[str, Look]:
    """What is looked at and not in the past."""
    return {key: look for key, look in record.looks.items() if look.at is None}


def started_with(record: Record) -> RunConfig:
    """The run's first config as it was resolved, but for the CPU: what its steps can be repeated with."""
    info, config = record.row["info"], record.config
    if not info.get("device"):
        raise LiveTorchError(N_("The run has not started yet, so it has no past to go to."))
    precision = info.get("precision", "float32") if info["device"] == "cpu" else "float32"
    return config.resolved(device="cpu", threads=info["threads"], precision=precision)


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
