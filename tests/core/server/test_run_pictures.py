"""The pictures of a run over HTTP, and all of it in one file: for whoever may see the run, and for nobody else."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import torch
from safetensors.torch import save

from core.backbones.fingerprint import weights_fingerprint
from core.backbones.fits import ORIGIN
from core.config import TransferRunConfig
from core.errors import LiveTorchError
from core.runs.looks import Look
from core.runs.service import service
from core.runs.weights import WEIGHTS_FILE
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


def head_of(width: int) -> bytes:
    """The weights of a run of three classes, as one with so many features left them."""
    return save({
        "head.0.mean": torch.zeros(width), "head.0.std": torch.ones(width),
        "head.2.weight": torch.zeros(3, width), "head.2.bias": torch.zeros(3),
    })  # fmt: skip


@pytest.fixture(params=["another fingerprint", "another width"])
def outdated(site, request):
    """A finished run as an earlier version of LiveTorch would have left it, trained on other weights of its backbone."""
    run = service().submit(ANN, TransferRunConfig(backbone="formula", epochs=1))
    until(lambda: not service().view(run.id, ANN).active, 120)
    record, store = service().record(run.id, ANN), service().store
    versions = dict(record.row["info"]["versions"])
    assert versions.pop(ORIGIN) == weights_fingerprint("formula")
    if request.param == "another fingerprint":
        versions[ORIGIN] = "0" * 16
    else:
        file = store.path_of(run.id, WEIGHTS_FILE)
        file.write_bytes(head_of(576))
    record.row["info"]["versions"] = versions
    return record


def test_a_run_on_weights_that_are_gone_says_so_wherever_it_is_used(site, outdated):
    told = "trained on an earlier version of the backbone"
    for name in ("takeaway.zip", "predict.py", "script.py"):
        status, _headers, body = site.get(f"/api/runs/{outdated.id}/{name}", ANN)
        assert status == 409 and told in body.decode(), name
    assert site.get(f"/api/runs/{outdated.id}/weights.safetensors", ANN)[0] == 200
    for look in (Look.of("predictions", {}), Look.of("try", {"index": 0}), Look.of("predictions", {}, 0)):
        answer = looked(outdated, look)
        assert answer.data is None and told in answer.error.message, look
    with pytest.raises(LiveTorchError, match=told):
        service().branch(outdated.id, ANN, 1, {})


def looked(record, look):
    """The answer to a look, as a viewer would get it."""

    def wake() -> None: ...

    unwatch = service().viewing.watch(record, wake)
    service().viewing.look(record, wake, (look,))
    service().viewing.look_at_rest(record, look)
    answer = record.answers[look.key]
    unwatch()
    return answer


def test_runs_of_other_pages_have_none(site):
    run = site.run()
    assert site.get(f"/api/runs/{run.id}/pictures/0", ANN)[0] == 404
    assert site.get(f"/api/runs/{run.id}/predict.py", ANN)[0] == 404
    service().stop(run.id, ANN)
