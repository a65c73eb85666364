"""Loaders of labelled pictures: whole data sets as tensors, normalised by their training part."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from core.datasets import CLOTHES, DIGITS, IDX_FILES, find_root
from core.errors import ConfigError
from core.i18n import N_


@dataclass(frozen=True)
class ImageData:
    """Pictures (N, C, H, W) as float32, normalised by the training part; labels (N,) as int64."""

    train_images: Tensor
    train_labels: Tensor
    validation_images: Tensor
    validation_labels: Tensor
    classes: tuple[str, ...]
    mean: float
    std: float

    def pixels(self, images: Tensor) -> Tensor:
        """Normalised pictures as grey values from 0 to 255 (uint8)."""
        return ((images * self.std + self.mean) * 255).round().clamp(0, 255).to(torch.uint8)


@cache
def digits_arrays() -> tuple[Any, Any]:
    """scikit-learn's digits as NumPy arrays: pictures (1797, 8, 8) with values 0-16, labels (1797,)."""
    from sklearn.datasets import load_digits

    loaded = load_digits()
    return loaded.images, loaded.target


def digits() -> ImageData:
    """1,797 digits of 8 x 8 pixels (Alpaydin and Kaynak, UCI 1998); the last 360 of a fixed shuffle validate."""
    pictures, numbers = digits_arrays()
    images = torch.tensor(pictures, dtype=torch.float32).unsqueeze(1) / 16  # (1797, 1, 8, 8)
    labels = torch.tensor(numbers, dtype=torch.int64)
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    train, validation = order[:-360], order[-360:]
    return _normalised(images[train], labels[train], images[validation], labels[validation], DIGITS)


def mnist() -> ImageData:
    """MNIST; its test set validates."""
    return _idx_files("MNIST", DIGITS)


def fashion_mnist() -> ImageData:
    """Fashion-MNIST; its test set validates."""
    return _idx_files("FashionMNIST", CLOTHES)


def _idx_files(folder: str, classes: tuple[str, ...]) -> ImageData:
    # Read here rather than by torchvision: importing that would cost a run its first second.
    root = find_root(folder)
    if root is None:
        raise ConfigError("dataset", N_("The files of {name} are not on this machine."), name=folder)
    images, labels, more, more_labels = (read_idx(root / folder / "raw" / name) for name in IDX_FILES)
    scaled = [part.unsqueeze(1).float() / 255 for part in (images, more)]  # (N, 1, 28, 28)
    return _normalised(scaled[0], labels.long(), scaled[1], more_labels.long(), classes)


def read_idx(path: Path) -> Tensor:
    """The bytes of an IDX file (``path`` or ``path``.gz) as uint8 in the shape that its header states.

    Raises :class:`ConfigError` where the file cannot be read or is shorter than it says.
    """
    try:
        packed = path.with_name(path.name + ".gz")
        data = path.read_bytes() if path.is_file() else gzip.decompress(packed.read_bytes())
        dimensions = data[3]
        shape = struct.unpack(f">{dimensions}I", data[4 : 4 + 4 * dimensions])
        values = bytearray(data[4 + 4 * dimensions :])
        if data[:3] != b"\0\0\x08" or len(values) != math.prod(shape):
            raise ValueError("header and length disagree")
    except (OSError, EOFError, ValueError, IndexError, struct.error, zlib.error) as error:
        raise ConfigError(
            "dataset",
            N_(
                "The file {file} is damaged or cannot be read ({error}). Replace it, or choose Digits, which needs no files."
            ),
            file=path.name,
            error=type(error).__name__,
        ) from error
    return torch.frombuffer(values, dtype=torch.uint8).reshape(shape)


def _normalised(
    images: Tensor, labels: Tensor, more: Tensor, more_labels: Tensor, classes: tuple[str, ...]
) -> ImageData:
    mean, std = images.mean().item(), images.std().item()
    return ImageData((images - mean) / std, labels, (more - mean) / std, more_labels, classes, mean, std)
