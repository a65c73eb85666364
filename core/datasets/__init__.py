"""Data sets by name. Importing this loads neither torch nor scikit-learn; loaders do, in the worker."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import DATASETS as DATASET_NAMES
from core.config import CNNRunConfig, DataConfig
from core.datasets.sources import CIFAR_FILES, CIFAR_FOLDER, IDX_FILES, SOURCES
from core.errors import ConfigError
from core.i18n import N_

if TYPE_CHECKING:
    from core.datasets.images import ImageData

DIGITS = tuple("0123456789")
CLOTHES = ("T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
SYLLABLES = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
THINGS = ("Airplane", "Automobile", "Bird", "Cat", "Deer", "Dog", "Frog", "Horse", "Ship", "Truck")
SHUFFLE_SEED, NOISE_SEED = 0, 1  # of the fixed shuffle behind every split, and of the wrong labels


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


def find_cifar_root() -> Path | None:
    """The first data root that holds the unpacked files of CIFAR-10."""
    for root in data_roots():
        if all((root / CIFAR_FOLDER / name).is_file() for name in CIFAR_FILES):
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
    available: Callable[[], bool]  # looks for the files anew each time, so a finished download is seen
    loader: str  # "module:function"

    @property
    def download_mb(self) -> int:
        """MB to fetch where the files are missing; 0 for a data set that needs none."""
        return round(SOURCES[self.name].size / 2**20) if self.name in SOURCES else 0


def _idx_spec(name: str, folder: str, classes: tuple[str, ...], source: str) -> DatasetSpec:
    """A data set in MNIST's format."""
    there = partial(_is_there, folder)
    return DatasetSpec(name, (1, 28, 28), classes, 60_000, 10_000, source, there, f"core.datasets.images:{name}")


def _is_there(folder: str) -> bool:
    return find_root(folder) is not None


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
    "mnist": _idx_spec("mnist", "MNIST", DIGITS, N_("Handwritten digits by LeCun, Cortes and Burges.")),
    "fashion_mnist": _idx_spec(
        "fashion_mnist", "FashionMNIST", CLOTHES, N_("Pictures of clothes by Zalando Research.")
    ),
    "kmnist": _idx_spec("kmnist", "KMNIST", SYLLABLES, N_("Handwritten Japanese syllables by ROIS-CODH.")),
    "cifar10": DatasetSpec(
        "cifar10",
        (3, 32, 32),
        THINGS,
        50_000,
        10_000,
        N_("Small colour photos collected by Krizhevsky, Nair and Hinton."),
        lambda: find_cifar_root() is not None,
        "core.datasets.images:cifar10",
    ),
}


def spec_of(config: CNNRunConfig) -> DatasetSpec:
    """What can be said about the pictures of a run before they are loaded."""
    if config.dataset in DATASETS:
        return DATASETS[config.dataset]
    from core.datasets.own import own_spec

    return own_spec(config)


def held_and_kept(count: int, data: DataConfig) -> tuple[int, int]:
    """Of ``count`` training pictures: how many are held out for validation, and how many of the rest are trained on."""
    held = max(1, round(data.validation_share * count)) if data.validation_share else 0
    return held, max(1, round(data.train_share * (count - held)))


def sizes(config: CNNRunConfig) -> tuple[int, int]:
    """Training and validation pictures of a run of ``config``, told without loading them."""
    spec = spec_of(config)
    held, kept = held_and_kept(spec.train_size, config.data)
    return kept, held or spec.validation_size


def check_available(name: str) -> None:
    """Raises :class:`ConfigError` where the files of a data set are missing."""
    if not DATASETS[name].available():
        raise ConfigError(
            "dataset",
            N_(
                "{name} is not on this machine. Download it in Data, put its files where LIVETORCH_DATA points, or choose Digits, which needs no files."
            ),
            name=DATASET_NAMES[name],
        )


def load_dataset(name: str) -> ImageData:
    """The whole data set with its own split. Raises :class:`ConfigError` where its files are missing or damaged."""
    check_available(name)
    module, function = DATASETS[name].loader.split(":")
    loaded: ImageData = getattr(importlib.import_module(module), function)()
    return loaded


def load_data(config: CNNRunConfig) -> ImageData:
    """The pictures a run of ``config`` works with: loaded, split, thinned out and with label noise.

    Depends on ``config.dataset``, ``config.data`` and, for own pictures, on which and how large they are. Raises :class:`ConfigError` as :func:`load_dataset` does.
    """
    from core.datasets.prepare import prepare

    if config.dataset in DATASETS:
        return prepare(load_dataset(config.dataset), config.data)
    from core.datasets.own import own_pictures

    return prepare(own_pictures(config), config.data)
