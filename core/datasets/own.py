"""A visitor's own pictures as a data set: a labelled set by its fingerprint, cut to small squares. Importing loads no torch."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from core.config import CNNRunConfig
from core.config.cnn import OWN
from core.datasets import DatasetSpec
from core.errors import ConfigError, LiveTorchError
from core.i18n import N_
from core.pictures.builtin import PER_SHAPE, SHAPE_CLASSES

if TYPE_CHECKING:
    from torch import Tensor

    from core.datasets.images import ImageData

SHARE, SEED = 0.2, 0  # of each class that validates, and of what decides which
SOURCE = N_("Your own pictures, each cut to the square in its middle.")
SOURCE_SHAPES = N_("Shapes drawn by formula, to begin with.")


def own_spec(config: CNNRunConfig) -> DatasetSpec:
    """What can be said of the pictures before they are loaded; of a set that is gone, that it is not available."""
    shape = (3, config.side, config.side)
    try:
        classes, train, validation = _sizes(config.pictures)
        there = True
    except LiveTorchError:
        classes, train, validation, there = ("?", "??"), 1, 1, False
    source = SOURCE if config.pictures else SOURCE_SHAPES
    return DatasetSpec(OWN, shape, classes, train, validation, source, lambda: there, "core.datasets.own:own_pictures")


@lru_cache(maxsize=64)
def _sizes(fingerprint: str) -> tuple[tuple[str, ...], int, int]:
    """Classes, pictures to train on and to check on. A set never changes under its fingerprint."""
    from core.pictures.sets import read_set
    from core.pictures.split import split

    if not fingerprint:
        held = round(SHARE * PER_SHAPE) * len(SHAPE_CLASSES)
        return tuple(sorted(SHAPE_CLASSES)), PER_SHAPE * len(SHAPE_CLASSES) - held, held
    one = read_set(fingerprint)
    parts = split(one, SHARE, SEED)
    return one.classes, len(parts.train), len(parts.validation)


def own_pictures(config: CNNRunConfig) -> ImageData:
    """The pictures of the set, (N, 3, side, side). Raises :class:`ConfigError` where one of them is gone."""
    from dataclasses import replace

    import torch

    from core.datasets.images import _image_data
    from core.pictures.split import set_of, split

    try:
        one = set_of(config.pictures)
        parts = split(one, SHARE, SEED)
        images = torch.stack([small(sha, config.side) for sha, _label in one.pictures])
    except LiveTorchError as error:
        raise ConfigError("pictures", error.template, **error.values) from error
    labels = torch.tensor([label for _sha, label in one.pictures])
    train, validation = torch.tensor(parts.train), torch.tensor(parts.validation)
    data = _image_data(images[train], labels[train], images[validation], labels[validation], one.classes)
    return replace(data, std=data.std.clamp_min(1.0))  # pictures of a single colour have none


def small(sha: str, side: int) -> Tensor:
    """The square in the middle of a kept picture, (3, side, side) uint8, made from its thumbnail where it has one."""
    import numpy as np
    import torch
    from PIL import Image, ImageOps

    from core.pictures.files import thumbnail_of

    with Image.open(thumbnail_of(sha)) as opened:
        square = ImageOps.fit(opened.convert("RGB"), (side, side))
    return torch.from_numpy(np.asarray(square).copy()).permute(2, 0, 1).contiguous()
