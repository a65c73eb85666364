"""A model of torchvision with pictures as ImageNet's are given to it: the visitor's own, then two that come with scikit-learn."""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import cross_entropy

from core.backbones.prepare import middle, normalised
from core.backbones.registry import ZOO
from core.pictures import files
from core.probes.arguments import one_of, whole
from core.probes.inside import Inside
from core.probes.zoo.subject import ZooSubject

PARTS = ("network",)
PICTURES = ("china.jpg", "flower.jpg")


def inside(subject: ZooSubject, part: str, example: int, count: int, split: str) -> Inside:
    """See :func:`core.probes.inside.inside`. The loss is the cross entropy with the model's own first choice.

    Both splits are the same; examples beyond the last picture begin again with the first.
    """
    one_of("part", part or PARTS[0], PARTS)
    names = examples_of(subject)
    first = whole("example", example, 0, len(names) - 1)
    chosen = [(first + at) % len(names) for at in range(whole("count", count, 1, 1024))]
    pixels = torch.stack([pixels_of(subject, at) for at in chosen])
    inputs = normalised(ZOO[subject.config.name], pixels)
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
        names=tuple(names[at] for at in chosen),
        examples=len(names),
        picture=pixels,
    )


def examples_of(subject: ZooSubject) -> tuple[str, ...]:
    """Names of the pictures there are."""
    return ((subject.title or subject.picture[:8],) if subject.picture else ()) + PICTURES


def pixels_of(subject: ZooSubject, number: int) -> Tensor:
    """Of picture ``number``, the middle that the model reads, (3, side, side) uint8."""
    names = examples_of(subject)
    sample = whole("example", number, 0, len(names) - 1) - (len(names) - len(PICTURES))
    return photograph(subject.config.name, PICTURES[sample] if sample >= 0 else "", subject.picture)


@lru_cache(maxsize=8)
def photograph(model: str, name: str, picture: str = "") -> Tensor:
    """The middle of a photograph of scikit-learn, or of the kept ``picture`` where ``name`` is empty: (3, side, side) uint8."""
    if not name:
        return middle(ZOO[model], files.rgb(picture))
    package = importlib.util.find_spec("sklearn")  # found, not imported, which would take over a second
    assert package is not None and package.origin is not None
    with Image.open(Path(package.origin).parent / "datasets" / "images" / name) as found:
        return middle(ZOO[model], found.convert("RGB"))
