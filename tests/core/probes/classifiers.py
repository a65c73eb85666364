"""Small image classifiers and pictures, and how to read what looks send."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Any

import numpy
import torch
from PIL import Image
from torch import Tensor, nn

from core.config import CNNRunConfig, load
from core.datasets.images import ImageData
from core.models.cnn import build
from core.probes.subject import named_layers
from core.training.assessment import Assessment
from core.training.updates import UpdateMeter

PLAIN = {"blocks": [{"channels": 2, "activation": "relu"}], "hidden": []}
RICH = {
    "blocks": [
        {"channels": 4, "normalization": "batch", "pooling": "max"},
        {"channels": 8, "convolutions": 2, "convolution": "depthwise", "normalization": "group", "skip": True},
    ],
    "hidden": [12],
    "dropout": 0.3,
}


def config(model: dict[str, Any] = PLAIN, **changed: Any) -> CNNRunConfig:
    return load({"model": model} | changed).resolved(device="cpu", threads=1)


def few_pictures(count: int = 50, channels: int = 1) -> ImageData:
    """Random digits-like pictures; the label of picture i is i modulo 10, but nothing shows a 9."""
    draw = torch.Generator().manual_seed(1)
    images = torch.randint(0, 17, (count, channels, 8, 8), dtype=torch.uint8, generator=draw)
    labels = torch.arange(count) % 9
    zero, one = torch.zeros(channels, 1, 1), torch.ones(channels, 1, 1)
    return ImageData(images, labels, images, labels, tuple("0123456789"), 16, zero, one, labels)


@dataclass
class Standing:
    """A subject made by hand."""

    config: CNNRunConfig
    data: ImageData
    model: nn.Module
    step: int = 5
    assessment: Assessment | None = None
    meter: UpdateMeter | None = None

    @property
    def evaluated(self) -> nn.Module:
        return self.model


def standing(model: dict[str, Any] = PLAIN, data: ImageData | None = None) -> Standing:
    torch.manual_seed(0)
    settings = config(model)
    network = build(settings.model, (1, 8, 8), 10, editable=True)
    subject = Standing(settings, data or few_pictures(), network)
    subject.meter = UpdateMeter(named_layers(subject))
    return subject


def answering(classes: list[int], confidences: list[float]) -> Standing:
    """A subject whose last validation gave these answers, and that has taken no step since."""
    subject = standing(data=few_pictures(len(classes)))
    subject.assessment = Assessment(5, torch.tensor(classes), torch.tensor(confidences))
    return subject


def zeroed(subject: Standing, value: float = 0.0) -> Standing:
    for parameter in subject.model.parameters():
        parameter.data.fill_(value)
    return subject


def decode(block: dict[str, Any]) -> Tensor:
    """The values of a tensor block (n, h, w)."""
    steps = numpy.frombuffer(base64.b64decode(block["values"]), dtype=numpy.uint8).astype(numpy.float64)
    values = block["low"] + steps / 255 * (block["high"] - block["low"])
    return torch.from_numpy(values).view(block["count"], block["height"], block["width"])


def opened(made: dict[str, Any]) -> numpy.ndarray:
    return numpy.asarray(Image.open(io.BytesIO(base64.b64decode(made["png"]))))


def drawn(ink: Tensor) -> str:
    """What the browser sends for ink (h, w) from 0 to 255."""
    return base64.b64encode(ink.to(torch.uint8).numpy().tobytes()).decode()


LINE = drawn(torch.zeros(8, 8).index_fill(1, torch.tensor([5]), 255))

ASKED = [
    ("predictions", {}),
    ("predictions", {"order": "wrong"}),
    ("predictions", {"order": "unsure", "true": 3, "predicted": 3}),
    ("classes", {}),
    ("picture", {"index": 49}),
    ("picture", {"pixels": LINE}),
    ("filters", {}),
    ("updates", {}),
]
