"""Whose pictures there are, which classes they have, and when they go."""

from __future__ import annotations

import os
import time

import pytest
import sqlalchemy as sa

from core.errors import LimitError, LiveTorchError, NotFoundError
from core.families import found
from core.pictures import files
from core.pictures.builtin import ALBUMS, PHOTOS, SHAPES
from core.pictures.kept import Taken
from core.pictures.library import FIRST_ALBUM, Library
from core.pictures.sets import keep_set, read_set
from core.pictures.sweep import DAY
from core.pictures.table import PICTURES
from core.runs.limits import Limits
from core.runs.store import Store

ANN, BEN = "a" * 22, "b" * 22


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.setenv("LIVETORCH_HOME", str(tmp_path))
    monkeypatch.setenv("LIVETORCH_DISK_FLOOR_MB", "1")
    made = []

    def library(**environment: str) -> Library:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        store = Store(folder=tmp_path)
        made.append(store)
        return Library(store, Limits.from_environment(), lambda name, *args, timeout: found(name)(*args))

    yield library
    for store in made:
        store.close()


@pytest.fixture
def library(make):
    return make()


def taken(number: int, label: str = "", size: int = 1000) -> Taken:
    """A stored file; what is in it does not matter here."""
    sha = files.keep(f"picture {number}".encode().ljust(size))
    return Taken(sha, f"{number}.png", label, 10, 8, size)


def is_there(sha):
    return (files.folder() / sha[:2] / sha).is_file()


def aged(library, days):
    """As if everything that is there had been brought before."""
    with library.store.writing() as connection:
        connection.execute(PICTURES.update().values(created=PICTURES.c.created - days * DAY))


def test_pictures_are_their_visitors_in_the_order_they_came(library):
    library.add(ANN, [taken(2, "cat"), taken(1)], "Pets")
    library.add(ANN, [taken(3, "dog")], "Pets")
    library.add(BEN, [taken(1)], "")
    assert [(one.name, one.label) for one in library.of(ANN)] == [("2.png", "cat"), ("1.png", ""), ("3.png", "dog")]
    assert [one.album for one in library.of(BEN)] == [FIRST_ALBUM] and library.of("c" * 22) == []
    own = [one for one in library.albums(ANN) if one.name not in ALBUMS]
    assert [(one.name, one.pictures, one.classes) for one in own] == [("Pets", 3, ("cat", "dog"))]
    assert library.used(ANN) == (3, 3000)
    ids = [one.id for one in library.of(ANN)]
    assert len(set(ids)) == 3 and all(len(one) == 22 for one in ids)


def test_the_same_picture_again_is_not_there_twice_and_takes_the_new_class(library):
    library.add(ANN, [taken(1, "cat")], "Pets")
    (again,) = library.add(ANN, [taken(1, "dog"), taken(1, "dog")], "Pets")
    assert again.label == "dog" and library.used(ANN)[0] == 1
    library.add(ANN, [taken(1)], "Pets")
    assert library.of(ANN)[0].label == "dog"
    library.add(ANN, [taken(1)], "Others")
    assert library.used(ANN)[0] == 2


def test_nobody_changes_anothers_pictures(library):
    library.add(ANN, [taken(1, "cat")], "Pets")
    ids = [one.id for one in library.of(ANN)]
    assert library.relabel(BEN, ids, "x") == library.move(BEN, ids, "x") == library.delete(BEN, ids) == 0
    assert library.of(ANN)[0].label == "cat" and library.of(ANN)[0].album == "Pets"
    assert library.relabel(ANN, ids, " dog ") == library.move(ANN, [*ids, "guess"], "~Dogs") == 1
    assert library.of(ANN, "Dogs")[0].label == "dog"
    with pytest.raises(LiveTorchError, match="needs a name"):
        library.move(ANN, ids, " ~ ")


def test_a_deleted_file_goes_when_nobody_has_it(library):
    one = taken(1)
    files.keep_thumbnail(one.sha, b"small")
    for visitor in (ANN, BEN):
        library.add(visitor, [one], "x")
    assert library.delete(ANN, [library.of(ANN)[0].id]) == 1 and is_there(one.sha)
    with pytest.raises(NotFoundError):
        library.file(ANN, one.sha)
    assert library.file(BEN, one.sha) == files.path_of(one.sha)
    library.delete(BEN, [library.of(BEN)[0].id])
    assert not is_there(one.sha) and not list(files.folder().glob("??/*"))


def test_many_at_once(library):
    library.add(ANN, [taken(number, size=20) for number in range(520)], "many")
    ids = [one.id for one in library.of(ANN)]
    assert library.relabel(ANN, ids, "x") == 520
    assert library.delete(ANN, ids) == 520 and library.of(ANN) == []
    assert not list(files.folder().glob("??/*"))


def test_sets_have_the_labelled_pictures_and_sorted_classes(library):
    library.add(ANN, [taken(1, "zebra"), taken(2, "ant"), taken(3), taken(4, "zebra"), taken(5, "ant")], "Zoo")
    made = library.as_set(ANN, "Zoo")
    assert (
        made.title == "Zoo"
        and made.classes == ("ant", "zebra")
        and [label for _sha, label in made.pictures] == [1, 0, 1, 0]
    )
    assert read_set(keep_set(made)) == made
    assert library.as_set(BEN, "Zoo").pictures == ()


def test_a_visitor_has_a_number_and_a_size(make):
    library = make(LIVETORCH_PICTURES_PER_VISITOR="3", LIVETORCH_PICTURES_PER_VISITOR_MB="1")
    library.add(ANN, [taken(1), taken(2)], "x")
    more = [taken(3), taken(4)]
    with pytest.raises(LimitError, match="You have 2 pictures here; 3 are"):
        library.add(ANN, more, "x")
    assert len(library.of(ANN)) == 2 and not any(is_there(one.sha) for one in more)
    with pytest.raises(LimitError, match="one visitor may keep 1 MB"):
        library.add(ANN, [taken(5, size=2**20)], "x")
    library.add(BEN, [taken(3)], "x")
    library.add(ANN, [taken(1), taken(2)], "x")  # has them already


def test_a_full_disk_takes_nothing(make):
    library = make(LIVETORCH_DISK_FLOOR_MB="999999999")
    with pytest.raises(LimitError, match="disk left"):
        library.check_room(ANN)


def test_old_pictures_go(make):
    library = make(LIVETORCH_PICTURES_DAYS="30")
    old, new = taken(1), taken(2)
    library.add(ANN, [old], "x")
    aged(library, 31)
    library.add(ANN, [new], "x")
    assert library.sweep.drop_old() == 1
    assert [one.sha for one in library.of(ANN)] == [new.sha] and not is_there(old.sha)


def test_the_oldest_go_when_all_together_are_too_large(make):
    library = make(LIVETORCH_PICTURES_MB="1")
    for number in range(3):
        library.add((ANN, BEN, ANN)[number], [taken(number, size=400_000)], "x")
    assert [one.name for one in library.of(ANN)] == ["2.png"] and [one.name for one in library.of(BEN)] == ["1.png"]


def test_files_that_a_lost_process_left_go_after_a_day(library):
    kept, lost, fresh = taken(1), taken(2), taken(3)
    library.add(ANN, [kept], "x")
    shapes = library.of(ANN, SHAPES)
    (files.folder() / ".incoming").mkdir()
    half = files.folder() / ".incoming" / "tmp1"
    half.write_bytes(b"half")
    for path in [*files.folder().glob("??/*"), half]:
        if path.name != fresh.sha:
            os.utime(path, (time.time() - 2 * DAY,) * 2)
    library.sweep.drop_left_over()
    assert is_there(kept.sha) and is_there(fresh.sha) and not is_there(lost.sha) and not half.exists()
    assert all(is_there(one.sha) for one in shapes)


def test_no_file_goes_that_is_about_to_be_somebodys(library):
    one = taken(1)
    library.add(ANN, [one], "x")
    with library.sweep.holding():
        library.delete(ANN, [library.of(ANN)[0].id])
        assert is_there(one.sha)
        library.add(BEN, [one], "x")
    assert is_there(one.sha)
    with library.sweep.holding():
        library.delete(BEN, [library.of(BEN)[0].id])
    assert not is_there(one.sha)


def test_albums_of_our_own_are_made_once_and_again_if_a_file_is_lost(library, make):
    shapes = library.of(ANN, SHAPES)
    assert len(shapes) == ALBUMS[SHAPES].pictures and {one.label for one in shapes} == set(ALBUMS[SHAPES].classes)
    assert library.as_set(BEN, SHAPES).counts() == (40, 40, 40)
    assert len({one.sha for one in shapes}) == 120
    photos = library.of(ANN, PHOTOS)
    assert [one.name for one in photos] == ["china.jpg", "flower.jpg"] and not any(one.label for one in photos)
    asked = []
    another = make()
    another.drawn.ask = lambda *args, **more: asked.append(args)
    assert another.of(BEN, SHAPES) == shapes and asked == [] and another.may_see(BEN, photos[0].sha)
    files.drop(shapes[3].sha)
    assert library.of(ANN, SHAPES) == shapes and is_there(shapes[3].sha)
    assert library.delete(ANN, [shapes[0].id]) == library.relabel(ANN, [shapes[0].id], "x") == 0


def test_the_tables_index_what_is_asked_for(library):
    names = {
        column for index in sa.inspect(library.store.engine).get_indexes("pictures") for column in index["column_names"]
    }
    assert {"visitor", "sha", "created"} <= names
