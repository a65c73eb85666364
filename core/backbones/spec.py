"""What can be said about a backbone before it is loaded, and where its weights lie. No torch."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.datasets import home

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "assets" / "backbones"  # weights that come with LiveTorch
URL = "https://download.pytorch.org/models/"
Stages = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class BackboneSpec:
    """One backbone. A picture's shorter side becomes ``resize``, its middle of ``side`` x ``side`` pixels is read.

    ``head``: the layer that names ImageNet's classes; without it the network puts out ``features`` numbers.
    ``stages``: names (or beginnings of names, up to a dot) of parameters that are unfrozen together, from the output
    to the input; together they are all parameters but the head's.
    """

    name: str  # torchvision's, too
    title: str
    file: str  # of the weights; in its name stands the beginning of its SHA-256
    megabytes: float  # of that file, 2**20 bytes each, as torchvision says
    parameters: int  # with the head
    features: int
    head: str
    stages: Stages
    resize: int = 256
    side: int = 224
    least: int = 1  # pixels a side below which it cannot work
    bicubic: bool = False
    top1: float = 0.0  # percent of ImageNet's validation pictures named right, as torchvision says
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD
    shipped: bool = False  # comes with LiveTorch, needs no download, knows no names of things

    @property
    def url(self) -> str:
        """Where the weights are published; empty for those that come with LiveTorch."""
        return "" if self.shipped else URL + self.file

    @property
    def sha256(self) -> str:
        """The first digits of the SHA-256 of the published file."""
        return "" if self.shipped else self.file.rsplit(".", 1)[0].rsplit("-", 1)[-1]

    @property
    def size(self) -> int:
        """About so many bytes are fetched."""
        return round(self.megabytes * 2**20)

    @property
    def blocks(self) -> int:
        """How many stages can be unfrozen, one after another."""
        return len(self.stages)

    @property
    def names_things(self) -> bool:
        """Whether it tells ImageNet's 1,000 classes apart."""
        return not self.shipped

    def weights(self) -> Path | None:
        """The file with its weights, where there is one; looked for anew each time, so a finished download is seen."""
        return next((path for path in self.places() if path.is_file()), None)

    def places(self) -> Iterable[Path]:
        """Where the weights may lie, ours first."""
        return [SHIPPED / self.file] if self.shipped else [folder / self.file for folder in checkpoint_folders()]

    def available(self) -> bool:
        """Whether its weights are on this machine."""
        return self.weights() is not None


def own_checkpoints() -> Path:
    """Where downloaded weights are kept, as torch.hub would keep them."""
    return home() / "hub" / "checkpoints"


def checkpoint_folders() -> list[Path]:
    """Folders searched for weights: LiveTorch's own, then torch.hub's (``TORCH_HOME``, else its usual cache)."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    torch_home = Path(os.environ.get("TORCH_HOME") or cache / "torch")
    return [own_checkpoints(), torch_home / "hub" / "checkpoints"]
