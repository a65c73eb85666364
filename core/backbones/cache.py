"""Embeddings on the disk, one small file for each picture, backbone and weights; the oldest go beyond a bound. No torch."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from core.datasets import home
from core.datasets import kept as kept_files
from core.datasets.kept import write_whole

log = logging.getLogger("livetorch.backbones")

MOST_KEPT = 300 * 2**20  # bytes of all together, about 60,000 pictures of MobileNetV2
NUMBER = 4  # bytes of a float32


def folder() -> Path:
    """Where embeddings lie."""
    return home() / "embeddings"


def kept(kind: str, sha: str, features: int) -> bytes | None:
    """The float32 numbers kept for picture ``sha`` under ``kind`` (backbone and weights), if they are whole."""
    path = folder() / kind / sha
    try:
        content = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    return content if len(content) == features * NUMBER else None


def keep(kind: str, sha: str, content: bytes) -> None:
    """Keep them; where the disk refuses, they are computed anew the next time."""
    try:
        (folder() / kind).mkdir(parents=True, exist_ok=True)
        write_whole(folder() / kind / sha, content, durable=False)
    except OSError as error:
        log.warning("an embedding could not be kept: %s", error)


def make_room() -> None:
    """Delete the least recently used ones beyond the bound."""
    kept_files.make_room(folder().glob("*/*"), MOST_KEPT)
