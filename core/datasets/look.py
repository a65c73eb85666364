"""What a run's pictures look like before it is trained: samples, balance of the classes, mean pictures.

Pages import this to ask the question, so importing it loads no torch.
"""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

from core.config import CNNRunConfig, load_as
from core.datasets import load_data
from core.errors import ConfigError, LiveTorchError

if TYPE_CHECKING:
    from torch import Tensor

    from core.datasets.images import ImageData

SAMPLES = 10  # pictures shown of a class


def data_look(values: dict[str, Any]) -> dict[str, Any]:
    """The pictures that a run of the config ``values`` would see, JSON-ready.

    ``classes`` names; ``train`` and ``validation`` pictures of each, by the labels trained with; ``wrong`` how many
    of those labels are wrong; ``samples`` one row for each class: a PNG (base64) of up to ten pictures side by side,
    and each one's true class; ``means`` one PNG for each class, null for one without pictures. PNGs are at the size
    of the data. Raises :class:`LiveTorchError` where the data set is missing or damaged.
    """
    config = load_as(CNNRunConfig, values)
    try:
        data = load_data(config)
    except ConfigError as error:  # not as a ConfigError, which is remembered: files can be replaced
        raise LiveTorchError(error.template, **error.values) from error
    classes = range(len(data.classes))
    return {
        "classes": list(data.classes),
        "train": data.train_labels.bincount(minlength=len(data.classes)).tolist(),
        "validation": data.validation_labels.bincount(minlength=len(data.classes)).tolist(),
        "wrong": int((data.train_labels != data.true_labels).sum()),
        "samples": [_samples(data, number) for number in classes],
        "means": [_mean(data, number) for number in classes],
    }


def _samples(data: ImageData, number: int) -> dict[str, Any]:
    """The first pictures that are trained on as class ``number``."""
    chosen = (data.train_labels == number).nonzero()[:SAMPLES, 0]  # (n,)
    pixels = data.pixels(data.train_images[chosen])  # (n, C, H, W)
    row = pixels.permute(1, 2, 0, 3).flatten(2)  # (C, H, n * W)
    return {"png": _png(row) if len(chosen) else None, "true": data.true_labels[chosen].tolist()}


def _mean(data: ImageData, number: int) -> str | None:
    """Mean of all pictures that are trained on as class ``number``, in shown brightness."""
    images = data.train_images[data.train_labels == number]  # (n, C, H, W)
    if len(images) == 0:
        return None
    mean = images.float().mean(0) * (255 / data.scale)  # (C, H, W)
    return _png(mean.round().byte())


def _png(pixels: Tensor) -> str:
    """``pixels`` (C, H, W) uint8, grey or colour, as base64 of a PNG."""
    from PIL import Image

    shown = pixels[0] if len(pixels) == 1 else pixels.permute(1, 2, 0)
    file = io.BytesIO()
    Image.fromarray(shown.contiguous().numpy()).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()
