"""The pictures themselves, kept by their fingerprint: decoded once, upright, without metadata, at most 1,024 pixels a side."""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from core.datasets import home
from core.datasets.kept import write_whole
from core.errors import LiveTorchError, NotFoundError
from core.i18n import N_

if TYPE_CHECKING:
    from PIL.Image import Image

SHA256 = re.compile(r"[0-9a-f]{64}")
SIDE = 1024  # pixels of the longer side, at most


def folder() -> Path:
    """Where pictures lie."""
    return home() / "pictures"


def path_of(sha: str) -> Path:
    """The file of the picture with fingerprint ``sha``. Raises :class:`NotFoundError` where it is not kept (any more)."""
    path = folder() / sha[:2] / sha
    if not SHA256.fullmatch(sha) or not path.is_file():
        raise NotFoundError(
            N_(
                "A picture that is needed here is not on this server any more. It was deleted, or went by age; bring it again."
            )
        )
    return path


def keep(content: bytes) -> str:
    """Store an encoded picture; returns its SHA-256. It appears under its name whole or not at all.

    Raises :class:`LiveTorchError` where the disk refuses it.
    """
    sha = hashlib.sha256(content).hexdigest()
    path = folder() / sha[:2] / sha
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            os.utime(path)
        else:
            write_whole(path, content)
    except OSError as error:
        raise LiveTorchError(
            N_("The picture could not be stored ({error}). Free some disk space on the server and try again."),
            error=error.strerror or type(error).__name__,
        ) from error
    return sha


def keep_thumbnail(sha: str, content: bytes) -> None:
    """Store a small JPEG beside the kept picture ``sha``."""
    path = _beside(sha)
    if not path.is_file():
        write_whole(path, content)


def thumbnail_of(sha: str) -> Path:
    """The thumbnail of a kept picture; small pictures are their own. Raises :class:`NotFoundError` as :func:`path_of`."""
    path = path_of(sha)
    return _beside(sha) if _beside(sha).is_file() else path


def drop(sha: str) -> None:
    """Delete a picture and its thumbnail; one that is gone, or being read on Windows, is no fault."""
    if SHA256.fullmatch(sha):
        for path in (folder() / sha[:2] / sha, _beside(sha)):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _beside(sha: str) -> Path:
    return folder() / sha[:2] / f"{sha}.small"


def rgb(sha: str) -> Image:
    """The kept picture as RGB. What lies here was written by us after decoding, so it is safe to open."""
    from PIL import Image

    with Image.open(path_of(sha)) as opened:
        return opened.convert("RGB")
