"""Every visitor's pictures: which there are, in which albums, of which classes. The files are kept by fingerprint.

A file goes when nobody's library has it any more: by deleting, by age, or because the pictures of all visitors outgrow
their room. A run that was trained with it keeps its numbers and weights; what would have to see the picture says that it
is gone.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.errors import LimitError, NotFoundError
from core.i18n import N_
from core.pictures import files
from core.pictures.builtin import ALBUMS, TITLES
from core.pictures.drawn import Drawn
from core.pictures.kept import Album, Kept, Taken, album_name, file_name, label_name
from core.pictures.room import check_room, used
from core.pictures.sets import PictureSet
from core.pictures.sweep import Sweep
from core.pictures.table import PICTURES, stretches
from core.runs.record import owner_of

if TYPE_CHECKING:
    from core.runs.limits import Limits
    from core.runs.store import Store

FIRST_ALBUM = "My pictures"  # where pictures come that were sent to none
Question = Callable[..., Any]


class Library:
    """The pictures of all visitors. A visitor is named by the raw cookie token, as for runs. Thread-safe."""

    def __init__(self, store: Store, limits: Limits, ask: Question) -> None:
        self.store, self.limits = store, limits
        self.drawn = Drawn(ask)
        self.sweep = Sweep(store, limits, self.drawn)

    # Looking

    def of(self, visitor: str, album: str | None = None) -> list[Kept]:
        """A visitor's pictures, in the order in which they came; of one album, which may be one of LiveTorch's own."""
        if album in ALBUMS:
            return self.drawn.pictures(album)
        query = PICTURES.select().where(PICTURES.c.visitor == owner_of(visitor))
        if album is not None:
            query = query.where(PICTURES.c.album == album)
        self.sweep.now_and_then()
        with self.store.reading() as connection:
            rows = connection.execute(query.order_by(PICTURES.c.created, PICTURES.c.id)).mappings()
            return [_kept(row) for row in rows]

    def albums(self, visitor: str) -> list[Album]:
        """A visitor's albums by name, then those that come with LiveTorch."""
        mine = PICTURES.c.visitor == owner_of(visitor)
        query = sa.select(PICTURES.c.album, PICTURES.c.label, sa.func.count()).where(mine)
        found: dict[str, tuple[int, set[str]]] = {}
        with self.store.reading() as connection:
            for album, label, count in connection.execute(query.group_by(PICTURES.c.album, PICTURES.c.label)):
                total, labels = found.get(album, (0, set()))
                found[album] = total + count, labels | ({label} - {""})
        own = [Album(name, total, tuple(sorted(labels))) for name, (total, labels) in sorted(found.items())]
        return own + list(ALBUMS.values())

    def may_see(self, visitor: str, sha: str) -> bool:
        """Whether a visitor has the picture with this fingerprint, or everybody has."""
        mine = (PICTURES.c.sha == sha) & (PICTURES.c.visitor == owner_of(visitor))
        with self.store.reading() as connection:
            if connection.execute(sa.select(PICTURES.c.id).where(mine).limit(1)).first() is not None:
                return True
        return self.drawn.has(sha)

    def as_set(self, visitor: str, album: str) -> PictureSet:
        """The labelled pictures of an album as what a run is trained on; classes in the order of their names.

        Whether anything can be learned from it is for :func:`core.pictures.sets.check` to say.
        """
        labelled = [one for one in self.of(visitor, album) if one.label]
        classes = tuple(sorted({one.label for one in labelled}))
        number = {name: index for index, name in enumerate(classes)}
        pictures = tuple((one.sha, number[one.label]) for one in labelled)
        return PictureSet(TITLES.get(album, album), classes, pictures)

    def used(self, visitor: str) -> tuple[int, int]:
        """How many pictures a visitor has, and their bytes."""
        return used(self.store, visitor)

    # Changing

    def add(self, visitor: str, taken: Sequence[Taken], album: str) -> list[Kept]:
        """Make stored pictures a visitor's. A picture that is in the album already is not there twice, but takes the new class.

        Raises :class:`LimitError` where the visitor or the server has no room; then none of them is kept.
        """
        owner, album = owner_of(visitor), album_name(album) or FIRST_ALBUM
        known = {one.sha: one for one in self._those(owner, album, taken)}
        fresh = list({one.sha: one for one in taken if one.sha not in known}.values())
        try:
            self.check_room(visitor, len(fresh), sum(one.bytes for one in fresh))
        except LimitError:
            self.sweep.drop_unused(one.sha for one in fresh)
            raise
        now = time.time()
        rows = [_row(owner, one, album, now + index * 1e-6) for index, one in enumerate(fresh)]
        if rows:
            with self.store.writing() as connection:
                connection.execute(PICTURES.insert(), rows)
        for one in taken:
            if one.sha in known and label_name(one.label) not in ("", known[one.sha].label):
                self.relabel(visitor, [known[one.sha].id], one.label)
        self.sweep.make_room()
        return self._those(owner, album, taken)

    def _those(self, owner: str, album: str, taken: Sequence[Taken]) -> list[Kept]:
        """Which of them are in an album."""
        found: list[Any] = []
        with self.store.reading() as connection:
            for stretch in stretches(one.sha for one in taken):
                here = (PICTURES.c.visitor == owner) & (PICTURES.c.album == album) & PICTURES.c.sha.in_(stretch)
                found += connection.execute(PICTURES.select().where(here)).mappings()
        return [_kept(row) for row in sorted(found, key=lambda row: (row["created"], row["id"]))]

    def check_room(self, visitor: str, pictures: int = 1, size: int = 0) -> None:
        """Raises :class:`LimitError` where a visitor may not keep ``pictures`` more of ``size`` bytes together."""
        check_room(self.store, self.limits, visitor, pictures, size)

    def relabel(self, visitor: str, ids: Iterable[str], label: str) -> int:
        """Give a visitor's pictures a class, "" for none; how many were changed."""
        return self._change(visitor, ids, label=label_name(label))

    def move(self, visitor: str, ids: Iterable[str], album: str) -> int:
        """Put a visitor's pictures into another album; how many were moved. Raises for an album without a name."""
        name = album_name(album)
        if not name:
            raise NotFoundError(N_("An album needs a name. Type at least one letter."))
        return self._change(visitor, ids, album=name)

    def _change(self, visitor: str, ids: Iterable[str], **values: str) -> int:
        changed = 0
        with self.store.writing() as connection:
            for stretch in stretches(ids):
                mine = PICTURES.c.id.in_(stretch) & (PICTURES.c.visitor == owner_of(visitor))
                changed += connection.execute(PICTURES.update().where(mine).values(**values)).rowcount
        return changed

    def delete(self, visitor: str, ids: Iterable[str]) -> int:
        """Remove a visitor's pictures for good, files too where nobody else has them; how many there were."""
        gone: list[str] = []
        with self.store.writing() as connection:
            for stretch in stretches(ids):
                mine = PICTURES.c.id.in_(stretch) & (PICTURES.c.visitor == owner_of(visitor))
                gone += connection.execute(sa.select(PICTURES.c.sha).where(mine)).scalars()
                connection.execute(PICTURES.delete().where(mine))
        self.sweep.drop_unused(gone)
        return len(gone)

    def file(self, visitor: str, sha: str, whole: bool = True) -> Path:
        """The file of a picture, or a small one. Raises :class:`NotFoundError` for anybody who does not have it."""
        if not files.SHA256.fullmatch(sha) or not self.may_see(visitor, sha):
            raise NotFoundError(N_("There is no such picture, or it is not yours to see."))
        return files.path_of(sha) if whole else files.thumbnail_of(sha)


def _row(owner: str, one: Taken, album: str, created: float) -> dict[str, Any]:
    said = {"id": secrets.token_urlsafe(16), "visitor": owner, "sha": one.sha, "album": album, "created": created}
    named = {"name": file_name(one.name), "label": label_name(one.label)}
    return said | named | {"width": one.width, "height": one.height, "bytes": one.bytes}


def _kept(row: Any) -> Kept:
    return Kept(row["id"], row["sha"], row["name"], row["album"], row["label"], row["width"], row["height"])
