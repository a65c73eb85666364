"""Zips: class folders are read; paths, bombs, nests and broken ones are refused, the rest kept."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest
from PIL import Image

from core.pictures import archive, files
from core.pictures.take import take_from_zip, take_picture
from tests.core.pictures.corpus import encoded, picture

LIMIT = 15 * 2**20
PNG = encoded(picture(), "PNG")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LIVETORCH_HOME", str(tmp_path / "home"))
    return tmp_path


def zipped(path, contents, **options):
    with zipfile.ZipFile(path, "w", **options) as made:
        for name, content in contents.items():
            made.writestr(name, content)
    return path


def taken(path, first=0, most=10_000, limit=LIMIT):
    return take_from_zip(str(path), "my.zip", first, most, limit)


def reasons(said):
    return [one["template"].format(**one["values"]) for one in said["refused"]]


def test_folders_are_classes_and_what_systems_add_is_left_out(home):
    contents = {
        "pets/cats/1.png": PNG,
        "pets/dogs/2.png": encoded(picture((9, 9)), "PNG"),
        "3.png": encoded(picture((7, 7)), "PNG"),
        "__MACOSX/pets/cats/._1.png": b"x",
        "pets/.DS_Store": b"x",
        "pets/cats/Thumbs.db": b"x",
        "pets/dogs/note.txt": b"hello",
    }
    said = taken(zipped(home / "a.zip", contents))
    assert [(one["name"], one["label"]) for one in said["kept"]] == [
        ("1.png", "cats"),
        ("2.png", "dogs"),
        ("3.png", ""),
    ]
    assert [one["name"] for one in said["refused"]] == ["note.txt"] and said["next"] == said["of"] == 4
    assert all(files.path_of(one["sha"]).is_file() for one in said["kept"])


def test_it_goes_on_where_it_stopped(home):
    path = zipped(home / "a.zip", {f"a/{n}.png": encoded(picture((n + 1, 5)), "PNG") for n in range(5)})
    first, rest = taken(path, most=2), taken(path, first=2)
    assert [one["width"] for one in first["kept"] + rest["kept"]] == [1, 2, 3, 4, 5]
    assert (first["next"], rest["next"], rest["of"]) == (2, 5, 5)


def test_names_are_never_paths(home):
    names = [
        "../../evil/1.png",
        "/etc/2.png",
        "C:\\x\\3.png",
        "a/../../4.png",
        "\u202egnp/5.png",
        "a" * 300 + "/" + "b" * 300,
    ]
    said = taken(zipped(home / "a.zip", {name: encoded(picture((n + 1, 3)), "PNG") for n, name in enumerate(names)}))
    assert [one["name"] for one in said["kept"]] == ["1.png", "2.png", "3.png", "4.png", "5.png", "b" * 80]
    assert [one["label"] for one in said["kept"]] == ["evil", "etc", "x", "a", "gnp", "a" * 40]
    written = {path for path in home.rglob("*") if path.is_file()} - {home / "a.zip"}
    assert {path.parent.parent for path in written} == {files.folder()}


def test_a_zip_in_a_zip_is_refused_and_the_rest_kept(home):
    inner = zipped(home / "inner.zip", {"a/1.png": PNG}).read_bytes()
    said = taken(zipped(home / "a.zip", {"x/inner.png": inner, "x/1.png": PNG}))
    assert len(said["kept"]) == 1 and "zip inside a zip" in reasons(said)[0]


def claiming(path, size, claimed):
    """A zip with one file of ``size`` zeros that says it has ``claimed``."""
    content = zipped(path, {"1.png": bytes(size), "2.png": PNG}, compression=zipfile.ZIP_DEFLATED).read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", size), struct.pack("<I", claimed)))
    return path


def test_bombs_are_refused_in_time(home):
    began = time.monotonic()
    said = taken(claiming(home / "a.zip", 2**20, 240 * 2**20))
    assert said["of"] == 0 and "240 MB" in reasons(said)[0]
    said = taken(claiming(home / "b.zip", 30 * 2**20, 30 * 2**20))
    assert len(said["kept"]) == 1 and "more than 15 MB" in reasons(said)[0]
    assert time.monotonic() - began < 4


def test_what_a_zip_claims_is_not_believed(home):
    """The list says 5 bytes, the file has 30 MB."""
    said = taken(claiming(home / "a.zip", 30 * 2**20, 5))
    assert len(said["kept"]) == 1 and len(said["refused"]) == 1


def test_too_many_files_are_refused_before_the_list_is_read(home, monkeypatch):
    path = zipped(home / "a.zip", {f"{n}": b"" for n in range(2_001)})
    assert "2,001 files; up to 2,000" in reasons(taken(path))[0]
    monkeypatch.setattr(archive, "MOST_DIRECTORY", 60_000)
    monkeypatch.setattr(zipfile, "ZipFile", None)  # is not reached
    assert "far more than 2,000" in reasons(taken(path))[0]


def test_a_zip64_of_countless_files_is_not_read(home):
    path = zipped(home / "a.zip", {"1.png": PNG})
    content = path.read_bytes()
    at = content.rindex(archive.END)
    path.write_bytes(content[:at] + b"PK\x06\x07" + bytes(16) + content[at:])
    assert "far more than 2,000" in reasons(taken(path))[0]


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.97])
def test_a_zip_that_was_cut_off_is_refused(home, cut):
    content = zipped(home / "a.zip", {f"a/{n}.png": PNG for n in range(20)}).read_bytes()
    (home / "a.zip").write_bytes(content[: int(len(content) * cut)])
    assert "damaged" in reasons(taken(home / "a.zip"))[0]


def test_damaged_locked_and_oddly_packed_files_are_named(home):
    path = zipped(home / "a.zip", {"1.png": PNG, "2.png": encoded(picture((5, 5)), "PNG")})
    content = bytearray(path.read_bytes())
    content[content.index(PNG) + 60] ^= 0xFF
    path.write_bytes(content)
    said = taken(path)
    assert "damaged within" in reasons(said)[0] and len(said["kept"]) == 1
    odd = zipped(home / "b.zip", {"1.png": PNG}, compression=zipfile.ZIP_LZMA)
    assert "unusual way" in reasons(taken(odd))[0]
    locked = bytearray(zipped(home / "c.zip", {"1.png": PNG}).read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + place] |= 1
    (home / "c.zip").write_bytes(locked)
    assert "password" in reasons(taken(home / "c.zip"))[0]


@pytest.mark.parametrize("content", [b"PK\x05\x06" + bytes(18), b"PK\x03\x04" + bytes(500), b"PK\x03\x04"])
def test_empty_and_false_zips_are_refused(home, content):
    (home / "a.zip").write_bytes(content)
    said = taken(home / "a.zip")
    assert said["of"] == 0 and len(said["refused"]) == 1 and reasons(said)[0].endswith(".")


def test_one_picture_is_taken_under_its_shown_name(home):
    (home / "x").write_bytes(PNG)
    (one,) = take_picture(str(home / "x"), "../../\u202ea.png", "cat\n")["kept"]
    assert (one["name"], one["label"], one["width"], one["height"]) == ("a.png", "cat", 64, 48)
    assert files.rgb(one["sha"]).size == (64, 48)
    (home / "x").write_bytes(b"<svg>")
    assert take_picture(str(home / "x"), "b.png", "")["refused"][0]["name"] == "b.png"


def test_a_large_picture_gets_a_thumbnail(home):
    (home / "x").write_bytes(encoded(picture((900, 300)), "PNG"))
    (one,) = take_picture(str(home / "x"), "a.png", "")["kept"]
    assert Image.open(io.BytesIO(files.thumbnail_of(one["sha"]).read_bytes())).size == (256, 85)
    assert Image.open(io.BytesIO(files.path_of(one["sha"]).read_bytes())).size == (900, 300)
