"""Loaders of labelled pictures: whole data sets as the bytes they are stored as."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from core.config import DATASETS as DATASET_NAMES
from core.datasets import CLOTHES, DIGITS, SYLLABLES, THINGS, find_cifar_root, find_root
from core.datasets.scales import SCALES
from core.datasets.sources import CIFAR_FOLDER, IDX_FILES
from core.errors import ConfigError
from core.i18n import N_


@dataclass(frozen=True)
class ImageData:
    """The pictures of a run. Images are uint8 (., C, H, W) as stored; labels are int64."""

    train_images: Tensor  # (N, C, H, W)
    train_labels: Tensor  # (N,), label noise included
    validation_images: Tensor  # (M, C, H, W)
    validation_labels: Tensor  # (M,), always true
    classes: tuple[str, ...]
    scale: int  # the value of full white: 255, digits 16
    mean: Tensor  # (C, 1, 1) float32, in stored units, of the data set's whole training part
    std: Tensor  # (C, 1, 1) float32
    true_labels: Tensor  # (N,), the training labels before noise
    _moments: dict[torch.device, tuple[Tensor, Tensor]] = field(default_factory=dict, repr=False, compare=False)

    def normalised(self, images: Tensor) -> Tensor:
        """uint8 (..., C, H, W) as float32 with mean 0 and deviation 1 over the training part, on the pictures' device."""
        if images.device not in self._moments:  # copied once: a copy at every step would hold up a GPU
            self._moments[images.device] = self.mean.to(images.device), self.std.to(images.device)
        mean, std = self._moments[images.device]
        return (images.float() - mean) / std

    def pixels(self, images: Tensor) -> Tensor:
        """Stored pictures as values from 0 to 255 (uint8), for showing."""
        if self.scale == 255:
            return images
        return (images.float() * (255 / self.scale)).round().to(torch.uint8)


def mean_and_std(images: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and deviation, (C, 1, 1) float32 each, of the channels of ``images`` (N, C, H, W) uint8.

    From how often each of the 256 values occurs: exact to the last digit whatever the number of threads, and
    ten times as fast as ``images.float().std()``, which would take four bytes of memory for each of one.
    """
    counts = torch.stack([channel.flatten().bincount(minlength=256) for channel in images.unbind(1)]).double()
    values, total = torch.arange(256).double(), counts.sum(1)
    mean = counts @ values / total
    variance = (counts * (values - mean[:, None]) ** 2).sum(1) / (total - 1)
    return mean.float().view(-1, 1, 1), variance.sqrt().float().view(-1, 1, 1)


def _image_data(
    images: Tensor, labels: Tensor, more: Tensor, more_labels: Tensor, classes: tuple[str, ...], scale: int = 255
) -> ImageData:
    mean, std = mean_and_std(images)
    return ImageData(images, labels, more, more_labels, classes, scale, mean, std, true_labels=labels)


@cache
def digits_arrays() -> tuple[Any, Any]:
    """scikit-learn's digits as NumPy arrays: pictures (1797, 8, 8) with values 0-16, labels (1797,)."""
    from sklearn.datasets import load_digits

    loaded = load_digits()
    return loaded.images, loaded.target


def digits() -> ImageData:
    """1,797 digits of 8 x 8 pixels (Alpaydin and Kaynak, UCI 1998); the last 360 of a fixed shuffle validate."""
    pictures, numbers = digits_arrays()
    images = torch.tensor(pictures, dtype=torch.uint8).unsqueeze(1)  # (1797, 1, 8, 8)
    labels = torch.tensor(numbers, dtype=torch.int64)
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    train, validation = order[:-360], order[-360:]
    white = SCALES["digits"]
    return _image_data(images[train], labels[train], images[validation], labels[validation], DIGITS, scale=white)


def mnist() -> ImageData:
    """MNIST; its test set validates."""
    return _idx_files("MNIST", DIGITS)


def fashion_mnist() -> ImageData:
    """Fashion-MNIST; its test set validates."""
    return _idx_files("FashionMNIST", CLOTHES)


def kmnist() -> ImageData:
    """KMNIST (Clanuwat et al., 2018): ten hiragana in old handwriting; its test set validates."""
    return _idx_files("KMNIST", SYLLABLES)


def cifar10() -> ImageData:
    """CIFAR-10 (Krizhevsky, 2009); its test set validates. Its files are pickles, which torchvision verifies first."""
    from torchvision.datasets import CIFAR10

    root = find_cifar_root()
    if root is None:
        raise ConfigError("dataset", MISSING, name=DATASET_NAMES["cifar10"])
    try:
        train, test = CIFAR10(root, train=True), CIFAR10(root, train=False)
    except (RuntimeError, OSError) as error:  # a file is not the published one, or cannot be read
        raise _damaged(CIFAR_FOLDER, error) from error
    images, more = (torch.from_numpy(part.data).permute(0, 3, 1, 2).contiguous() for part in (train, test))
    labels, more_labels = (torch.tensor(part.targets) for part in (train, test))
    return _image_data(images, labels, more, more_labels, THINGS)


MISSING = N_("The files of {name} are not on this machine.")


def _idx_files(folder: str, classes: tuple[str, ...]) -> ImageData:
    # Read here rather than by torchvision: importing that would cost a run its first second.
    root = find_root(folder)
    if root is None:
        raise ConfigError("dataset", MISSING, name=folder)
    images, labels, more, more_labels = (read_idx(root / folder / "raw" / name) for name in IDX_FILES)
    return _image_data(images.unsqueeze(1), labels.long(), more.unsqueeze(1), more_labels.long(), classes)


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
        raise _damaged(path.name, error) from error
    return torch.frombuffer(values, dtype=torch.uint8).reshape(shape)


def _damaged(file: str, error: Exception) -> ConfigError:
    return ConfigError(
        "dataset",
        N_(
            "The file {file} is damaged or cannot be read ({error}). Replace it, or choose Digits, which needs no files."
        ),
        file=file,
        error=type(error).__name__,
    )
