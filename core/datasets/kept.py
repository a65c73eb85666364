"""Files that are kept within bounds: whole or not at all, the least recently used go first. No torch."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_whole(path: Path, content: bytes, durable: bool = True) -> None:
    """Write a file so that it appears under its name whole or not at all. Raises ``OSError`` as the disk does.

    ``durable``: only after the disk has it; without it, what can be computed anew is written quicker.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def make_room(paths: Iterable[Path], most: int, newest: Path | None = None) -> None:
    """Delete the least recently used of ``paths`` until those left have at most ``most`` bytes; ``newest`` stays."""
    found = []
    for path in paths:
        try:
            status = path.stat()
        except FileNotFoundError:  # another process made room, too
            continue
        found.append((status.st_mtime, status.st_size, path))
    total = sum(size for _time, size, _path in found)
    for _time, size, path in sorted(found):
        if total <= most:
            return
        if path != newest:
            path.unlink(missing_ok=True)
            total -= size
