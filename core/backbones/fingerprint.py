"""Which weights a backbone has, by a fingerprint, so that those of another version are not taken for them. No torch."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from core.backbones.registry import BACKBONES

SEED = 0  # of random weights
RANDOM = "random"


def weights_fingerprint(name: str, pretrained: bool = True) -> str:
    """16 digits that stand for the weights of backbone ``name``: of the file's SHA-256, or of the random seed."""
    path = BACKBONES[name].weights() if pretrained else None
    if path is None:
        return f"{RANDOM}{SEED:010d}"
    status = path.stat()
    return _digest(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=32)
def _digest(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
