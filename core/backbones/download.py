"""Weights of torchvision's backbones, fetched once by the server into LiveTorch's folder. Loads no torch."""

from __future__ import annotations

from core.backbones.registry import BACKBONES
from core.backbones.spec import URL, BackboneSpec, own_checkpoints
from core.datasets.download import Downloads, Shelf
from core.datasets.sources import Advice, RemoteFile, Source
from core.i18n import N_

ADVICE = Advice(
    N_(
        "The weights of {name} could not be fetched: their server gave no answer ({reason}). Check the network and try again. Without network, the offline backbone (formula pictures) can be taught your own classes, and every network can be tried with random weights."
    ),
    N_(
        "{file} of {name} arrived, but it is not the file that was published (its {sum} sum differs). Nothing was kept. Try again later, or take the offline backbone or random weights, which need no network."
    ),
)
SHELF = Shelf(
    lambda: own_checkpoints().parent,
    lambda name: BACKBONES[name].title,
    lambda name: BACKBONES[name].available(),
)


def source_of(spec: BackboneSpec, mirror: str = URL) -> Source:
    """Where the weights of ``spec`` are published."""
    file = RemoteFile(spec.file, spec.size, sha256=spec.sha256, about=True)
    return Source("checkpoints", (mirror,), (file,), unpacked=0, advice=ADVICE)


_downloads = Downloads({name: source_of(spec) for name, spec in BACKBONES.items() if spec.url}, SHELF)


def weights_downloads() -> Downloads:
    """The downloads of weights of this process."""
    return _downloads
