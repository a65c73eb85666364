"""What is done to a data set before training: split, thin out, disturb labels. The same for every seed."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from core.config import DataConfig
from core.datasets import NOISE_SEED, SHUFFLE_SEED, held_and_kept
from core.datasets.images import ImageData


def prepare(data: ImageData, config: DataConfig) -> ImageData:
    """``data`` as ``config`` wants it; parts that it leaves alone are the same tensors, not copies.

    Mean and deviation stay those of the whole training part, so that runs with fewer pictures see the same values.
    """
    return _noisy(_split(data, config), config.label_noise)


def _split(data: ImageData, config: DataConfig) -> ImageData:
    """Holds out the end of a fixed shuffle of the training part; trains on the beginning of the rest."""
    if config.validation_share == 0 and config.train_share == 1:
        return data
    count = len(data.train_images)
    held, kept = held_and_kept(count, config)
    order = torch.randperm(count, generator=torch.Generator().manual_seed(SHUFFLE_SEED))
    rest, held_out = order[: count - held], order[count - held :]
    if held:
        images, labels = data.train_images[held_out], data.train_labels[held_out]
        data = replace(data, validation_images=images, validation_labels=labels)
    images, labels = data.train_images[rest[:kept]], data.train_labels[rest[:kept]]
    return replace(data, train_images=images, train_labels=labels, true_labels=labels)


def _noisy(data: ImageData, share: float) -> ImageData:
    if share == 0:
        return data
    count = round(share * len(data.train_labels))
    return replace(data, train_labels=wrong_labels(data.train_labels, count, len(data.classes)))


def wrong_labels(labels: Tensor, count: int, classes: int) -> Tensor:
    """A copy of ``labels`` (N,) in which ``count``, chosen at random, name another class, each other one as likely."""
    draw = torch.Generator().manual_seed(NOISE_SEED)
    chosen = torch.randperm(len(labels), generator=draw)[:count]
    labels = labels.clone()
    labels[chosen] = (labels[chosen] + torch.randint(1, classes, (count,), generator=draw)) % classes
    return labels
