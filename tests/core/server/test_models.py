"""Questions about torchvision's models: answered without a run, refused in words."""

from __future__ import annotations

import json
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from core.errors import LiveTorchError
from core.server import models
from core.server.models import asked_arguments
from tests.core.server.conftest import ANN, BEN
from tests.core.server.test_pictures import bring, png


def ask(site, model, name="graph", args="{}", visitor=ANN, **more):
    query = urlencode({"name": name, "args": args} | more)
    status, _headers, body = site.get(f"/api/models/{model}/look?{query}", visitor)
    return status, json.loads(body)


def test_refuses_in_words(site):
    assert ask(site, "resnet9000") == (404, {"error": "There is no model called resnet9000 here."})
    assert ask(site, "resnet18", name="") == (409, {"error": "There is no view called ."})
    for args in ("[1]", '{"nodes": [1]}', "{", '{"example": NaN}', json.dumps({"nodes": "1" * 3000})):
        status, said = ask(site, "resnet18", args=args)
        assert status == 409 and "could not be read" in said["error"]


def test_a_picture_of_ones_own_is_looked_at_and_a_foreign_one_refused(site):
    _status, said = bring(site, png("orange", (40, 30)), album="Fruit", name="mine.png")
    sha = said["kept"][0]["sha"]
    status, said = ask(site, "squeezenet1_1", "predicted", picture=sha)
    assert status == 200 and said["data"]["example"] == "mine.png" and len(said["data"]["top"]) == 5
    refused = (404, {"error": "There is no such picture, or it is not yours to see."})
    for visitor, picture in ((BEN, sha), (None, sha), (ANN, "0" * 64), (ANN, "../../etc/passwd")):
        assert ask(site, "squeezenet1_1", "predicted", visitor=visitor, picture=picture) == refused
    assert ask(site, "squeezenet1_1", "predicted")[1]["data"]["example"] == "china.jpg"


def test_flat_arguments_are_taken():
    assert asked_arguments('{"part": "", "example": 1, "unrolled": false}') == {
        "part": "",
        "example": 1,
        "unrolled": False,
    }
    with pytest.raises(LiveTorchError):
        asked_arguments("[" * 2000)


def test_a_graph_is_asked_for_once_and_again_after_a_failure(monkeypatch):
    asked = []

    def answer(_place, model, *_rest, timeout):
        asked.append(model)
        if len(asked) == 1:
            raise LiveTorchError("busy")
        return {"operations": len(asked)}

    monkeypatch.setattr(models, "service", lambda: SimpleNamespace(client=SimpleNamespace(ask=answer)))
    monkeypatch.setattr(models, "_graphs", {})
    with pytest.raises(LiveTorchError):
        models.graph_ahead("resnet18").result(5)
    assert models.graph_ahead("resnet18").result(5) == models.graph_ahead("resnet18").result(5) == {"operations": 2}
    assert asked == ["resnet18", "resnet18"]
    monkeypatch.setattr(models, "GRAPH_SECONDS", -1.0)  # a minute later
    assert models.graph_ahead("resnet18").result(5) == {"operations": 3}
