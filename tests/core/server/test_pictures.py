"""Pictures over HTTP: brought, listed, changed, looked at, by their visitor and nobody else."""

from __future__ import annotations

import http.client
import io
import json
import socket
import zipfile
from urllib.parse import urlencode

import pytest
from PIL import Image

from core.pictures import files
from core.runs.service import service
from core.server.pictures import incoming
from tests.core.runs.conftest import until
from tests.core.server.conftest import ANN, BEN

CARL = "c" * 22


def png(colour="red", size=(12, 8)):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def packed(contents):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in contents.items():
            made.writestr(name, content)
    return file.getvalue()


def post(site, path, body, visitor=ANN, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    if visitor:
        headers["Cookie"] = f"livetorch_visitor={visitor}"
    connection.request("POST", path, body=body, headers=headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def bring(site, body, visitor=ANN, headers=None, **query):
    status, content = post(site, "/api/pictures?" + urlencode(query), body, visitor, **(headers or {}))
    return status, json.loads(content)


def change(site, visitor=ANN, **what):
    status, content = post(site, "/api/pictures/change", json.dumps(what).encode(), visitor)
    return status, json.loads(content)


def listed(site, album, visitor=ANN):
    return site.json("/api/pictures?" + urlencode({"album": album}), visitor)


def test_a_picture_is_brought_listed_changed_and_deleted(site):
    others = listed(site, "Orchard")["count"]
    status, said = bring(site, png("orchid"), album="Orchard", label="apple", name="../../red.png")
    assert status == 200 and said["refused"] == [] and said["album"] == "Orchard"
    (kept,) = said["kept"]
    assert (kept["name"], kept["label"], kept["width"], kept["height"]) == ("red.png", "apple", 12, 8)
    found = listed(site, "Orchard")
    assert found["pictures"] == [kept] and found["count"] == others + 1
    assert {"name": "Orchard", "title": "Orchard", "own": True, "pictures": 1, "classes": ["apple"]} in found["albums"]
    assert change(site, ids=[kept["id"]], label="cherry") == (200, {"changed": 1})
    assert change(site, ids=[kept["id"]], album="Berries") == (200, {"changed": 1})
    assert listed(site, "Berries")["pictures"][0]["label"] == "cherry"
    status, headers, content = site.get(f"/api/pictures/file/{kept['sha']}?side=160", ANN)
    assert status == 200 and headers["content-type"] == "image/png" and "private" in headers["cache-control"]
    assert Image.open(io.BytesIO(content)).size == (12, 8)
    assert change(site, ids=[kept["id"]], delete=True) == (200, {"changed": 1})
    assert site.get(f"/api/pictures/file/{kept['sha']}", ANN)[0] == 404
    assert not (files.folder() / kept["sha"][:2] / kept["sha"]).exists()


def test_nobody_else_sees_or_changes_it(site):
    (kept,) = bring(site, png("blue"), album="Mine")[1]["kept"]
    for visitor in (BEN, None):
        assert site.get(f"/api/pictures/file/{kept['sha']}", visitor)[0] == 404
        assert listed(site, "Mine", visitor)["pictures"] == []
        for what in ({"delete": True}, {"label": "x"}, {"album": "x"}):
            assert change(site, visitor, ids=[kept["id"]], **what)[0] == (404 if visitor else 403)
    assert bring(site, png("blue"), BEN, album="His")[1]["kept"][0]["sha"] == kept["sha"]
    change(site, BEN, ids=[listed(site, "His", BEN)["pictures"][0]["id"]], delete=True)
    assert site.get(f"/api/pictures/file/{kept['sha']}", ANN)[0] == 200  # Ann still has it
    for bad in ("0" * 64, "../../livetorch.db", "%2e%2e%2flivetorch.db", kept["sha"].upper()):
        assert site.get(f"/api/pictures/file/{bad}", ANN)[0] == 404


def test_another_site_can_bring_and_change_nothing(site):
    for origin in ("http://evil.example", "null"):
        assert bring(site, png(), headers={"Origin": origin})[0] == 403
        status, _said = post(site, "/api/pictures/change", b'{"ids": [], "delete": true}', Origin=origin)
        assert status == 403
    assert bring(site, png(), headers={"Origin": f"http://127.0.0.1:{site.port}"}, album="Own")[0] == 200
    status, said = bring(site, png(), visitor=None)
    assert status == 403 and "cookies" in said["error"]


def test_what_is_refused_has_a_name_and_a_reason(site):
    body = packed({"cats/1": png("green"), "cats/2": b"<svg/>", "dogs/1": png("black"), "__MACOSX/x": b"y"})
    status, said = bring(site, body, name="pets.zip")
    assert status == 200 and said["album"] == "pets" and [one["label"] for one in said["kept"]] == ["cats", "dogs"]
    (refused,) = said["refused"]
    assert refused["name"] == "2" and refused["reason"].startswith("It is an SVG")


def test_progress_comes_in_lines(site):
    contents = {f"a/{number}.png": png((number, 0, 0)) for number in range(120)}
    status, content = post(site, "/api/pictures?name=many.zip", packed(contents), Accept="application/x-ndjson")
    lines = [json.loads(line) for line in content.splitlines()]
    assert status == 200 and lines[0] == {"done": 100, "of": 120} and len(lines[-1]["kept"]) == 120


def test_what_is_too_large_is_refused_before_it_is_read(site):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.putrequest("POST", "/api/pictures?name=x.zip")
    connection.putheader("Cookie", f"livetorch_visitor={ANN}")
    connection.putheader("Content-Length", str(51 * 2**20))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
    status, said = bring(site, b"\x89PNG\r\n\x1a\n" + bytes(15 * 2**20), name="x.png")
    assert status == 413 and "15 MB are taken" in said["error"]
    assert list((files.folder() / ".incoming").glob("*")) == []


def test_a_body_without_length_or_cut_off_leaves_nothing(site):
    with socket.create_connection(("127.0.0.1", site.port)) as raw:
        raw.sendall(
            f"POST /api/pictures HTTP/1.1\r\nHost: a\r\nCookie: livetorch_visitor={ANN}\r\nContent-Length: 999\r\n\r\nabc".encode()
        )
        until(lambda: list((files.folder() / ".incoming").glob("*")), 5)
    until(lambda: not list((files.folder() / ".incoming").glob("*")), 10)
    until(lambda: not incoming()._files, 5)
    status, said = post(site, "/api/pictures", iter([b"abc"]))
    assert status == 409 and b"length" in said


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"ids": 3}', b'{"ids": [1], "delete": true}', b"[" * 90_000, b'{"ids": []}', b"\xff"]
)
def test_an_odd_change_is_refused_in_a_sentence(site, body):
    status, said = post(site, "/api/pictures/change", body)
    assert status == 409 and b"could not be read" in said


def test_albums_of_our_own_are_everybodys_and_nobody_changes_them(site):
    found = listed(site, "~photos", CARL)
    assert [one["name"] for one in found["pictures"]] == ["china.jpg", "flower.jpg"]
    first = found["pictures"][0]
    assert site.get(f"/api/pictures/file/{first['sha']}", None)[0] == 200
    small = site.get(f"/api/pictures/file/{first['sha']}?side=160", CARL)[2]
    assert max(Image.open(io.BytesIO(small)).size) == 256
    assert change(site, CARL, ids=[first["id"]], delete=True)[0] == 404
    assert bring(site, png(), CARL, album="~photos")[1]["album"] == "photos"
    assert {one["title"] for one in found["albums"]} >= {"Two photos", "Drawn shapes"}


def test_a_full_library_says_so_before_the_file_is_read(site, monkeypatch):
    (kept,) = bring(site, png("white"), CARL, album="Full")[1]["kept"]
    limits = service().library.limits
    values = dict(limits.values) | {"LIVETORCH_PICTURES_PER_VISITOR": service().library.used(CARL)[0]}
    monkeypatch.setattr(service().library, "limits", type(limits)(limits.hosted, values))
    status, said = bring(site, png("black"), CARL, album="Full")
    assert status == 409 and "Delete some first" in said["error"]
    assert change(site, CARL, ids=[kept["id"]], delete=True)[0] == 200
    assert bring(site, png("black"), CARL, album="Full")[0] == 200


def test_who_sends_too_much_at_a_time_or_falls_silent_is_told(site, monkeypatch):
    monkeypatch.setattr("core.server.incoming.AT_A_TIME", 0)
    status, said = bring(site, png(), album="x")
    assert status == 429 and "on their way already" in said["error"]
    monkeypatch.undo()
    monkeypatch.setattr("core.server.incoming.SILENCE_SECONDS", 0.3)
    with socket.create_connection(("127.0.0.1", site.port)) as raw:
        head = (
            f"POST /api/pictures HTTP/1.1\r\nHost: a\r\nCookie: livetorch_visitor={ANN}\r\nContent-Length: 999\r\n\r\n"
        )
        raw.sendall(head.encode() + b"abc")
        raw.settimeout(10)
        assert b"409" in (answer := raw.recv(4096)) and (
            b"stopped coming" in answer or b"stopped coming" in raw.recv(4096)
        )
    until(lambda: not incoming()._files, 5)
    assert list((files.folder() / ".incoming").glob("*")) == []
