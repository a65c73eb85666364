"""Taking files in: the questions that workers answer about what was brought. Only names and sentences travel back."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from core.errors import LiveTorchError
from core.i18n import N_
from core.pictures.archive import Archive
from core.pictures.kept import file_name, label_name

log = logging.getLogger("livetorch.pictures")

Said = dict[str, Any]


def take_picture(path: str, name: str, label: str) -> Said:
    """Decode and store the picture in the file ``path``. ``{"kept": [...], "refused": [...]}``, one of them empty.

    ``kept`` has the fields of :class:`core.pictures.kept.Taken`, ``refused`` a name, a template and its values.
    """
    shown = file_name(name)
    kept, refused = taken(Path(path).read_bytes(), shown, label_name(label))
    return {"kept": kept, "refused": refused}


def take_from_zip(path: str, name: str, first: int, most: int, picture_bytes: int) -> Said:
    """Decode and store pictures of a zip, from entry ``first`` on, for a few seconds or ``most`` of them.

    ``{"kept", "refused", "next", "of"}``: where to go on, and how many entries there are; ``next`` equals ``of`` at the
    end. A zip that is refused as a whole has no entries and one refusal.
    """
    try:
        with Archive(Path(path), picture_bytes) as archive:
            return archive.take(first, most, taken)
    except LiveTorchError as error:
        return {"kept": [], "refused": [refusal(file_name(name), error)], "next": 0, "of": 0}


def taken(content: bytes, name: str, label: str) -> tuple[list[Said], list[Said]]:
    """Decode and store one file: what was kept, and what was refused and why."""
    from core.pictures.decode import decoded
    from core.pictures.store import stored

    try:
        return [stored(decoded(content), name, label)], []
    except LiveTorchError as error:
        return [], [refusal(name, error)]
    except Exception:
        log.exception("a picture failed", extra={"pid": os.getpid()})
        return [], [
            refusal(name, LiveTorchError(N_("It could not be decoded; the log of the server has the details.")))
        ]


def refusal(name: str, error: LiveTorchError) -> Said:
    """Why a file is not kept, as JSON; the sentence is made where it is shown."""
    return {"name": name, "template": error.template, "values": error.values}
