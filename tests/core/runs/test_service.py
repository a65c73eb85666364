"""Policy and memory of the runs, with a stand-in for the supervisor."""

from __future__ import annotations

import threading

import pytest

from core.config import CNNRunConfig, load
from core.errors import ConfigError, LimitError, LiveTorchError, NotFoundError, StoreError
from core.runs.store import Store
from tests.core.runs.conftest import ANN, BEN, begun, until
from tests.core.runs.test_log import payload


def test_a_run_belongs_to_its_visitor(make):
    service = make()
    run = begun(service)
    assert run.own and service.view(run.id, ANN).id == run.id
    assert [mine.id for mine in service.views(ANN)] == [run.id]
    assert service.views(BEN) == []
    for act in (
        lambda: service.view(run.id, BEN),
        lambda: service.view(run.id),
        lambda: service.view(run.id, BEN, token="guess"),
        lambda: service.stop(run.id, BEN),
        lambda: service.pause(run.id, BEN),
        lambda: service.step(run.id, BEN),
        lambda: service.edit(run.id, BEN, "optimizer.learning_rate", 0.1),
        lambda: service.rename(run.id, BEN, "mine"),
        lambda: service.delete(run.id, BEN),
        lambda: service.script(run.id, BEN),
        lambda: service.metrics_csv(run.id, BEN),
        lambda: service.view("no-such-run", ANN),
        lambda: service.view("' OR 1=1", ANN),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert service.client.kinds() == ["start"]


def test_a_view_token_shows_but_does_not_steer(make):
    service = make()
    run = begun(service)
    shared = service.view(run.id, BEN, token=run.view_token)
    assert shared.step == 3 and not shared.own
    assert "loss" in service.metrics_csv(run.id, token=run.view_token)
    with pytest.raises(NotFoundError):
        service.stop(run.id, BEN)


def test_every_number_is_in_the_store_before_anybody_sees_it(make, tmp_path):
    service = make()
    run = begun(service)
    other = Store(folder=tmp_path)
    assert [chunk["step"] for chunk in other.chunks(run.id)] == [[1, 2, 3]]
    other.close()
    assert service.metrics_csv(run.id, ANN).splitlines()[:2] == [
        "split,step,epoch,seconds,loss,accuracy",
        "train,1,1,0.1,0.5,0.5",
    ]


def test_after_a_restart_runs_are_interrupted_with_all_their_numbers(make):
    first = make()
    run = begun(first)
    first.close()
    second = make()
    again = second.view(run.id, ANN)
    assert again.state == "interrupted" and "restarted" in again.reason.message
    assert again.step == 3 and again.latest["train"]["accuracy"] == 0.5
    assert second.metrics_csv(run.id, ANN).count("\n") == 4


def test_places_are_limited_and_the_queue_moves_up(make):
    service = make(LIVETORCH_MAX_RUNNING="1", LIVETORCH_QUEUE="2")
    runs = [begun(service), service.submit(BEN, CNNRunConfig()), service.submit(ANN, CNNRunConfig())]
    assert [service.view(run.id, v).queue_position for run, v in zip(runs, (ANN, BEN, ANN), strict=True)] == [0, 1, 2]
    # one epoch of 100 is done, each has 200 pictures, 100 pictures a second
    waits = [
        service.queue.expected_wait(service.record(run.id, v)) for run, v in zip(runs, (ANN, BEN, ANN), strict=True)
    ]
    assert waits == [None, 99 * 200 / 100, None]
    with pytest.raises(LimitError, match="queue is full"):
        service.submit(BEN, CNNRunConfig())
    service.stop(runs[1].id, BEN)
    assert service.view(runs[1].id, BEN).state == "stopped"
    service.client.say(runs[0].id, type="ended", state="finished", step=3, reason="", values={})
    service.client.exit(runs[0].id)
    until(lambda: [m["run"] for m in service.client.sent if m["type"] == "start"] == [runs[0].id, runs[2].id], 5)


def test_a_visitor_has_as_many_runs_as_the_host_allows(make):
    service = make(LIVETORCH_RUNS_PER_VISITOR="1")
    begun(service)
    with pytest.raises(LimitError, match="You have 1 runs"):
        service.submit(ANN, CNNRunConfig())
    service.submit(BEN, CNNRunConfig())


def test_a_dead_worker_is_a_failed_run_with_its_reason(make):
    service = make()
    run = begun(service)
    service.client.exit(run.id, "failed", "It was killed.")
    until(lambda: service.view(run.id, ANN).state == "failed", 5)
    assert service.view(run.id, ANN).reason.message == "It was killed."
    assert service.view(run.id, ANN).step == 3


def test_a_lost_engine_fails_the_runs_that_were_on(make):
    service = make()
    run = begun(service)
    service.client.on_message({"type": "lost"}, b"")
    until(lambda: service.view(run.id, ANN).state == "failed", 5)
    assert service.occupied == set()


def test_edits_are_checked_before_they_are_sent(make):
    service = make()
    run = begun(service)
    for name, value in (
        ("epochs", 3),
        ("batch_size", 0),
        ("optimizer.momentum", 0.5),
        ("optimizer.learning_rate", float("nan")),
        ("optimizer.learning_rate", -1.0),
    ):
        with pytest.raises(ConfigError):
            service.edit(run.id, ANN, name, value)
    assert service.client.kinds() == ["start"]
    threading.Timer(
        0.05,
        lambda: service.client.say(
            run.id, type="edited", step=3, name="optimizer.learning_rate", value=0.5, seconds=1.0, epoch=0.2
        ),
    ).start()
    service.edit(run.id, ANN, "optimizer.learning_rate", 0.5)
    assert service.view(run.id, ANN).edits[0]["value"] == 0.5
    assert '3: {"lr": 0.5},' in service.script(run.id, ANN)


def test_a_batch_that_does_not_fit_into_memory_is_refused_before_it_is_sent(make):
    service = make(LIVETORCH_RUN_MEMORY_MB="100")
    wide = {"blocks": [{"channels": 512}, {"channels": 512}], "hidden": []}
    run = begun(service, batch_size=8, model=wide)
    with pytest.raises(ConfigError, match="memory") as refused:
        service.edit(run.id, ANN, "batch_size", 1024)
    assert refused.value.field == "batch_size"
    assert service.client.kinds() == ["start", "ask"]


def test_what_cannot_be_saved_goes_on_and_is_saved_later(make, monkeypatch, tmp_path):
    service = make()
    run = begun(service)

    def full(*_args):
        raise StoreError("full")

    with monkeypatch.context() as patched:
        patched.setattr(service.store, "write", full)
        service.client.say(run.id, type="points", chunks=[payload("train", range(4, 6))], rate=1.0, time=1.0)
        record = service.record(run.id, ANN)
        until(lambda: record.log.step == 5 and not record.saved, 5)
        service.client.say(run.id, type="points", chunks=[payload("train", range(6, 7))], rate=1.0, time=1.0)
        until(lambda: record.log.step == 6, 5)
    until(lambda: record.saved, 5)
    assert [chunk["step"] for chunk in service.store.chunks(run.id)] == [[1, 2, 3], [4, 5], [6]]


def test_rename_and_delete(make):
    service = make()
    run = begun(service)
    service.rename(run.id, ANN, "  my\n run ")
    assert service.view(run.id, ANN).title == "my run"
    with pytest.raises(LiveTorchError, match="needs a name"):
        service.rename(run.id, ANN, "   ")
    service.delete(run.id, ANN)
    assert service.client.kinds()[-1] == "kill"
    assert service.views(ANN) == []
    service.client.say(run.id, type="points", chunks=[payload("train", range(9))], rate=1.0, time=1.0)
    service.client.exit(run.id, "failed", "killed")
    until(lambda: not service.occupied, 5)
    assert service.views(ANN) == []


def test_runs_that_never_took_a_step_do_not_pile_up(make):
    service = make()
    for _click in range(3):
        run = service.submit(ANN, CNNRunConfig(), paused=True)
        service.client.say(run.id, type="ended", state="stopped", step=0, reason="", values={})
        service.client.exit(run.id)
        until(lambda run=run: not service.view(run.id, ANN).active and not service.occupied, 5)
    begun(service)
    assert len(service.views(ANN)) == 1


def test_what_a_run_said_at_its_start_is_passed_on(make):
    service = make()
    run = begun(service)
    assert (run.info["start"], run.info["samples"]) == ("0badcafe", 200)
    assert "torch.bfloat16" in service.script(run.id, ANN)


def test_every_setting_that_may_change_is_sent(make):
    service = make()
    run = begun(service)
    for name, value in (("stop.target_accuracy", 0.9), ("clip_norm", 1.0), ("loss.label_smoothing", 0.1)):
        service.edit(run.id, ANN, name, value, wait=0)
        assert service.client.sent[-1]["command"] == {"type": "edit", "name": name, "value": value}


def test_a_run_that_reached_its_target_says_so(make):
    service = make()
    run = begun(service)
    service.client.say(run.id, type="ended", state="finished", step=3, reason="Reached {x} %.", values={"x": 90})
    until(lambda: not service.view(run.id, ANN).active, 5)
    assert service.view(run.id, ANN).state == "finished" and str(service.view(run.id, ANN).reason) == "Reached 90 %."


def test_answers_are_remembered_and_so_are_refusals(make):
    service = make()
    for _time in range(2):
        assert service.ask(load_seed, {"seed": 3}) == 3
        with pytest.raises(ConfigError, match="seed is -1"):
            service.ask(load_seed, {"seed": -1})
    assert service.client.kinds() == ["ask", "ask"]


def load_seed(values):
    return load(values).seed


def test_a_run_ended_by_force_after_stop_is_stopped_and_a_limit_gives_the_reason(make):
    service = make()
    for limit in (False, True):
        run = service.submit(ANN, load({}))
        if limit:
            service.client.say(run.id, type="limit", reason="At a limit.", values={})
        service.client.exit(run.id, "stopped", "By force.")
        until(lambda run=run: service.view(run.id, ANN).state == "stopped")
        assert str(service.view(run.id, ANN).reason) == ("At a limit." if limit else "By force.")


def test_long_changes_are_shown_by_their_length_and_bounded(make, monkeypatch):
    service = make()
    run = begun(service, page="gan", dataset="drawn")
    points = [[0.0, number / 100] for number in range(30)]
    service.client.say(run.id, type="edited", step=3, name="data.points", value=points, seconds=0.1, epoch=0.1)
    record = service.record(run.id, ANN)
    until(lambda: record.row["edits"])
    assert record.shown_edits()[0]["value"] == {"count": 30}
    assert len(service.view(run.id, ANN).now.data.points) == 30
    monkeypatch.setattr("core.runs.steering.LONGEST_EDITS", 100)
    with pytest.raises(LimitError, match="Start another run"):
        service.edit(run.id, ANN, "data.points", points[:20])


def test_a_pause_that_has_to_wait_is_shown_until_it_is_taken(make):
    service = make()
    run = begun(service)
    record = service.record(run.id, ANN)
    changes = record.changes
    service.pause(run.id, ANN, wait=0.01)
    assert record.pausing and record.changes > changes and record.state == "running"
    service.client.say(run.id, type="state", state="paused", step=0)
    until(lambda: record.state == "paused", 5)
    assert not record.pausing
    service.pause(run.id, ANN, wait=0.01)  # of one that is held there is nothing to say
    assert not record.pausing
