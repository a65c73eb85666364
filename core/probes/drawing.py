"""A drawing made to look like a picture of the data set."""

from __future__ import annotations

import base64
import binascii
import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from core.datasets.images import ImageData
from core.errors import LiveTorchError
from core.i18n import N_

FINEST = 8  # a drawing may come this many times finer than the pictures of the data set
MEASURED = 200  # pictures that tell how large things are in a data set


def decoded(pixels: Any, height: int, width: int) -> Tensor:
    """Base64 of (k x height) x (k x width) bytes, k from 1 to 8, 255 for ink: (kH, kW) float32 from 0 to 1.

    Raises :class:`LiveTorchError` for anything else and for a drawing without ink.
    """
    try:
        data = base64.b64decode(pixels, validate=True) if isinstance(pixels, str) else b""
    except (binascii.Error, ValueError):
        data = b""
    finer = math.isqrt(len(data) // (height * width))
    if not 1 <= finer <= FINEST or len(data) != finer**2 * height * width:
        raise LiveTorchError(
            N_("This drawing does not have the {height} x {width} pixels that the network reads. Reload the page."),
            height=height,
            width=width,
        )
    ink = torch.frombuffer(bytearray(data), dtype=torch.uint8).view(finer * height, finer * width) / 255
    if not ink.any():
        raise LiveTorchError(N_("Draw something first. What the network makes of it appears here."))
    return ink


def fitted(ink: Tensor, height: int, width: int, extent: int) -> Tensor:
    """``ink`` (h, w) as MNIST's makers treated theirs: (height, width) from 0 to 1.

    Cropped, enlarged or reduced until its longer side is ``extent`` pixels, and put where its centre of mass is
    the centre of the picture, or as near as all of it fits (LeCun et al., 1998).
    """
    box = cropped(ink)
    scale = extent / max(box.shape)
    size = [max(1, round(side * scale)) for side in box.shape]
    small = functional.interpolate(box[None, None], size, mode="bilinear", antialias=True)[0, 0]
    small = small / small.max()
    canvas = torch.zeros(height, width)
    top, left = _corner(small, height, width)
    canvas[top : top + size[0], left : left + size[1]] = small
    return canvas


def cropped(ink: Tensor) -> Tensor:
    """The smallest rectangle of ``ink`` (h, w) that holds all that is not zero."""
    rows, columns = ink.any(1).nonzero().flatten(), ink.any(0).nonzero().flatten()
    return ink[int(rows[0]) : int(rows[-1]) + 1, int(columns[0]) : int(columns[-1]) + 1]


def usual_extent(data: ImageData) -> int:
    """Longer side, in pixels, of what a typical picture shows: 20 of 28 in MNIST, all 8 of scikit-learn's digits."""
    ink = data.validation_images[:MEASURED].amax(1) > 0  # (n, H, W)
    heights, widths = (_reach(ink.any(side)) for side in (2, 1))
    return max(1, int(torch.maximum(heights, widths).median()))


def as_picture(ink: Tensor, data: ImageData) -> Tensor:
    """``ink`` (H, W) from 0 to 1 as a stored picture (C, H, W) uint8; colour channels all alike."""
    channels = data.validation_images.shape[1]
    return (ink * data.scale).round().to(torch.uint8).expand(channels, -1, -1)


def _corner(small: Tensor, height: int, width: int) -> tuple[int, int]:
    """Top and left of ``small`` in a picture of (height, width), so that the centres of mass and picture agree."""
    corner = []
    for side, room in ((0, height), (1, width)):
        mass = small.sum(1 - side)
        centre = float((mass * torch.arange(len(mass))).sum() / mass.sum())
        corner.append(min(max(round((room - 1) / 2 - centre), 0), room - len(mass)))
    return corner[0], corner[1]


def _reach(lines: Tensor) -> Tensor:
    """From the first to the last true value of each row of (n, length), both included: (n,); 0 where there is none."""
    first = lines.int().argmax(1)
    last = lines.shape[1] - 1 - lines.flip(1).int().argmax(1)
    return (last - first + 1) * lines.any(1)
