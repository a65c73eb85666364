"""Tensors and pictures as JSON: blocks of bytes with their range, sprites, numbers that may be missing."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterable
from typing import Any

import torch
from PIL import Image
from torch import Tensor

COLUMNS = 8
TILE = 32  # pixels a side in a sprite


def tensor_block(values: Tensor, signed: bool) -> dict[str, Any]:
    """``values`` (n, h, w) as one byte each: value = low + byte / 255 x (high - low), off by half a step at most.

    ``signed``: low = -high, so that zero is the middle of the scale. What is not finite becomes 0 and
    sets ``broken``.
    """
    count, height, width = values.shape
    found = values.detach().cpu().double()  # the range of large float32 would overflow
    broken = not bool(found.isfinite().all())
    found = found.nan_to_num(0.0, 0.0, 0.0)
    low, high = (edge.item() for edge in found.aminmax())
    if signed:
        high = max(-low, high)
        low = -high
    steps = (found - low) / (high - low) * 255 if high > low else torch.zeros_like(found)
    return {
        "count": count,
        "height": height,
        "width": width,
        "low": low,
        "high": high,
        "signed": signed,
        "broken": broken,
        "values": _text(steps.round().to(torch.uint8).numpy().tobytes()),
    }


def sprite(pixels: Tensor) -> dict[str, Any]:
    """Pictures (n, C, H, W) uint8 as one PNG of tiles, 8 a row, enlarged without smoothing."""
    rows = max(1, math.ceil(len(pixels) / COLUMNS))
    sheet = Image.new("L" if pixels.shape[1] == 1 else "RGB", (COLUMNS * TILE, rows * TILE))
    for number, picture in enumerate(pixels):
        tile = image(picture).resize((TILE, TILE), Image.Resampling.NEAREST)
        sheet.paste(tile, (number % COLUMNS * TILE, number // COLUMNS * TILE))
    return {"png": _png(sheet), "columns": COLUMNS, "rows": rows, "tile": TILE}


def single(pixels: Tensor) -> dict[str, Any]:
    """One picture (C, H, W) uint8 as a PNG of its own size."""
    return {"png": _png(image(pixels)), "columns": 1, "rows": 1, "tile": pixels.shape[1]}


def image(pixels: Tensor) -> Image.Image:
    """(1, H, W) or (3, H, W) uint8 as a grey or colour image."""
    values = pixels.cpu()
    return Image.fromarray((values[0] if len(values) == 1 else values.permute(1, 2, 0).contiguous()).numpy())


def numbers(values: Iterable[float], digits: int = 6) -> list[float | None]:
    """JSON-ready numbers with ``digits`` significant digits; nothing in place of what is not finite."""
    return [float(f"{value:.{digits}g}") if math.isfinite(value) else None for value in values]


def _png(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return _text(file.getvalue())


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
