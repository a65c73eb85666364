"""From a file to the library: stretch by stretch, whatever becomes of the workers on the way."""

from __future__ import annotations

import zipfile

import pytest

from core.errors import LimitError, QuestionError
from core.families import found
from core.pictures import bring as bringing
from core.pictures import files
from core.pictures.bring import bring
from tests.core.pictures.corpus import encoded, picture
from tests.core.pictures.test_library import ANN, make

__all__ = ["make"]


@pytest.fixture
def library(make):
    return make()


def ask(name, *args, timeout):
    return found(name)(*args)


def png(number):
    return encoded(picture((number + 1, 4)), "PNG")


def zipped(path, count):
    with zipfile.ZipFile(path, "w") as made:
        for number in range(count):
            made.writestr(f"a/{number}.png", png(number))
    return path


def brought(library, path, name, asked=ask, **more):
    """What came of it, and how far it was after each question."""
    steps, last = [], None
    for last in bring(library, asked, ANN, path, name, more.get("album", ""), more.get("label", "")):
        steps.append((last.done, last.of))
    return last, steps


def reasons(last):
    return [one["template"].format(**one["values"]) for one in last.refused]


def test_a_picture(library, tmp_path):
    (tmp_path / "x").write_bytes(png(3))
    last, steps = brought(library, tmp_path / "x", "cat.png", album="Pets", label="cat")
    assert steps == [(1, 1)] and last.refused == []
    assert [(one.album, one.label, one.name) for one in last.kept] == [("Pets", "cat", "cat.png")]


def test_a_zip_is_an_album(library, tmp_path, monkeypatch):
    monkeypatch.setattr(bringing, "AT_ONCE", 3)
    last, steps = brought(library, zipped(tmp_path / "x", 7), "../my pets.zip")
    assert steps == [(3, 7), (6, 7), (7, 7)] and len(last.kept) == 7
    assert {one.album for one in last.kept} == {"my pets"} and {one.label for one in library.of(ANN)} == {"a"}


def test_the_entry_that_ends_its_worker_is_found_and_the_rest_kept(library, tmp_path):
    def fragile(name, path, shown, first, most, limit, *, timeout):
        if first <= 2 < first + most:
            raise QuestionError("The process that computed this ended unexpectedly. Try again.")
        return found(name)(path, shown, first, most, limit)

    last, _steps = brought(library, zipped(tmp_path / "x", 5), "x.zip", fragile)
    assert [one.width for one in library.of(ANN)] == [1, 2, 4, 5]
    assert [one["name"] for one in last.refused] == ["x.zip (3)"] and "time and memory" in reasons(last)[0]


def test_a_zip_that_always_ends_its_worker_is_given_up(library, tmp_path):
    asked = []

    def lost(name, path, shown, first, most, limit, *, timeout):
        asked.append(first)
        if first == 0:
            return {"kept": [], "refused": [], "next": 1, "of": 50}
        raise QuestionError("lost")

    last, _steps = brought(library, zipped(tmp_path / "x", 1), "x.zip", lost)
    assert len(asked) < 8 and reasons(last)[-1].startswith("The last 46 files")
    (tmp_path / "y").write_bytes(png(1))
    last, _steps = brought(
        library, tmp_path / "y", "y.png", lambda *_args, timeout: lost("", "", "", 1, 1, 1, timeout=1)
    )
    assert "time and memory" in reasons(last)[0]


def test_a_zip_that_outgrows_the_visitors_room_keeps_what_fitted(make, tmp_path, monkeypatch):
    library = make(LIVETORCH_PICTURES_PER_VISITOR="4")
    monkeypatch.setattr(bringing, "AT_ONCE", 3)
    last, steps = brought(library, zipped(tmp_path / "x", 9), "x.zip")
    assert len(library.of(ANN)) == 3 and len(steps) == 2
    assert sum("as many as one visitor" in one for one in reasons(last)) == 3 and "last 3 files" in reasons(last)[-1]
    assert len(list(files.folder().glob("??/*"))) == 3


def test_a_visitor_without_room_is_told_at_once(make, tmp_path):
    library = make(LIVETORCH_PICTURES_PER_VISITOR="0")
    with pytest.raises(LimitError, match="Delete some first"):
        brought(library, zipped(tmp_path / "x", 1), "x.zip")
