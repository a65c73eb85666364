"""Routes answer a run's visitor and nobody else; every answer carries the guards."""

from __future__ import annotations

import json
import re

import pytest
from safetensors.torch import load as load_weights

from core.runs.limits import Limits
from core.runs.service import service
from core.server.uploads import Quota
from tests.core.runs.conftest import until
from tests.core.server.conftest import ANN, BEN


def test_health(site):
    assert site.json("/healthz")["engine"] == "ready"


def test_a_page_gives_a_new_visitor_a_cookie(site):
    _status, headers, _body = site.get("/")
    cookie = headers["set-cookie"]
    assert re.match(r"livetorch_visitor=[A-Za-z0-9_-]{22}; ", cookie)
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    assert "Secure" in site.get("/", **{"X-Forwarded-Proto": "https"})[1]["set-cookie"]
    assert "set-cookie" not in site.get("/", ANN)[1]
    assert "set-cookie" in site.get("/", "short")[1]
    assert "set-cookie" not in site.get("/healthz")[1]


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/runs/none", "/livetorch/plotly.min.js"])
def test_every_answer_is_guarded(site, path):
    headers = site.get(path)[1]
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy and "object-src 'none'" in policy and "'unsafe-eval'" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "same-origin"


def test_an_upload_past_its_bound_is_refused_before_it_is_read(site):
    address = "/_stcore/upload_file/session/file"
    status, _headers, body = site.get(address, method="PUT", **{"Content-Length": str(5 * 2**20)})
    assert status == 413 and "4 MB" in json.loads(body)["error"]
    assert site.get(address, method="PUT", **{"Transfer-Encoding": "chunked"})[0] == 411
    assert site.get(address, method="PUT", **{"Content-Length": "0"})[0] == 404  # Streamlit's own, which is not here


class TestQuota:
    MB = 2**20

    def quota(self, monkeypatch, **limits):
        for name, value in limits.items():
            monkeypatch.setenv(f"LIVETORCH_{name.upper()}", str(value))
        self.now = 0.0
        return Quota(Limits.from_environment(), lambda: self.now)

    def test_a_session_and_all_together_are_bounded(self, monkeypatch):
        quota = self.quota(monkeypatch, upload_mb=4, session_uploads_mb=6, uploads_mb=10)
        assert quota.take(("ann", "1"), 4 * self.MB) == ""
        assert "a session" in quota.take(("ann", "2"), 3 * self.MB)
        assert quota.take(("ann", "1"), 4 * self.MB) == ""  # in place of itself
        assert quota.take(("bob", "1"), 4 * self.MB) == "" and quota.take(("bob", "2"), 2 * self.MB) == ""
        assert "all visitors" in quota.take(("eve", "1"), self.MB)
        quota.give_back(("bob", "2"))
        assert quota.take(("eve", "1"), self.MB) == ""

    def test_what_is_an_hour_old_counts_no_more(self, monkeypatch):
        quota = self.quota(monkeypatch, upload_mb=4, session_uploads_mb=4, uploads_mb=4)
        assert quota.take(("ann", "1"), 4 * self.MB) == ""
        self.now = 3601.0
        assert quota.take(("ann", "2"), 4 * self.MB) == ""


def test_the_run_routes(site):
    run = site.run()
    said = site.json(f"/api/runs/{run.id}", ANN)
    assert said["state"] == "running" and said["config"]["batch_size"] == 16 and said["metrics"]["train"]["loss"] > 0
    status, headers, body = site.get(f"/api/runs/{run.id}/metrics.csv", ANN)
    assert status == 200 and headers["content-disposition"].startswith("attachment")
    assert body.splitlines()[0] == b"split,step,epoch,seconds,loss,accuracy,learning_rate"
    assert b"import torch" in site.get(f"/api/runs/{run.id}/script.py", ANN)[2]
    status, _headers, body = site.get(f"/api/runs/{run.id}/weights.safetensors", ANN)
    assert status == 404 and "still on" in json.loads(body)["error"]
    service().stop(run.id, ANN)
    until(lambda: not service().view(run.id, ANN).active)
    status, headers, body = site.get(f"/api/runs/{run.id}/weights.safetensors", ANN)
    assert status == 200 and headers["content-disposition"].endswith('.safetensors"')
    assert sum(weight.numel() for weight in load_weights(body).values()) == run.info["parameters"]
    for path in ("", "/metrics.csv", "/script.py", "/weights.safetensors"):
        address = f"/api/runs/{run.id}{path}"
        assert site.get(address)[0] == site.get(address, BEN)[0] == site.get(address + "?view=guess", BEN)[0] == 404
        assert site.get(f"{address}?view={run.view_token}", BEN)[0] == 200


@pytest.mark.parametrize("name", ["..%2f..%2flivetorch.db", "livetorch.db", "%2e%2e", "images/wall.png"])
def test_no_other_file_of_a_run_is_served(site, name):
    run = site.run()
    assert site.get(f"/api/runs/{run.id}/{name}", ANN)[0] in (400, 404)
    service().stop(run.id, ANN)


def test_a_diverged_run_is_valid_json_and_csv(site):
    run = service().submit(ANN, site_config(1e10))
    until(lambda: not service().view(run.id, ANN).active)
    _status, _headers, body = site.get(f"/api/runs/{run.id}", ANN)
    said = json.loads(body, parse_constant=lambda text: pytest.fail(f"{text} is not JSON"))
    assert said["state"] == "diverged" and "too large" in said["reason"]
    last = site.get(f"/api/runs/{run.id}/metrics.csv", ANN)[2].decode().splitlines()[-1]
    assert last.startswith("train,")


def site_config(rate):
    from core.config import load

    return load({"optimizer": {"learning_rate": rate}})


def test_plotly_is_packed_and_kept(site):
    import gzip

    _status, headers, body = site.get("/livetorch/plotly.min.js")
    assert "immutable" in headers["cache-control"]
    assert len(body) < 2_000_000 and b"Plotly" in gzip.decompress(body)[:4000]


def test_an_unknown_api_address_is_json(site):
    status, _headers, body = site.get("/api/nothing")
    assert status == 404 and "error" in json.loads(body)
