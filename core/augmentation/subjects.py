"""The pictures that a preview is shown on: of a visitor's library, or of a data set that networks are trained on."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from core.config import DATASETS as DATASET_NAMES
from core.datasets import DATASETS, load_dataset
from core.errors import LiveTorchError
from core.i18n import N_
from core.pictures import files

MOST, SIDES = 8, (8, 512)  # pictures of one question; pixels of a photo's side
SMALL = 64  # pixels up to which a picture travels without loss


@dataclass(frozen=True)
class Shown:
    """One picture (C, H, W) uint8 from 0 to 255."""

    name: str
    pixels: Tensor


def subjects(chosen: list[dict[str, Any]], side: int) -> list[Shown]:
    """``chosen``: of each picture ``sha``, or ``dataset`` and ``number``. Photos are cut to squares of ``side`` pixels.

    Raises :class:`LiveTorchError` for what is not there, and for too many.
    """
    if not chosen or len(chosen) > MOST:
        raise LiveTorchError(N_("Choose 1 to {most} pictures; there are {count}."), most=MOST, count=len(chosen))
    side = min(max(int(side), SIDES[0]), SIDES[1])
    return [_of_library(one, side) if "sha" in one else _of_dataset(one) for one in chosen]


def _of_library(one: dict[str, Any], side: int) -> Shown:
    from PIL import ImageOps
    from torchvision.transforms.v2.functional import pil_to_tensor

    image = ImageOps.fit(files.rgb(str(one["sha"])), (side, side))  # the square in the middle, as networks are given
    return Shown(str(one.get("name", "")), pil_to_tensor(image))


def _of_dataset(one: dict[str, Any]) -> Shown:
    name, number = str(one["dataset"]), int(one.get("number", 0))
    if name not in DATASETS or not 0 <= number < DATASETS[name].train_size:
        raise LiveTorchError(N_("There is no picture {number} of {name}."), number=number, name=name[:40])
    data = load_dataset(name)
    label = data.classes[int(data.train_labels[number])]
    return Shown(f"{DATASET_NAMES[name].split(' (')[0]} {number}: {label}", data.pixels(data.train_images[number]))


def data_url(pixels: Tensor) -> str:
    """A picture (C, H, W) uint8 for a browser: PNG where it is small, else JPEG."""
    from PIL import Image

    array = (pixels[0] if len(pixels) == 1 else pixels.permute(1, 2, 0)).contiguous().cpu().numpy()
    file, small = io.BytesIO(), max(array.shape[:2]) <= SMALL
    Image.fromarray(array).save(file, "PNG" if small else "JPEG", **({} if small else {"quality": 88}))
    kind = "png" if small else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode()}"


def difference(before: Tensor, after: Tensor, signed: bool) -> Tensor:
    """How much each value changed, (C, H, W) uint8: |after - before|, or 128 + (after - before) / 2."""
    change = after.to(torch.int16) - before.to(torch.int16)
    made = change.div(2, rounding_mode="floor") + 128 if signed else change.abs()
    return made.clamp(0, 255).to(torch.uint8)
