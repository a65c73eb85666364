"""A convolutional network of the CNN page with pictures of its data."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from core.probes.arguments import one_of, whole
from core.probes.inside import Inside
from core.probes.subject import ImageSubject
from core.training.losses import LOSSES

PARTS = ("network",)


def inside(subject: ImageSubject, part: str, example: int, count: int, split: str) -> Inside:
    """See :func:`core.probes.inside.inside`. The network is the one that is trained, not its running average."""
    one_of("part", part or PARTS[0], PARTS)
    data, config = subject.data, subject.config
    pictures, labels = (
        (data.validation_images, data.validation_labels)
        if split == "validation"
        else (data.train_images, data.train_labels)
    )
    first = whole("example", example, 0, len(pictures) - 1)
    chosen = slice(first, first + whole("count", count, 1, 1024))
    target = labels[chosen].to(config.device)

    def loss_of(logits: Tensor) -> Tensor:
        return LOSSES[config.loss.name](logits.float(), target, config.loss.label_smoothing)

    trained: nn.Module = getattr(subject, "model", subject.evaluated)
    inputs = data.normalised(pictures[chosen].to(config.device))
    return Inside(
        model=trained,
        inputs=inputs.contiguous(memory_format=torch.channels_last),
        target=target,
        loss_of=loss_of,
        parts=PARTS,
        part=PARTS[0],
        outputs=tuple(data.classes),
        kind="picture",
        names=tuple(data.classes[label] for label in labels[chosen].tolist()),
        examples=len(pictures),
        picture=pictures[chosen],
    )
