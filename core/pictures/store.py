"""Encoding and storing a decoded picture with its thumbnail. For workers: imports Pillow."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from core.pictures.files import keep, keep_thumbnail

SMALL = 256  # pixels of the longer side up to which a picture is kept without loss, and which a thumbnail has
QUALITY, THUMBNAIL_QUALITY = 92, 85


def stored(image: Image.Image, name: str, label: str) -> dict[str, Any]:
    """Keep an RGB picture; the fields of :class:`core.pictures.kept.Taken`. Raises LiveTorchError if the disk refuses."""
    content = encoded(image)
    sha = keep(content)
    if max(image.size) > SMALL:
        keep_thumbnail(sha, _thumbnail(image))
    width, height = image.size
    return {"sha": sha, "name": name, "label": label, "width": width, "height": height, "bytes": len(content)}


def encoded(image: Image.Image) -> bytes:
    """PNG for small pictures, where JPEG would show and costs nothing to avoid; else JPEG without thinned-out colour."""
    file = io.BytesIO()
    if max(image.size) <= SMALL:
        image.save(file, "PNG")
    else:
        image.save(file, "JPEG", quality=QUALITY, subsampling=0)
    return file.getvalue()


def _thumbnail(image: Image.Image) -> bytes:
    small, file = image.copy(), io.BytesIO()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    small.save(file, "JPEG", quality=THUMBNAIL_QUALITY)
    return file.getvalue()
