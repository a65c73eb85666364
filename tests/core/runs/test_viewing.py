"""Who looks at what: workers are told once, answers reach those who asked, ended runs answer from their weights."""

from __future__ import annotations

import threading

import pytest

from core.errors import LiveTorchError, NotFoundError, QuestionError, StoreError
from core.runs.batch import WAITING_FILES
from core.runs.looks import CROWDED, LOOKS_PER_RUN, Look
from core.runs.weights import WEIGHTS_FILE
from tests.core.runs.conftest import ANN, BEN, begun, until

CLASSES, FILTERS = Look.of("classes", {}), Look.of("filters", {})


class Seat:
    """A viewer who counts how often it is woken."""

    def __init__(self, service, run):
        self.viewing, self.record = service.viewing, service.record(run.id, ANN)
        self.lock = service.lock
        self.woken = threading.Event()
        self.wake = self.woken.set
        self.leave = service.watch(self.record, self.wake)

    def look(self, *looks):
        self.viewing.look(self.record, self.wake, looks)

    def sees(self):
        with self.lock:
            return {look.key: answer for look, answer in self.viewing.answers(self.record, self.wake)}


def watched(service):
    """What the worker was told, in order: the keys of each `watch`."""
    commands = [message["command"] for message in service.client.sent if message["type"] == "command"]
    return [[look["key"] for look in command["looks"]] for command in commands if command["type"] == "watch"]


def say_look(service, run, look, step, **answer):
    service.client.say(run.id, type="look", key=look.key, step=step, **answer)


def end(service, run, state="finished"):
    service.client.say(run.id, type="ended", state=state, step=3, reason="", values={})
    service.client.exit(run.id)
    until(lambda: not service.view(run.id, ANN).active and run.id not in service.occupied, 5)


def save_weights(service, run, content=b"weights"):
    event = {"type": "file", "name": WEIGHTS_FILE}
    service.client.on_message({"type": "event", "run": run.id, "event": event}, content)


def test_a_worker_hears_what_all_viewers_together_look_at(make):
    service = make()
    run = begun(service)
    ann, ben = Seat(service, run), Seat(service, run)
    assert watched(service) == []
    ann.look(CLASSES)
    ben.look(CLASSES)
    ben.look(CLASSES, FILTERS)
    ann.leave()
    ben.leave()
    assert watched(service) == [[CLASSES.key], [CLASSES.key, FILTERS.key], []]
    sent = service.client.sent[-3]["command"]
    assert sent == {"type": "watch", "looks": [{"key": "classes:{}", "name": "classes", "args": {}}]}


def test_a_run_that_waits_hears_it_when_it_starts(make):
    service = make(LIVETORCH_MAX_RUNNING="1")
    first = begun(service)
    second = service.submit(ANN, first.config)
    Seat(service, second).look(CLASSES)
    assert watched(service) == []
    end(service, first)
    until(lambda: watched(service) == [[CLASSES.key]], 5)
    kinds = [message.get("command", message)["type"] for message in service.client.sent]
    assert kinds[-2:] == ["start", "watch"]


def test_answers_reach_who_asked_and_go_with_them(make):
    service = make()
    run = begun(service)
    ann, ben = Seat(service, run), Seat(service, run)
    ann.look(CLASSES)
    ben.look(FILTERS)
    ann.woken.clear()
    say_look(service, run, CLASSES, 3, data={"matrix": []})
    assert ann.woken.wait(5)
    until(lambda: ann.sees(), 5)
    assert (ann.sees()[CLASSES.key].step, ann.sees()[CLASSES.key].data) == (3, {"matrix": []})
    assert ben.sees() == {}
    ben.look(CLASSES, FILTERS)
    assert ben.sees() == ann.sees()
    ann.leave()
    assert list(ben.record.answers) == [CLASSES.key]
    ben.leave()
    assert ben.record.answers == {} and ben.record.looks == {} and not ben.record.watchers
    say_look(service, run, CLASSES, 4, data={})
    say_look(service, run, FILTERS, 4, error={"template": "No {what}.", "values": {"what": "filters"}})
    service.client.say(run.id, type="state", state="paused", step=4)
    until(lambda: service.view(run.id, ANN).state == "paused", 5)
    assert ben.record.answers == {}


def test_a_look_that_failed_is_a_sentence_for_its_viewer(make):
    service = make()
    run = begun(service)
    ann = Seat(service, run)
    ann.look(FILTERS)
    say_look(service, run, FILTERS, 3, error={"template": "No {what}.", "values": {"what": "filters"}})
    assert str(until(lambda: ann.sees(), 5)[FILTERS.key].error) == "No filters."


def test_more_than_a_run_takes_is_refused_in_words(make):
    service = make()
    run = begun(service)
    seats = [Seat(service, run) for _viewer in range(9)]
    for number, seat in enumerate(seats):
        seat.look(*(Look.of("picture", {"index": 8 * number + n}) for n in range(8)))
    assert len(watched(service)[-1]) == LOOKS_PER_RUN
    assert set(seats[-1].sees().values()) == {CROWDED} and seats[0].sees() == {}


def test_nonsense_from_one_worker_costs_another_nothing(make):
    service = make()
    bad, good = begun(service), begun(service, BEN)
    for nonsense in ({"type": "look"}, {"type": "file", "name": "../../x"}, {"type": "points"}, {"type": "ended"}):
        service.client.say(bad.id, **nonsense)
    service.client.say(good.id, type="state", state="paused", step=3)
    until(lambda: service.view(good.id, BEN).state == "paused", 5)


def test_weights_are_there_as_soon_as_the_run_is_over(make):
    service = make()
    run = begun(service)
    with pytest.raises(NotFoundError, match="still on"):
        service.weights(run.id, ANN)
    seen = []
    service.watch(service.record(run.id, ANN), lambda: seen.append(service.store.path_of(run.id, WEIGHTS_FILE)))
    save_weights(service, run)
    end(service, run)
    assert seen[-1] is not None and service.weights(run.id, ANN).read_bytes() == b"weights"
    with pytest.raises(NotFoundError, match="not yours"):
        service.weights(run.id, BEN)


def test_an_ended_run_answers_from_its_weights(make, monkeypatch):
    service = make()
    run = begun(service)
    ann = Seat(service, run)
    ann.look(CLASSES)
    say_look(service, run, CLASSES, 3, data={"last": True})
    save_weights(service, run)
    service.client.say(run.id, type="edited", step=3, name="model.dropout", value=0.5, seconds=1.0, epoch=0.2)
    assert ann.viewing.unanswered(ann.record, ann.wake) == []  # the worker will
    end(service, run)
    assert ann.viewing.unanswered(ann.record, ann.wake) == []  # it has
    ann.look(CLASSES, FILTERS)
    assert ann.viewing.unanswered(ann.record, ann.wake) == [FILTERS]
    asked = []

    def ask(*question, timeout):
        asked.append((question, timeout))
        return {"layers": []}

    monkeypatch.setattr(service.client, "ask", ask)
    for _time in range(2):
        ann.viewing.look_at_rest(ann.record, FILTERS)
    assert ann.sees()[FILTERS.key].data == {"layers": []} and ann.sees()[CLASSES.key].data == {"last": True}
    (function, config, path, step, name, args), timeout = asked[0]
    assert len(asked) == 1 and (function, step, name, args) == ("core.probes.rest:look_at_rest", 3, "filters", {})
    assert (config["device"], config["model"]["dropout"], timeout) == ("cpu", 0.5, 20.0)
    assert path == str(service.weights(run.id, ANN))


def test_a_run_without_weights_says_why(make):
    service = make()
    for state, why in (("failed", "ended in the middle"), ("stopped", "not saved")):
        run = begun(service)
        end(service, run, state)
        ann = Seat(service, run)
        ann.look(CLASSES)
        ann.viewing.look_at_rest(ann.record, CLASSES)
        assert f"left no weights ({'its process ' if state == 'failed' else 'they were '}{why}" in str(
            ann.sees()[CLASSES.key].error
        )
        with pytest.raises(NotFoundError, match=why):
            service.weights(run.id, ANN)


def test_a_question_that_fails_is_a_sentence_and_asked_again(make, monkeypatch):
    service = make()
    run = begun(service)
    save_weights(service, run)
    end(service, run)
    ann = Seat(service, run)
    ann.look(CLASSES)
    asked = []

    def busy(*_question, timeout):
        asked.append(timeout)
        raise QuestionError("The server is busy.")

    monkeypatch.setattr(service.client, "ask", busy)
    for _time in range(2):
        ann.viewing.look_at_rest(ann.record, CLASSES)
    assert str(ann.sees()[CLASSES.key].error) == "The server is busy." and len(asked) == 2
    assert isinstance(ann.sees()[CLASSES.key].error, LiveTorchError)


def test_weights_that_cannot_be_saved_hold_up_no_numbers(make, monkeypatch):
    service = make()
    runs = [begun(service) for _run in range(WAITING_FILES + 2)]

    def full(*_args, **_more):
        raise StoreError("full")

    with monkeypatch.context() as patched:
        patched.setattr(service.store, "save_file", full)
        for run in runs:
            save_weights(service, run)
            end(service, run)
        assert all(service.store.get(run.id)["state"] == "finished" for run in runs)
        until(lambda: len(service.intake.batch.files) == WAITING_FILES, 5)
    until(lambda: not service.intake.batch.files, 5)
    kept = [service.store.path_of(run.id, WEIGHTS_FILE) is not None for run in runs]
    assert kept == [False, False] + [True] * WAITING_FILES
