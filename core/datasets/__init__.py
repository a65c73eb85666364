"""Data sets by name. Importing this loads neither torch nor scikit-learn; loaders do, in the worker."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import DATASETS as DATASET_NAMES
from core.errors import ConfigError
from core.i18n import N_

if TYPE_CHECKING:
    from core.datasets.images import ImageData

DIGITS = tuple("0123456789")
CLOTHES = ("T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
# The files of MNIST and its likes: training pictures and labels, test pictures and labels.
IDX_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def home() -> Path:
    """Where LiveTorch keeps runs and downloads: ``LIVETORCH_HOME``, else ``~/.livetorch``."""
    return Path(os.environ.get("LIVETORCH_HOME") or Path.home() / ".livetorch")


def data_roots() -> list[Path]:
    """Folders searched for data sets, in torchvision's layout: ``LIVETORCH_DATA`` first."""
    given = os.environ.get("LIVETORCH_DATA")
    return ([Path(given)] if given else []) + [home() / "data"]


def find_root(folder: str) -> Path | None:
    """The first data root that holds all four files under ``<folder>/raw``, packed (.gz) or not."""
    for root in data_roots():
        raw = root / folder / "raw"
        if all((raw / name).is_file() or (raw / f"{name}.gz").is_file() for name in IDX_FILES):
            return root
    return None


@dataclass(frozen=True)
class DatasetSpec:
    """What can be said about a data set before it is loaded."""

    name: str
    shape: tuple[int, int, int]  # channels, height, width
    classes: tuple[str, ...]
    train_size: int
    validation_size: int
    source: str
    available: Callable[[], bool]
    loader: str  # "module:function"


DATASETS: dict[str, DatasetSpec] = {
    "digits": DatasetSpec(
        "digits",
        (1, 8, 8),
        DIGITS,
        1437,
        360,
        N_("Comes with scikit-learn."),
        lambda: True,
        "core.datasets.images:digits",
    ),
    "mnist": DatasetSpec(
        "mnist",
        (1, 28, 28),
        DIGITS,
        60_000,
        10_000,
        N_("Handwritten digits by LeCun, Cortes and Burges."),
        lambda: find_root("MNIST") is not None,
        "core.datasets.images:mnist",
    ),
    "fashion_mnist": DatasetSpec(
        "fashion_mnist",
        (1, 28, 28),
        CLOTHES,
        60_000,
        10_000,
        N_("Pictures of clothes by Zalando Research."),
        lambda: find_root("FashionMNIST") is not None,
        "core.datasets.images:fashion_mnist",
    ),
}


def check_available(name: str) -> None:
    """Raises :class:`ConfigError` where the files of a data set are missing."""
    if not DATASETS[name].available():
        raise ConfigError(
            "dataset",
            N_(
                "{name} is not on this machine. Put its files where LIVETORCH_DATA points, or choose Digits, which needs no files."
            ),
            name=DATASET_NAMES[name],
        )


def load_dataset(name: str) -> ImageData:
    """Load a data set into memory. Raises :class:`ConfigError` where its files are missing."""
    check_available(name)
    module, function = DATASETS[name].loader.split(":")
    loaded: ImageData = getattr(importlib.import_module(module), function)()
    return loaded
