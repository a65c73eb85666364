"""Real processes: they train, obey, and end, whatever happens to them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from safetensors.torch import load as load_weights

from core.errors import ConfigError, QuestionError
from core.models.table import layer_table
from core.runs.client import SupervisorClient
from tests.core.runs.conftest import LONG, until

ROOT = Path(__file__).resolve().parents[3]


def test_a_run_from_start_to_finish(heard):
    heard.start("whole", epochs=1)
    assert until(lambda: heard.exited("whole"))["state"] is None
    assert heard.steps("whole") == list(range(1, 91))
    assert heard.events("whole", "ended")[0]["state"] == "finished"
    weights = load_weights(heard.blobs["whole"])
    assert sum(weight.numel() for weight in weights.values()) == heard.events("whole", "started")[0]["parameters"]
    assert heard.events("whole", "started")[0]["config"]["device"] in ("cpu", "cuda")


def test_pause_step_edit_resume_stop(heard):
    heard.start("steered", paused=True)
    until(lambda: heard.state("steered") == "paused")
    assert heard.steps("steered") == []
    for taken in (1, 2, 3):
        heard.command("steered", "step", count=1)
        until(lambda taken=taken: len(heard.steps("steered")) >= taken)
    time.sleep(0.3)
    assert heard.steps("steered") == [1, 2, 3]
    heard.command("steered", "edit", name="optimizer.learning_rate", value=0.01)
    heard.command("steered", "step", count=1)
    edited = until(lambda: heard.events("steered", "edited"))[0]
    assert (edited["step"], edited["value"]) == (3, 0.01)
    heard.command("steered", "resume")
    until(lambda: heard.state("steered") == "running" and len(heard.steps("steered")) > 20)
    heard.command("steered", "stop")
    until(lambda: heard.exited("steered"))
    ended = heard.events("steered", "ended")[0]
    assert ended["state"] == "stopped" and ended["step"] == heard.steps("steered")[-1]


def test_a_step_at_the_end_of_an_epoch_brings_its_validation(heard):
    heard.start("edge", paused=True, batch_size=1024)  # two steps an epoch
    until(lambda: heard.state("edge") == "paused")
    for _step in range(2):
        before = len(heard.steps("edge"))
        heard.command("edge", "step", count=1)
        until(lambda before=before: len(heard.steps("edge")) > before)
    chunks = until(
        lambda: [
            c
            for e in heard.events("edge", "points")
            for c in e["chunks"]
            if c["split"] == "validation" and c["step"][-1] == 2
        ]
    )
    assert heard.steps("edge") == [1, 2] and chunks[0]["epoch"] == [1]
    heard.command("edge", "stop")
    until(lambda: heard.exited("edge"))


def test_looks_are_made_while_somebody_looks(heard):
    heard.start("watched")
    until(lambda: len(heard.steps("watched")) > 50)
    assert heard.events("watched", "look") == []
    heard.watch("watched", "predictions", "classes")
    until(lambda: len(heard.events("watched", "look")) >= 6)
    heard.watch("watched")
    until(lambda: len(heard.steps("watched")) > 0)
    heard.watch("watched", "nothing_like_it")
    refused = until(lambda: [e for e in heard.events("watched", "look") if "error" in e])[0]
    assert (
        refused["error"]["template"].format(**refused["error"]["values"]) == "There is no view called nothing_like_it."
    )
    heard.watch("watched", "classes")
    heard.command("watched", "stop")
    until(lambda: heard.exited("watched"))
    last = heard.events("watched", "look")[-1]
    assert (last["key"], last["step"]) == ("classes:{}", heard.events("watched", "ended")[0]["step"])
    assert sum(map(sum, last["data"]["matrix"])) == 360


def test_a_paused_run_answers_at_once(heard):
    heard.start("standing", paused=True)
    until(lambda: heard.state("standing") == "paused")
    for index in (3, 4):
        heard.watch("standing", "picture", index=index)
        until(lambda index=index: len(heard.events("standing", "look")) > index - 3)
    heard.command("standing", "step", count=1)
    said = until(lambda: [e for e in heard.events("standing", "look") if e["step"] == 1])
    assert said[0]["key"] == 'picture:{"index":4}'
    heard.command("standing", "stop")
    until(lambda: heard.exited("standing"))


def run_pid(heard, run):
    """The process of a run, found as the child that came with it."""
    before = heard.pids()
    heard.start(run)
    until(lambda: len(heard.steps(run)) > 5)
    new = heard.pids() - before
    assert len(new) == 1
    return new.pop()


def test_a_killed_worker_is_a_failed_run_and_the_next_starts(heard):
    pid = run_pid(heard, "killed")
    os.kill(pid, signal.SIGKILL)
    began = time.monotonic()
    said = until(lambda: heard.exited("killed"))
    assert time.monotonic() - began < 10
    assert said["state"] == "failed"
    assert "SIGKILL" in said["reason"].format(**said["values"])
    heard.start("after", epochs=1)
    until(lambda: heard.exited("after"))
    assert heard.events("after", "ended")[0]["state"] == "finished"


def test_a_stopped_process_counts_as_hung(make_heard):
    heard = make_heard(LIVETORCH_HEARTBEAT_SECONDS="4")
    os.kill(run_pid(heard, "hung"), signal.SIGSTOP)
    said = until(lambda: heard.exited("hung"), 15)
    assert said["state"] == "failed" and "stopped responding" in said["reason"]


def test_a_run_over_its_memory_is_ended_with_both_numbers(make_heard):
    heard = make_heard(LIVETORCH_RUN_MEMORY_MB="100")  # less than torch itself takes
    heard.start("hungry")
    said = until(lambda: heard.exited("hungry"))
    assert said["state"] == "failed"
    assert "100 MB are allowed" in said["reason"].format(**said["values"])


def test_a_run_past_its_time_is_stopped_with_the_reason(make_heard):
    heard = make_heard(LIVETORCH_RUN_SECONDS="1")
    heard.start("long")
    until(lambda: heard.exited("long"))
    assert heard.events("long", "ended")[0]["state"] == "stopped"
    limit = heard.events("long", "limit")[0]
    assert limit["reason"].format(**limit["values"]) == "Stopped after 1 seconds of training, the limit here."


def test_an_impossible_config_fails_in_words(heard):
    heard.start("impossible", model={"blocks": [{"kernel_size": 11, "padding": 0}]})
    until(lambda: heard.exited("impossible"))
    ended = heard.events("impossible", "ended")[0]
    assert ended["state"] == "failed" and "does not fit" in ended["reason"]


def test_half_a_start_message_fails_that_run_only(heard):
    heard.start("healthy")
    until(lambda: len(heard.steps("healthy")) > 5)
    heard.client.send({"type": "start", "run": "half"})
    assert until(lambda: heard.exited("half"))["state"] == "failed"
    taken = len(heard.steps("healthy"))
    until(lambda: len(heard.steps("healthy")) > taken)
    heard.command("healthy", "stop")
    until(lambda: heard.exited("healthy"))


def test_a_frozen_run_is_stopped_by_force_and_keeps_its_numbers(make_heard):
    heard = make_heard(LIVETORCH_STOP_SECONDS="1")
    os.kill(run_pid(heard, "frozen"), signal.SIGSTOP)
    heard.command("frozen", "stop")
    said = until(lambda: heard.exited("frozen"), 10)
    assert said["state"] == "stopped" and "numbers are kept" in said["reason"]
    assert len(heard.steps("frozen")) > 5


def test_a_machine_that_stood_still_is_not_a_hung_run(make_heard):
    heard = make_heard(LIVETORCH_HEARTBEAT_SECONDS="4")
    worker = run_pid(heard, "asleep")
    both = [heard.client.process.pid, worker]
    for pid in both:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(6)
    for pid in both:
        os.kill(pid, signal.SIGCONT)
    taken = len(heard.steps("asleep"))
    until(lambda: len(heard.steps("asleep")) > taken + 50)
    assert heard.exited("asleep") is None


def test_a_client_closed_at_once_leaves_no_process():
    for wait in (0.0, 0.05, 0.3):
        client = SupervisorClient(lambda message, blob: None)
        time.sleep(wait)
        client.close()
        assert client.process is None or client.process.poll() is not None


def test_a_killed_supervisor_takes_its_workers_along_and_is_replaced(make_heard):
    heard = make_heard()
    pid = run_pid(heard, "orphan")
    os.kill(heard.client.process.pid, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie", 15)
    until(lambda: any(message["type"] == "lost" for message in heard.messages))
    heard.client.ready.wait(30)
    heard.start("again", epochs=1)
    until(lambda: heard.exited("again"), 30)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_killed_server_leaves_no_worker(tmp_path):
    """SIGKILL, so nothing can be tidied up; a worker that is stopped as well goes too."""
    code = f"""
import time
from core.config import load
from core.runs.client import SupervisorClient
client = SupervisorClient(lambda message, blob: print(message.get("event", {{}}).get("type"), flush=True))
for run in ("a", "b"):
    client.send({{"type": "start", "run": run, "config": load({LONG!r}).to_dict(), "paused": False, "threads": 1}})
time.sleep(60)
"""
    server = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    while server.stdout.readline().strip() != "points":
        assert server.poll() is None
    family = psutil.Process(server.pid).children(recursive=True)
    assert len(family) >= 4
    workers = [process for process in family if process.cpu_times().user > 0.05]
    workers[-1].suspend()
    server.kill()
    server.wait()
    server.stdout.close()
    gone, alive = psutil.wait_procs(family, timeout=15)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE], gone


def test_spawn_trains_the_same_numbers(make_heard):
    """What macOS and Windows use."""
    forked, spawned = make_heard(), make_heard(LIVETORCH_START_METHOD="spawn")
    losses = []
    for heard in (forked, spawned):
        heard.start("same", epochs=1)
        until(lambda heard=heard: heard.exited("same"), 60)
        losses.append(
            [loss for e in heard.events("same", "points") for c in e["chunks"] for loss in c["values"]["loss"]]
        )
    assert losses[0] == losses[1] and len(losses[0]) == 92


def test_questions_are_answered_and_their_errors_come_back(heard):
    assert heard.client.ask(layer_table, {}, timeout=20)["parameters"] == 38_282
    with pytest.raises(ConfigError, match="does not fit") as refused:
        heard.client.ask(layer_table, {"model": {"blocks": [{"kernel_size": 11, "padding": 0}]}})
    assert refused.value.field == "model.blocks.0.kernel_size"


def test_questions_that_fail_hang_or_crash_do_no_harm(heard):
    with pytest.raises(QuestionError, match="could not be computed"):
        heard.client.ask("core.config:load", 3, 4, 5)
    with pytest.raises(QuestionError):
        heard.client.ask("os:getcwd")
    with pytest.raises(QuestionError, match=r"longer than 0\.5 seconds"):
        heard.client.ask("core.runs.clock:time.sleep", 30, timeout=0.5)
    with pytest.raises(QuestionError, match="ended unexpectedly"):
        heard.client.ask("core.runs.worker:os._exit", 3)
    assert heard.client.ask(layer_table, {}, timeout=20)["parameters"] == 38_282
