"""The supervisor's side of a run, with a process that only pretends."""

from __future__ import annotations

import multiprocessing
import time

import pytest

from core.runs.process import UNHEARD_COMMANDS, RunProcess
from core.runs.wire import pack, unpack

START = {"run": "r", "config": {}, "paused": False, "threads": 1}


class Pretended:
    """Stands for a multiprocessing context; the test holds the worker's end."""

    def Pipe(self):
        ours, theirs = multiprocessing.Pipe()
        self.worker = type(theirs)(theirs.fileno())
        theirs._handle = None  # the supervisor closes its copy; this one stays
        return ours, theirs

    def Process(self, **_ignored):
        return self

    def start(self):
        self.killed = False

    def kill(self):
        self.killed = True

    pid = 2**22 + 1  # above what Linux gives


@pytest.fixture
def pretended():
    context = Pretended()
    context.run = RunProcess(context, START)
    yield context
    context.run.connection.close()
    context.worker.close()


def received(connection):
    taken = []
    while connection.poll(0):
        taken.append(unpack(connection.recv_bytes())[0]["n"])
    return taken


def test_commands_wait_until_a_silent_process_shows_that_it_listens(pretended):
    for n in range(3 * UNHEARD_COMMANDS):
        pretended.run.send({"type": "edit", "n": n})
    first = received(pretended.worker)
    assert first == list(range(UNHEARD_COMMANDS))
    for _time in range(2):
        pretended.worker.send_bytes(pack({"type": "beat"}))
        assert list(pretended.run.listen()) == []
    assert first + received(pretended.worker) == list(range(3 * UNHEARD_COMMANDS))


@pytest.mark.parametrize("nonsense", [b"", b"\0\0\0\2[]", b"\xff\xff\xff\xff{}", pack({"no": "type"})])
def test_nonsense_ends_that_run_with_a_reason(pretended, nonsense):
    pretended.worker.send_bytes(nonsense)
    with pytest.raises(EOFError):
        list(pretended.run.listen())
    assert pretended.killed and "makes no sense" in pretended.run.failure[0]


def test_time_that_stood_still_counts_for_nothing(pretended):
    run = pretended.run
    run.stop_by = time.monotonic()
    before = (run.heard, run.stop_by, run.stretch()[0])
    run.forgive(1000)
    assert (run.heard, run.stop_by) == (before[0] + 1000, before[1] + 1000)
    assert run.stretch()[0] == pytest.approx(before[2] - 1000, abs=1)
