"""The albums that come with LiveTorch, made in a question process when they are first looked at."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from core.pictures import files
from core.pictures.builtin import ALBUMS, SEED
from core.pictures.kept import Kept

log = logging.getLogger("livetorch.pictures")

MAKE = "core.pictures.builtin:make_album"
SECONDS = 60.0


class Drawn:
    """Pictures of :data:`core.pictures.builtin.ALBUMS`; what was made once is read again at the next start."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self.ask = ask
        self._lock = threading.Lock()
        self._known: dict[str, list[Kept]] = {}

    def pictures(self, album: str) -> list[Kept]:
        """The pictures of one of our albums, made now if they were never before or a file of them is gone."""
        with self._lock:
            found = self._known.get(album) or self._read(album)
            if not found or not all(_is_there(one.sha) for one in found):
                found = self._make(album)
            self._known[album] = found
            return list(found)

    def has(self, sha: str) -> bool:
        """Whether a picture with this fingerprint is in one of the albums that were made."""
        return sha in self.shas()

    def shas(self) -> set[str]:
        """Fingerprints of all that was made."""
        with self._lock:
            for album in ALBUMS:
                if album not in self._known and (found := self._read(album)):
                    self._known[album] = found
            return {one.sha for found in self._known.values() for one in found}

    def _make(self, album: str) -> list[Kept]:
        made = self.ask(MAKE, album, timeout=SECONDS)
        path = self._path(album)
        with suppress(OSError):  # they are made again at the next start
            part = path.with_suffix(".part")
            part.write_text(json.dumps(made))
            part.replace(path)
        return _kept(album, made)

    def _read(self, album: str) -> list[Kept]:
        try:
            return _kept(album, json.loads(self._path(album).read_text()))
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def _path(self, album: str) -> Any:
        return files.folder() / f"{album.strip('~')}-{SEED}.json"


def _kept(album: str, made: list[dict[str, Any]]) -> list[Kept]:
    return [
        Kept(f"{album}-{n}", one["sha"], one["name"], album, one["label"], one["width"], one["height"])
        for n, one in enumerate(made)
    ]


def _is_there(sha: str) -> bool:
    return (files.folder() / sha[:2] / sha).is_file()
