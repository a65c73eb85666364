"""What visitors bring, kept on the server by its fingerprint. A config holds only the fingerprint. No torch."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from core.config.rnn import SHA256
from core.datasets import home
from core.datasets.kept import make_room, write_whole
from core.errors import LiveTorchError, NotFoundError
from core.i18n import N_

MOST_BYTES = 2 * 2**20  # of one upload
MOST_KEPT = 200 * 2**20  # of all together; the oldest go first


def folder() -> Path:
    """Where uploads lie."""
    return home() / "uploads"


def keep(content: bytes) -> str:
    """Store ``content``; returns its SHA-256 in hexadecimal digits. What is there already is only touched.

    Written beside its place, flushed to the disk and renamed, so that a file under its name is always whole.
    Raises :class:`LiveTorchError` where it is empty, too large, or the disk refuses it.
    """
    if not content:
        raise LiveTorchError(N_("The upload is empty. Choose a file with something in it."))
    if len(content) > MOST_BYTES:
        raise LiveTorchError(
            N_("The upload has {size:,} bytes; {most:,} are allowed. Take a part of it."),
            size=len(content),
            most=MOST_BYTES,
        )
    name = hashlib.sha256(content).hexdigest()
    path = folder() / name
    try:
        folder().mkdir(parents=True, exist_ok=True)
        if path.is_file():
            os.utime(path)
        else:
            write_whole(path, content)
        make_room(folder().iterdir(), MOST_KEPT, newest=path)
    except OSError as error:
        raise LiveTorchError(
            N_("The upload could not be stored ({error}). Free some disk space on the server and try again."),
            error=error.strerror or type(error).__name__,
        ) from error
    return name


def read(name: str) -> bytes:
    """The upload with fingerprint ``name``. Raises :class:`NotFoundError` where it is not there or not itself."""
    content = None
    if SHA256.fullmatch(name):
        try:
            content = (folder() / name).read_bytes()
        except OSError:
            content = None
    if content is None or hashlib.sha256(content).hexdigest() != name:
        raise NotFoundError(
            N_("The uploaded data of this run are not on this server any more. Upload the same file again.")
        )
    return content
