"""A model of torchvision with two photographs that come with scikit-learn, as ImageNet's pictures are given to it."""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import cross_entropy

from core.models.zoo import ZOO
from core.probes.arguments import one_of, whole
from core.probes.inside import Inside
from core.probes.zoo import ZooSubject

PARTS = ("network",)
PICTURES = ("china.jpg", "flower.jpg")
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, per colour
MARGIN = 256 / 224  # the shorter side before the middle is cut out


def inside(subject: ZooSubject, part: str, example: int, count: int, split: str) -> Inside:
    """See :func:`core.probes.inside.inside`. The loss is the cross entropy with the model's own first choice.

    Both splits are the same; examples beyond the last picture begin again with the first.
    """
    one_of("part", part or PARTS[0], PARTS)
    first = whole("example", example, 0, len(PICTURES) - 1)
    chosen = [(first + at) % len(PICTURES) for at in range(whole("count", count, 1, 1024))]
    pixels = torch.stack([photograph(PICTURES[at], ZOO[subject.config.name].size) for at in chosen])
    inputs = normalised(pixels)
    target = torch.tensor([subject.choice(at, inputs[place : place + 1]) for place, at in enumerate(chosen)])

    def loss_of(logits: Tensor) -> Tensor:
        return cross_entropy(logits, target)

    return Inside(
        model=subject.model,
        inputs=inputs,
        target=target,
        loss_of=loss_of,
        parts=PARTS,
        part=PARTS[0],
        outputs=subject.categories,
        kind="picture",
        names=tuple(PICTURES[at] for at in chosen),
        examples=len(PICTURES),
        picture=pixels,
    )


@lru_cache(maxsize=4)
def photograph(name: str, size: int) -> Tensor:
    """The middle of a photograph of scikit-learn, (3, size, size) uint8."""
    package = importlib.util.find_spec("sklearn")  # found, not imported, which would take over a second
    assert package is not None and package.origin is not None
    with Image.open(Path(package.origin).parent / "datasets" / "images" / name) as found:
        scale = round(size * MARGIN) / min(found.size)
        whole_picture = found.convert("RGB").resize(
            (round(found.width * scale), round(found.height * scale)), Image.Resampling.BILINEAR
        )
    left, top = (whole_picture.width - size) // 2, (whole_picture.height - size) // 2
    middle = whole_picture.crop((left, top, left + size, top + size))
    return torch.frombuffer(bytearray(middle.tobytes()), dtype=torch.uint8).view(size, size, 3).permute(2, 0, 1)


def normalised(pixels: Tensor) -> Tensor:
    """Pictures (B, 3, H, W) uint8 as the models read them: float32, each colour with ImageNet's mean and deviation."""
    mean, deviation = (torch.tensor(values).view(1, 3, 1, 1) for values in (MEAN, DEVIATION))
    return (pixels.float() / 255 - mean) / deviation
