"""What is known and not yet in the store."""

from __future__ import annotations

import logging
from typing import Any

from core.errors import StoreError
from core.runs.log import Chunk
from core.runs.store import Store
from core.runs.weights import WEIGHTS_FILE
from core.training.past_names import is_moment

log = logging.getLogger("livetorch.batch")

WAITING_FILES = 8  # tens of MB each


class Batch:
    """News of any number of runs, kept until it could be written."""

    def __init__(self) -> None:
        self.points: list[tuple[str, Chunk]] = []
        self.changes: dict[str, dict[str, Any]] = {}
        self.files: dict[tuple[str, str], bytes] = {}
        self.dropped: list[tuple[str, str]] = []

    def __bool__(self) -> bool:
        return bool(self.points or self.changes or self.files or self.dropped)

    def keep_file(self, run: str, name: str, content: bytes) -> None:
        """A file of ``run`` to save; on a full disk only the last few wait for better times.

        Raises ``ValueError`` for a name that no run may write.
        """
        if name != WEIGHTS_FILE and not is_moment(name):
            raise ValueError(f"no run leaves a file {name!r}")
        self.files[run, name] = content
        while len(self.files) > WAITING_FILES:
            first, lost = next(iter(self.files))
            log.error("%s could not be saved and is given up", lost, extra={"run": first})
            del self.files[first, lost]

    def drop_files(self, run: str, names: list[str]) -> None:
        """Moments of ``run`` that are no longer kept. Raises ``ValueError`` for a name that no run may write."""
        for name in names:
            if not is_moment(name):
                raise ValueError(f"no run drops a file {name!r}")
            self.files.pop((run, name), None)
            self.dropped.append((run, name))

    def save(self, store: Store) -> bool:
        """Write files and rows, each for itself; what cannot be written stays. Returns whether all of it was."""
        saved = True
        for save in (self._save_files, self._save_rows):
            try:
                save(store)
            except StoreError as error:
                log.error("not saved yet: %s", error)
                saved = False
        return saved

    def _save_files(self, store: Store) -> None:
        for run, name in list(self.files):
            if store.get(run) is not None:  # it may have been deleted meanwhile
                store.save_file(run, name, self.files[run, name], lasting=name == WEIGHTS_FILE)
            del self.files[run, name]
        while self.dropped:
            store.drop_file(*self.dropped[-1])
            self.dropped.pop()

    def _save_rows(self, store: Store) -> None:
        """All rows in one transaction."""
        if self.points or self.changes:
            store.write(self.points, self.changes)
            self.points, self.changes = [], {}
