"""A tiny backbone in torchvision's registry, and small labelled pictures, so that no weights are needed."""

from __future__ import annotations

import io
import random
from typing import Any

import torch
from PIL import Image
from torch import Tensor, nn
from torchvision.models._api import BUILTIN_MODELS, Weights, WeightsEnum, register_model

from core.backbones.registry import BACKBONES
from core.backbones.spec import BackboneSpec
from core.config import transfer as transfer_config
from core.config.transfer import TransferRunConfig
from core.pictures import files
from core.pictures.sets import PictureSet, keep_set

NAME, SIDE, FEATURES = "livetorch_tiny", 16, 12


class Tiny(nn.Module):
    """Two convolutions with batch norm, a mean over the picture, and a layer of names that is taken off."""

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.norm_one = nn.BatchNorm2d(8)
        self.two = nn.Conv2d(8, FEATURES, 3, stride=2, padding=1)
        self.norm_two = nn.BatchNorm2d(FEATURES)
        self.fc = nn.Linear(FEATURES, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.norm_one(self.one(x)))
        x = torch.relu(self.norm_two(self.two(x)))
        return self.fc(x.mean((2, 3)))


class TinyWeights(WeightsEnum):
    """Nobody publishes any."""

    DEFAULT = Weights(url="", transforms=lambda: None, meta={"categories": list("abcde")})


def tiny(*, weights: TinyWeights | None = None, **_more: Any) -> Tiny:
    return Tiny()


tiny.__annotations__ = {"weights": TinyWeights, "return": Tiny}  # torchvision reads the class itself


SPEC = BackboneSpec(
    NAME, "Tiny", "tiny-00000000.pth", 0.01, 1000, FEATURES, "fc", (("two", "norm_two"), ("one", "norm_one")),
    resize=18, side=SIDE, least=8,
)  # fmt: skip


def put_in(monkeypatch: Any, home: Any) -> None:
    """Register the backbone, and keep everything under ``home``."""
    monkeypatch.setenv("LIVETORCH_HOME", str(home))
    if NAME not in BUILTIN_MODELS:
        register_model(NAME)(tiny)
    monkeypatch.setitem(BACKBONES, NAME, SPEC)
    monkeypatch.setitem(transfer_config.BACKBONES, NAME, "Tiny")


def picture(colour: tuple[int, int, int], seed: int, side: int = 24) -> str:
    """Keep a noisy picture of one colour; its fingerprint."""
    rng = random.Random(seed)
    noise = bytes(min(255, max(0, one + rng.randint(-40, 40))) for _pixel in range(side * side) for one in colour)
    file = io.BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(file, "PNG")
    return files.keep(file.getvalue())


COLOURS = {"blue": (40, 60, 200), "green": (40, 180, 60), "red": (200, 50, 50)}


def some_set(count: int = 8, classes: tuple[str, ...] = ("blue", "red")) -> PictureSet:
    """``count`` pictures of each colour, which a mean colour tells apart."""
    pictures = [
        (picture(COLOURS[name], 100 * label + number), label)
        for number in range(count)
        for label, name in enumerate(classes)
    ]
    return PictureSet("Colours", classes, tuple(pictures))


def config(fingerprint: str, **changed: Any) -> TransferRunConfig:
    """A short run on the tiny backbone with random weights, resolved."""
    from core.config import load_as

    values = {
        "page": "transfer",
        "pictures": fingerprint,
        "backbone": NAME,
        "pretrained": False,
        "epochs": 3,
        "batch_size": 4,
    }
    made = load_as(TransferRunConfig, values | changed)
    return made.resolved(device="cpu", threads=1)


def kept(count: int = 8, classes: tuple[str, ...] = ("blue", "red")) -> str:
    """The fingerprint of :func:`some_set`."""
    return keep_set(some_set(count, classes))
