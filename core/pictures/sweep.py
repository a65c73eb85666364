"""Which pictures go: those past their age, the oldest beyond the room of all, files that nobody has."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from core.pictures import files
from core.pictures.table import PICTURES, stretches

if TYPE_CHECKING:
    from core.pictures.drawn import Drawn
    from core.runs.limits import Limits
    from core.runs.store import Store

log = logging.getLogger("livetorch.pictures")

HOUR, DAY = 3600.0, 86_400.0
MEGABYTE = 2**20


class Sweep:
    """Keeps the pictures within their bounds."""

    def __init__(self, store: Store, limits: Limits, drawn: Drawn) -> None:
        self.store, self.limits, self.drawn = store, limits, drawn
        self._swept = 0.0
        self._lock = threading.Lock()
        self._taking = 0  # pictures may be stored now that are not yet in anybody's library
        self._later: set[str] = set()

    @contextmanager
    def holding(self) -> Iterator[None]:
        """No file goes meanwhile: it could be one that was stored a moment ago and is about to be somebody's."""
        with self._lock:
            self._taking += 1
        try:
            yield
        finally:
            with self._lock:
                self._taking -= 1
                later, self._later = (set(), self._later) if self._taking else (self._later, set())
            self.drop_unused(later)

    def now_and_then(self) -> None:
        """By age, and files that a lost process left: once an hour, by whoever looks first."""
        with self._lock:
            if time.monotonic() - self._swept < HOUR and self._swept:
                return
            self._swept = time.monotonic()
        self.drop_old()
        self.drop_left_over()

    def drop_old(self) -> int:
        """What was brought too long ago goes; how many pictures."""
        if not self.limits.pictures_days:
            return 0
        return self._drop(PICTURES.c.created < time.time() - DAY * self.limits.pictures_days)

    def make_room(self) -> None:
        """The oldest pictures of all visitors go while all together are too large."""
        with self.store.reading() as connection:
            total = connection.execute(sa.select(sa.func.coalesce(sa.func.sum(PICTURES.c.bytes), 0))).scalar_one()
            excess = total - self.limits.pictures_mb * MEGABYTE
            if excess <= 0:
                return
            gone = []
            for one, size in connection.execute(
                sa.select(PICTURES.c.id, PICTURES.c.bytes).order_by(PICTURES.c.created)
            ):
                gone.append(one)
                excess -= size
                if excess <= 0:
                    break
        log.info("the oldest %d pictures go, all together were too large", len(gone))
        for stretch in stretches(gone):
            self._drop(PICTURES.c.id.in_(stretch))

    def _drop(self, which: sa.ColumnElement[bool]) -> int:
        with self.store.writing() as connection:
            shas = list(connection.execute(sa.select(PICTURES.c.sha).where(which)).scalars())
            connection.execute(PICTURES.delete().where(which))
        self.drop_unused(shas)
        return len(shas)

    def drop_unused(self, shas: Iterable[str]) -> None:
        """Delete those of the files that nobody has."""
        named = set(shas)
        with self._lock:
            if self._taking:
                self._later.update(named)
                return
        ours = self.drawn.shas() if named else set()
        for stretch in stretches(named):
            with self.store.writing() as connection:  # nobody may add one of them meanwhile
                found = sa.select(PICTURES.c.sha).where(PICTURES.c.sha.in_(stretch))
                needed = set(connection.execute(found).scalars()) | ours
                for sha in stretch:
                    if sha not in needed:
                        files.drop(sha)

    def drop_left_over(self) -> None:
        """Delete files that belong to nobody and are older than a day: a process was lost between two steps."""
        if not files.folder().is_dir():
            return
        late = time.time() - DAY
        found = [*files.folder().glob("??/*"), *files.folder().glob(".incoming/*")]
        old = [path for path in found if _changed(path) < late]
        for path in old:
            if not files.SHA256.fullmatch(path.name) and path.suffix != ".small":
                path.unlink(missing_ok=True)
        self.drop_unused({path.name for path in old if files.SHA256.fullmatch(path.name)})


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return time.time()
