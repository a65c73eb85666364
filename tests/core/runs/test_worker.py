"""The process of one run, with a task that dawdles or breaks."""

from __future__ import annotations

import json
import multiprocessing
import time

import pytest
import torch
from safetensors.torch import load as load_weights

import core.probes
from core.config import load
from core.runs.wire import pack, unpack
from core.runs.worker import run_worker
from core.training.breaks import breathe
from core.training.classification import ImageClassification
from core.training.events import Edit
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


def dawdle_between_batches(connection):
    """Evaluations of 3 s, in batches that say their number."""

    def evaluate(self):
        with torch.no_grad():
            for batch in range(30):
                breathe()
                connection.send_bytes(pack({"type": "batch", "number": batch, "step": self.step}))
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


def run_out_of_gpu_memory(connection):
    def hungry(self, batch):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    ImageClassification.training_step = hungry
    run_worker(connection, load(LONG).to_dict(), False, 1)


def clip_from_step_three(connection):
    training_step = ImageClassification.training_step

    def clipped(self, batch):
        if self.step == 2:
            self.apply(Edit("clip_norm", 1.0))
        return training_step(self, batch)

    ImageClassification.training_step = clipped
    run_worker(connection, load(LONG | {"epochs": 1, "ema_decay": 0.9}).to_dict(), False, 1)


def break_every_look(connection):
    def breaks(subject, name, args):
        raise RuntimeError("as planned")

    core.probes.look = breaks
    run_worker(connection, load(LONG | {"epochs": 1}).to_dict(), True, 1)


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


def hear_all(connection):
    """Every event with its blob, until the process hangs up."""
    heard = []
    while connection.poll(30):
        try:
            heard.append(unpack(connection.recv_bytes()))
        except EOFError:
            return heard
    raise AssertionError("the process did not end")


def test_stop_breaks_off_a_long_evaluation(worker):
    connection = worker(dawdle_then_train)
    hear(connection, "evaluating")
    connection.send_bytes(pack({"type": "stop"}))
    began = time.monotonic()
    ended = hear(connection, "ended")[-1]
    assert (ended["state"], ended["step"]) == ("stopped", 0)
    assert time.monotonic() - began < 5


def tell(connection, kind, **more):
    connection.send_bytes(pack({"type": kind} | more))


def test_pause_holds_an_evaluation_between_two_batches_and_looks_are_answered(worker):
    connection = worker(dawdle_between_batches)
    hear(connection, "batch")
    tell(connection, "pause")
    heard = hear(connection, "state")
    assert heard[-1]["state"] == "paused" and len(heard) < 20
    tell(connection, "watch", looks=[{"key": "updates:{}", "name": "updates", "args": {}}])
    looks = hear(connection, "look")
    assert "error" not in looks[-1] and not [event for event in looks if event["type"] == "batch"]
    time.sleep(1)
    tell(connection, "resume")
    batches = [event["number"] for event in heard if event["type"] == "batch"]
    rest = hear(connection, "points")
    batches += [event["number"] for event in rest if event["type"] == "batch"]
    assert batches == list(range(1, 30))  # the first one was heard above; none twice, none left out
    (seconds,) = rest[-1]["chunks"][0]["seconds"]
    assert 2.5 < seconds < 3.9  # not the second of the pause
    tell(connection, "stop")
    assert hear(connection, "ended")[-1]["state"] == "stopped"


def test_a_held_evaluation_ends_before_a_step_and_before_an_edit(worker):
    connection = worker(dawdle_between_batches)
    hear(connection, "batch")
    tell(connection, "pause")
    assert hear(connection, "state")[-1]["state"] == "paused"
    tell(connection, "edit", name="optimizer.learning_rate", value=0.5)
    edited = hear(connection, "edited")
    assert edited[-1]["step"] == 0 and edited[-1]["value"] == 0.5
    assert [event["number"] for event in edited if event["type"] == "batch"][-1] == 29
    tell(connection, "step", count=1)
    points = hear(connection, "points")
    while points[-1]["chunks"][-1]["split"] != "train":
        points += hear(connection, "points")
    assert points[-1]["chunks"][-1]["step"] == [1]
    assert not connection.poll(0.5) or hear(connection, "state")[-1]["state"] == "paused"


def test_stop_ends_a_held_evaluation(worker):
    connection = worker(dawdle_between_batches)
    hear(connection, "batch")
    tell(connection, "pause")
    hear(connection, "state")
    tell(connection, "stop")
    assert hear(connection, "ended")[-1]["state"] == "stopped"


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


def test_a_run_out_of_gpu_memory_says_what_to_do_and_ends_its_process(worker):
    heard = hear_all(worker(run_out_of_gpu_memory))
    ended = heard[-1][0]
    assert (ended["type"], ended["state"], ended["step"]) == ("ended", "failed", 0)
    assert "GPU" in ended["reason"] and "smaller batch, fewer channels, or the CPU" in ended["reason"]
    assert "file" not in [event["type"] for event, _blob in heard]  # a crash leaves no weights


def test_what_is_measured_only_later_begins_a_chunk_and_the_weights_come_before_the_end(worker):
    heard = hear_all(worker(clip_from_step_three))
    chunks = [chunk for event, _blob in heard if event["type"] == "points" for chunk in event["chunks"]]
    for chunk in chunks:
        assert {len(column) for column in chunk["values"].values()} == {len(chunk["step"])}
    clipped = [step for chunk in chunks if "gradient_norm" in chunk["values"] for step in chunk["step"]]
    assert clipped == list(range(3, 91))
    kinds = [event["type"] for event, _blob in heard if event["type"] != "beat"]
    assert kinds[-2:] == ["file", "ended"]
    weights = next(blob for event, blob in heard if event["type"] == "file")
    metadata = json.loads(weights[8 : 8 + int.from_bytes(weights[:8], "little")])["__metadata__"]
    assert json.loads(metadata["config"])["ema_decay"] == 0.9 and json.loads(metadata["classes"]) == list("0123456789")
    assert metadata["step"] == "90"
    assert (4, 1, 3, 3) in [weight.shape for weight in load_weights(weights).values()]


def test_looks_that_break_do_not_end_the_run(worker):
    connection = worker(break_every_look)
    connection.send_bytes(pack({"type": "watch", "looks": [{"key": "classes:{}", "name": "classes", "args": {}}]}))
    connection.send_bytes(pack({"type": "resume"}))
    heard = [event for event, _blob in hear_all(connection)]
    looks = [event for event in heard if event["type"] == "look"]
    assert looks and all(look["error"]["values"] == {"kind": "RuntimeError"} for look in looks)
    assert (heard[-1]["state"], heard[-1]["step"]) == ("finished", 90)


def prepares_before_it_trains(connection):
    """A task that looks at pictures first, and is asked to stop on the way in its second life."""
    from core.training.preparing import tell

    begin = ImageClassification.__init__

    def slowly(self, config):
        for done in range(20):
            tell("Looking at {done} of {total}.", done=done, total=20)
            time.sleep(0.1)
        begin(self, config)

    ImageClassification.__init__ = slowly
    run_worker(connection, load(LONG).to_dict(), False, 1)


def test_what_is_prepared_is_told_and_can_be_stopped():
    connection, theirs = multiprocessing.Pipe()
    process = CONTEXT.Process(target=prepares_before_it_trains, args=(theirs,))
    process.start()
    theirs.close()
    said = []
    while True:
        event = unpack(connection.recv_bytes())[0]
        if event["type"] == "beat":
            continue
        said.append(event)
        if len(said) == 4:
            connection.send_bytes(pack({"type": "stop"}))
        if event["type"] == "ended":
            break
    assert said[0] == {"type": "state", "state": "running", "step": 0}
    assert said[1] == {
        "type": "preparing",
        "template": "Looking at {done} of {total}.",
        "values": {"done": 0, "total": 20},
    }
    assert said[-1]["state"] == "stopped" and said[-1]["step"] == 0
    assert all(event["type"] == "preparing" for event in said[1:-1]) and len(said) < 12
    process.join(10)
