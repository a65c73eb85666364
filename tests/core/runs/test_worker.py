"""The process of one run, with a task that dawdles or breaks."""

from __future__ import annotations

import multiprocessing
import time

import pytest

from core.config import load
from core.runs.wire import pack, unpack
from core.runs.worker import run_worker
from core.training.classification import ImageClassification
from tests.core.runs.conftest import LONG

CONTEXT = multiprocessing.get_context("spawn")


def dawdle_then_train(connection):
    """Evaluations of a minute, made of short pieces as real ones are."""

    def evaluate(self):
        connection.send_bytes(pack({"type": "evaluating"}))
        for _batch in range(600):
            time.sleep(0.1)
        return {"loss": 1.0, "accuracy": 0.0}

    ImageClassification.evaluate = evaluate
    run_worker(connection, load(LONG).to_dict(), False, 1)


def break_at_step_four(connection):
    training_step, taken = ImageClassification.training_step, []

    def breaks(self, batch):
        taken.append(1)
        if len(taken) == 4:
            raise RuntimeError("as planned")
        return training_step(self, batch)

    ImageClassification.training_step = breaks
    run_worker(connection, load(LONG).to_dict(), False, 1)


@pytest.fixture
def worker():
    """Starts one; gives our end of its connection."""
    made = []

    def start(target):
        ours, theirs = CONTEXT.Pipe()
        made.append(CONTEXT.Process(target=target, args=(theirs,), daemon=True))
        made[-1].start()
        theirs.close()
        return ours

    yield start
    for process in made:
        process.kill()
        process.join()


def hear(connection, kind):
    """Events up to the first of ``kind``."""
    heard = []
    while not heard or heard[-1]["type"] != kind:
        assert connection.poll(30), f"no {kind}"
        heard.append(unpack(connection.recv_bytes())[0])
    return heard


def test_stop_breaks_off_a_long_evaluation(worker):
    connection = worker(dawdle_then_train)
    hear(connection, "evaluating")
    connection.send_bytes(pack({"type": "stop"}))
    began = time.monotonic()
    ended = hear(connection, "ended")[-1]
    assert (ended["state"], ended["step"]) == ("stopped", 0)
    assert time.monotonic() - began < 5


def test_a_run_that_breaks_keeps_its_last_numbers(worker):
    heard = hear(worker(break_at_step_four), "ended")
    steps = [
        step
        for event in heard
        if event["type"] == "points"
        for chunk in event["chunks"]
        if chunk["split"] == "train"
        for step in chunk["step"]
    ]
    assert steps == [1, 2, 3]
    assert (heard[-1]["state"], heard[-1]["step"], heard[-1]["values"]) == ("failed", 3, {"kind": "RuntimeError"})
