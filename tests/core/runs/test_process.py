"""The supervisor's side of a run, with a process that only pretends."""

from __future__ import annotations

import multiprocessing
import time

import pytest

from core.runs.looks import LONGEST_KEYS
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


def test_a_flood_of_looks_holds_up_nobody_and_only_the_newest_is_kept(pretended):
    run, worker = pretended.run, pretended.worker
    for n in range(500):
        run.send({"type": "watch", "n": n, "looks": "x" * 20_000})  # to a process that does not listen
    run.send({"type": "stop", "n": "stop"})
    first = received(worker)
    assert first == [0, 1, 2, "stop"]
    worker.send_bytes(pack({"type": "beat"}))
    assert list(run.listen()) == []
    assert received(worker) == [499]


def test_even_the_longest_look_does_not_block_the_supervisor(pretended):
    pretended.run.send({"type": "watch", "n": 1, "looks": "x" * 2 * LONGEST_KEYS})
    pretended.run.send({"type": "watch", "n": 2, "looks": "x" * 2 * LONGEST_KEYS})
    assert received(pretended.worker) == [1]


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
