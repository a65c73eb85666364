"""The live socket: increments from any cursor, for those who may look."""

from __future__ import annotations

import json
import time

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from core.config import load
from core.runs.service import service
from tests.core.runs.conftest import LONG, until
from tests.core.server.conftest import ANN, BEN


def close_code(site, path, visitor=None, **headers):
    try:
        with site.socket(path, visitor, **headers) as socket, pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=5)
    except InvalidStatus as refused:
        return refused.response.status_code
    return closed.value.rcvd.code


def strict(text):
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_increments_join_without_gap_across_a_lost_connection(site):
    run = site.run()
    steps, cursor = [], 0
    for _connection in range(3):
        with site.socket(f"/api/runs/{run.id}/live?cursor={cursor}", ANN) as socket:
            for _frame in range(4):
                frame = strict(socket.recv(timeout=5))
                assert frame["from"] == cursor
                cursor = frame["to"]
                steps += frame["train"].get("step", [])
    assert steps == list(range(1, steps[-1] + 1))
    assert steps[-1] > 5
    service().stop(run.id, ANN)


def test_a_frame_says_how_things_stand(site):
    run = site.run()
    with site.socket(f"/api/runs/{run.id}/live?cursor=0", ANN) as socket:
        status = strict(socket.recv(timeout=5))["status"]
        assert status["state"] == "running" and status["total_steps"] == 200 * 90 and status["epochs"] == 200
        assert status["saved"] is True and status["learning_rate"] == 0.001 and len(status["classes"]) == 10
        assert status["shape"] == [1, 8, 8] and status["validation_samples"] == 360 and "wall_image" not in status
        service().edit(run.id, ANN, "optimizer.learning_rate", 0.01)
        service().pause(run.id, ANN)
        status = until(lambda: (s := strict(socket.recv(timeout=5))["status"])["state"] == "paused" and s, 10)
        assert status["edits"][0]["value"] == status["learning_rate"] == 0.01
        assert status["eta_seconds"] is None
        service().delete(run.id, ANN)
        with pytest.raises(ConnectionClosed) as closed:
            until(lambda: socket.recv(timeout=5) is None, 10)
    assert closed.value.rcvd.code == 4404  # whoever looks at a run hears that it is gone


def test_who_may_not_look_is_sent_away(site):
    run = site.run()
    address = f"/api/runs/{run.id}/live"
    assert close_code(site, address) == 4404
    assert close_code(site, address, BEN) == 4404
    assert close_code(site, address + "?view=guess", BEN) == 4404
    assert close_code(site, "/api/runs/none/live", ANN) == 4404
    assert close_code(site, address, ANN, Origin="http://evil.example") in (403, 1008)
    with site.socket(f"{address}?view={run.view_token}", BEN, Origin=f"http://127.0.0.1:{site.port}") as socket:
        assert strict(socket.recv(timeout=5))["status"]["state"] == "running"
    service().stop(run.id, ANN)


def looks(*asked):
    return json.dumps({"looks": [{"name": name, "args": args} for name, args in asked]})


def seen(socket, name, check=lambda look: True):
    """The first answer to look ``name`` that passes ``check``."""

    def receive():
        frame = strict(socket.recv(timeout=10))
        return next((look for look in frame["looks"] if look["name"] == name and check(look)), None)

    return until(receive, 20)


def test_a_viewer_sees_what_it_looks_at_renewed_and_nothing_else(site):
    run = site.run()
    record = service().record(run.id, ANN)
    with (
        site.socket(f"/api/runs/{run.id}/live?cursor=0", ANN) as socket,
        site.socket(f"/api/runs/{run.id}/live?view={run.view_token}", BEN) as other,
    ):
        socket.send(looks(("predictions", {"order": "wrong"}), ("classes", {})))
        first = seen(socket, "predictions")
        assert first["args"] == {"order": "wrong"} and len(first["data"]["predicted"]) <= 40
        later = seen(socket, "predictions", lambda look: look["step"] > first["step"])
        assert sum(map(sum, seen(socket, "classes")["data"]["matrix"])) == 360
        socket.send(looks(("classes", {})))
        until(lambda: list(record.looks) == ["classes:{}"])
        other.send(looks(("classes", {})))  # has been answered before; only its viewer knows
        assert seen(other, "classes")["step"] >= later["step"]
        service().pause(run.id, ANN)
        until(lambda: strict(socket.recv(timeout=5))["status"]["state"] == "paused", 10)
        socket.send(looks(("picture", {"index": 3})))
        assert sum(seen(socket, "picture")["data"]["probabilities"]) == pytest.approx(1, abs=1e-3)
        assert len(record.watchers) == 2
    until(lambda: not record.watchers and not record.looks and not record.answers)
    service().stop(run.id, ANN)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "nonsense",
        "[" * 60_000,
        b"\x00\x01",
        json.dumps({"looks": [{"name": "classes", "args": {"x": "y" * 70_000}}]}),
    ],
)
def test_a_bad_message_is_ignored(site, bad):
    run = site.run()
    with site.socket(f"/api/runs/{run.id}/live?cursor=0", ANN) as socket:
        socket.send(bad)
        socket.send(looks(("nothing_like_it", {})))
        refused = seen(socket, "nothing_like_it")
        assert refused["error"] == "There is no view called nothing_like_it." and "data" not in refused
    service().stop(run.id, ANN)


def test_drawing_does_not_drown_pause_and_stop(site):
    run = site.run(epochs=200)
    with site.socket(f"/api/runs/{run.id}/live?cursor=0", ANN) as socket:
        for index in range(100):
            socket.send(looks(("picture", {"index": index}), ("classes", {})))
            if index == 50:
                began = time.monotonic()
                service().pause(run.id, ANN, wait=3)
                assert service().view(run.id, ANN).state == "paused" and time.monotonic() - began < 2
        seen(socket, "picture", lambda look: look["args"] == {"index": 99})
        service().stop(run.id, ANN, wait=3)
        assert service().view(run.id, ANN).state == "stopped"


def test_a_finished_run_can_still_be_looked_into(site):
    run = service().submit(ANN, load(LONG | {"epochs": 1, "batch_size": 64}))
    with site.socket(f"/api/runs/{run.id}/live?cursor=0", ANN) as socket:
        socket.send(looks(("classes", {})))
        until(lambda: strict(socket.recv(timeout=10))["status"]["state"] == "finished")
    with site.socket(f"/api/runs/{run.id}/live?cursor=0", ANN) as socket:
        socket.send(looks(("classes", {}), ("picture", {"index": 0}), ("predictions", {"order": "never"})))
        frames = {}
        until(
            lambda: (
                frames.update({one["name"]: one for one in strict(socket.recv(timeout=30))["looks"]})
                or len(frames) == 3
            )
        )
    accuracy = service().view(run.id, ANN).latest["validation"]["accuracy"]
    matrix = frames["classes"]["data"]["matrix"]
    assert sum(row[at] for at, row in enumerate(matrix)) == round(accuracy * 360)
    assert frames["classes"]["step"] == frames["picture"]["step"] == 23
    assert "error" in frames["predictions"]


def test_the_last_answers_come_from_the_run_itself(site):
    run = site.run()
    with site.socket(f"/api/runs/{run.id}/live?cursor=0", ANN) as socket:
        socket.send(looks(("filters", {})))
        seen(socket, "filters")
        service().stop(run.id, ANN)
        step = until(lambda: (s := strict(socket.recv(timeout=10))["status"])["state"] == "stopped" and s["step"], 10)
        assert service().record(run.id, ANN).answers["filters:{}"].step == step
        assert not [question for question in service().viewing.at_rest._known if run.id in question]


def test_a_run_without_weights_says_why(site):
    run = service().submit(ANN, load({"model": {"blocks": [{"kernel_size": 11, "padding": 0}]}}))
    until(lambda: not service().view(run.id, ANN).active)
    with site.socket(f"/api/runs/{run.id}/live?cursor=0", ANN) as socket:
        socket.send(looks(("classes", {})))
        assert seen(socket, "classes")["error"].startswith("This run left no weights (its process ended in the middle)")
