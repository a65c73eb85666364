"""The live socket: increments from any cursor, for those who may look."""

from __future__ import annotations

import json

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from core.runs.service import service
from tests.core.runs.conftest import until
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
        assert len(status["wall"]["predicted"]) == 40
        service().edit(run.id, ANN, "optimizer.learning_rate", 0.01)
        service().pause(run.id, ANN)
        status = until(lambda: (s := strict(socket.recv(timeout=5))["status"])["state"] == "paused" and s, 10)
        assert status["edits"][0]["value"] == status["learning_rate"] == 0.01
        assert status["eta_seconds"] is None
        service().delete(run.id, ANN)


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


def test_predictions_stop_when_the_last_viewer_leaves(site):
    run = site.run()
    record = service().record(run.id, ANN)
    with site.socket(f"/api/runs/{run.id}/live?cursor=junk", ANN) as socket:
        until(lambda: strict(socket.recv(timeout=5))["status"].get("wall", {}).get("step", 0) > 0)
        assert len(record.watchers) == 1
    until(lambda: not record.watchers)
    service().stop(run.id, ANN)
