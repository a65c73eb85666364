"""From a file that was sent to pictures in a visitor's library: asked of workers, stretch by stretch, counted at each."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import LimitError, LiveTorchError, QuestionError
from core.i18n import N_
from core.pictures.formats import ZIP, kind_of
from core.pictures.kept import Kept, Taken, album_name, file_name
from core.pictures.library import Library
from core.pictures.take import refusal

log = logging.getLogger("livetorch.pictures")

PICTURE, FROM_ZIP = "core.pictures.take:take_picture", "core.pictures.take:take_from_zip"
# Of one question. The worst picture that is taken at all needs two seconds; a busy server is slower.
PICTURE_SECONDS, ZIP_SECONDS = 12.0, 20.0
AT_ONCE = 100  # entries of a zip in one question, at most
SECONDS_IN_ALL, MOST_LOST = 180.0, 3  # of one zip; after that the rest of it is refused


@dataclass
class Brought:
    """What has come of a file so far. ``refused`` has a name, a template and its values each."""

    album: str
    kept: list[Kept] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    done: int = 0
    of: int = 1


def bring(
    library: Library, ask: Callable[..., Any], visitor: str, path: Path, name: str, album: str, label: str
) -> Iterator[Brought]:
    """Take in the file ``path``, a picture or a zip; yields after each question how far it is.

    Raises nothing for a file that is refused: that is in what is yielded. Raises :class:`LimitError` before the first
    question where the visitor has no room.
    """
    library.check_room(visitor)
    with path.open("rb") as file:
        kind = kind_of(file.read(64))
    if kind == ZIP:
        shown = file_name(name)
        brought = Brought(album_name(album) or album_name(shown.rsplit(".", 1)[0]), of=0)
        yield from _zip(library, ask, visitor, path, shown, brought)
    else:
        brought = Brought(album_name(album))
        with library.sweep.holding():
            said = _asked(ask, PICTURE, PICTURE_SECONDS, str(path), name, label)
            _file(library, visitor, said or {"kept": [], "refused": [refusal(file_name(name), _lost())]}, brought)
        brought.done = 1
        yield brought


def _zip(
    library: Library, ask: Callable[..., Any], visitor: str, path: Path, name: str, brought: Brought
) -> Iterator[Brought]:
    most, lost, until = AT_ONCE, 0, time.monotonic() + SECONDS_IN_ALL
    picture_bytes = library.limits.picture_mb * 2**20
    while True:
        with library.sweep.holding():
            said = _asked(ask, FROM_ZIP, ZIP_SECONDS, str(path), name, brought.done, most, picture_bytes)
            if said is None and most > 1:
                most = 1  # one of these entries ended its worker: go on one by one and find out which
                continue
            if said is None:
                lost, number = lost + 1, brought.done + 1
                refused = [refusal(f"{name} ({number})" if brought.of else name, _lost())]
                said = {"kept": [], "refused": refused, "next": number, "of": max(brought.of, number)}
            brought.done, brought.of = said["next"], said["of"]
            room = _file(library, visitor, said, brought)
        if brought.done < brought.of and (not room or lost >= MOST_LOST or time.monotonic() > until):
            brought.refused.append(refusal(name, _rest(brought.of - brought.done)))
            brought.of = brought.done
        yield brought
        if brought.done >= brought.of:
            return


def _asked(ask: Callable[..., Any], function: str, seconds: float, *args: Any) -> dict[str, Any] | None:
    """What a worker says; ``None`` where it was lost, or ended for taking too long or too much memory."""
    try:
        return dict(ask(function, *args, timeout=seconds))
    except QuestionError as error:
        log.warning("a picture was given up: %s", error)
        return None


def _file(library: Library, visitor: str, said: dict[str, Any], brought: Brought) -> bool:
    """Put what was taken into the library; whether there was room for it."""
    brought.refused += said["refused"]
    try:
        if said["kept"]:
            brought.kept += library.add(visitor, [Taken(**one) for one in said["kept"]], brought.album)
    except LimitError as error:
        brought.refused += [refusal(one["name"], error) for one in said["kept"]]
        return False
    return True


def _lost() -> LiveTorchError:
    return LiveTorchError(
        N_("It could not be decoded in the time and memory there is for it here. Try again, or save it anew as JPEG.")
    )


def _rest(count: int) -> LiveTorchError:
    return LiveTorchError(
        N_("The last {count:,} files of the zip were not looked at. Bring them in a smaller zip."), count=count
    )
