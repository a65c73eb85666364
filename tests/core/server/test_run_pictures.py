"""The pictures of a run over HTTP, and all of it in one file: for whoever may see the run, and for nobody else."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from core.config import TransferRunConfig
from core.runs.service import service
from tests.core.runs.conftest import until
from tests.core.server.conftest import ANN, BEN


@pytest.fixture(scope="module")
def taught(site):
    """A finished run of the drawn shapes on the smallest backbone, with random weights."""
    config = TransferRunConfig(backbone="formula", pretrained=False, epochs=1)
    run = service().submit(ANN, config)
    until(lambda: not service().view(run.id, ANN).active, 120)
    view = service().view(run.id, ANN)
    assert view.state == "finished", view.reason
    return view


def test_who_sees_the_run_sees_its_pictures(site, taught):
    address = f"/api/runs/{taught.id}/pictures/0"
    status, headers, body = site.get(address, ANN)
    assert status == 200 and headers["content-type"] == "image/png" and body[:4] == b"\x89PNG"
    assert "private" in headers["cache-control"]
    assert site.get(f"{address}?view={taught.view_token}")[0] == 200
    assert site.get(address, BEN)[0] == site.get(address)[0] == 404
    assert site.get(f"/api/runs/{taught.id}/pictures/120", ANN)[0] == 404
    for place in ("-1", "x", "../0"):
        assert site.get(f"/api/runs/{taught.id}/pictures/{place}", ANN)[0] == 404


def test_everything_comes_in_one_zip_for_its_owner(site, taught):
    status, headers, body = site.get(f"/api/runs/{taught.id}/takeaway.zip", ANN)
    assert status == 200 and headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = archive.namelist()
        weights = archive.read("weights.safetensors")
    assert sum(name.startswith("pictures/train/") for name in names) == 90
    assert sum(name.startswith("pictures/validation/") for name in names) == 30
    metadata = json.loads(weights[8 : 8 + int.from_bytes(weights[:8], "little")])["__metadata__"]
    assert json.loads(metadata["classes"]) == ["circle", "square", "triangle"]
    assert site.get(f"/api/runs/{taught.id}/takeaway.zip", BEN)[0] == 404
    assert b"safe_open" in site.get(f"/api/runs/{taught.id}/predict.py", ANN)[2]


def test_runs_of_other_pages_have_none(site):
    run = site.run()
    assert site.get(f"/api/runs/{run.id}/pictures/0", ANN)[0] == 404
    assert site.get(f"/api/runs/{run.id}/predict.py", ANN)[0] == 404
    service().stop(run.id, ANN)
