"""Looks are answered when they are opened, renewed when there is time, and never end a run."""

from __future__ import annotations

import pytest

from core.errors import LiveTorchError
from core.runs import looking
from core.runs.looking import Looking


def ask(*names):
    return [{"key": f"{name}:{{}}", "name": name, "args": {}} for name in names]


class Subject:
    """Stands for a task: what it is seen by changes with each step."""

    step, assessed, look_seconds, look_share = 0, 0, 0.5, 0.04

    @property
    def version(self):
        return self.step, self.assessed


class Desk:
    """A Looking with a clock in the test's hand, at which every look costs what the test says."""

    def __init__(self, monkeypatch):
        self.now, self.cost = 100.0, 0.0
        self.sent = []
        self.subject = Subject()
        monkeypatch.setattr(looking.time, "perf_counter", lambda: self.now)
        monkeypatch.setattr("core.probes.look", self.look)
        self.looking = Looking(self.sent.append)

    def look(self, subject, name, args):
        self.now += self.cost
        if name == "broken":
            raise RuntimeError("as planned")
        if name == "refused":
            raise LiveTorchError("There is no picture {index}.", index=3)
        return {"seen": name, "nan": float("nan")}

    def run(self, seconds, every=0.01):
        """Take steps for ``seconds``; what was sent meanwhile, as (name, step)."""
        end, before = self.now + seconds, len(self.sent)
        while self.now < end:
            self.now += every
            self.subject.step += 1
            self.looking.while_running(self.subject)
        return [(said["key"].split(":")[0], said["step"]) for said in self.sent[before:]]


@pytest.fixture
def desk(monkeypatch):
    return Desk(monkeypatch)


def test_nothing_is_computed_for_nobody(desk):
    assert desk.run(2) == []
    desk.looking.while_standing(desk.subject)
    assert desk.sent == []


def test_a_look_is_answered_at_once_and_renewed_twice_a_second(desk):
    desk.looking.watch(ask("classes"))
    said = desk.run(2.0)
    assert said[0] == ("classes", 1)
    assert [step for _name, step in said] == [1, 51, 101, 151]  # 100 steps a second
    assert desk.sent[0] == {"type": "look", "key": "classes:{}", "step": 1, "data": {"seen": "classes", "nan": None}}


def test_renewing_takes_no_more_than_four_percent(desk):
    desk.cost = 0.1
    desk.looking.watch(ask("classes", "filters"))
    began, said = desk.now, desk.run(50)
    assert 0.035 < 0.1 * len(said) / (desk.now - began) <= 0.0404
    assert {name for name, _step in said} == {"classes", "filters"}


def test_what_is_opened_between_renewals_is_answered_at_once(desk):
    desk.looking.watch(ask("classes"))
    desk.run(0.1)
    desk.looking.watch(ask("classes", "filters"))
    assert desk.run(0.1) == [("filters", 11)]
    desk.looking.watch(ask("classes"))
    assert {name for name, _step in desk.run(2)} == {"classes"}


def test_a_flood_of_new_looks_takes_no_more_than_a_quarter(desk):
    desk.cost = 0.02
    began, said = desk.now, 0
    for number in range(400):
        desk.looking.watch(ask(f"drawing{number}"))
        said += len(desk.run(0.025, every=0.005))
    assert said > 50
    assert desk.cost * said / (desk.now - began) < 0.27


def test_a_standing_network_is_looked_at_once(desk):
    desk.looking.watch(ask("classes"))
    for _time in range(3):
        desk.looking.while_standing(desk.subject)
    desk.looking.watch(ask("classes", "filters"))
    desk.looking.while_standing(desk.subject)
    assert [said["key"] for said in desk.sent] == ["classes:{}", "filters:{}"]
    desk.subject.assessed = 1  # it was validated, without another step
    desk.looking.while_standing(desk.subject)
    assert len(desk.sent) == 4


def test_the_last_answers_do_not_hold_up_the_end(desk):
    desk.cost = 0.5
    desk.looking.watch(ask(*(f"look{number}" for number in range(8))))
    desk.looking.while_standing(desk.subject, 2.0)
    assert len(desk.sent) == 4


def test_a_look_that_fails_says_so_and_the_others_are_answered(desk):
    desk.looking.watch(ask("broken", "refused", "classes"))
    desk.looking.while_running(desk.subject)
    broken, refused, classes = desk.sent
    assert (
        broken["error"]["values"] == {"kind": "RuntimeError"} and "could not be computed" in broken["error"]["template"]
    )
    assert refused["error"] == {"template": "There is no picture {index}.", "values": {"index": 3}}
    assert "data" in classes
    assert desk.run(0.4) == []  # not tried at every step


def test_a_supervisor_that_is_gone_ends_it(desk):
    def gone(_message):
        raise BrokenPipeError

    desk.looking.send = gone
    desk.looking.watch(ask("classes"))
    with pytest.raises(BrokenPipeError):
        desk.looking.while_running(desk.subject)
