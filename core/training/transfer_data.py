"""The pictures of a run of the transfer page: which there are, which are held back, and their pixels where they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.backbones.prepare import middle, normalised
from core.backbones.registry import BACKBONES
from core.backbones.spec import BackboneSpec
from core.config.transfer import TransferRunConfig
from core.errors import ConfigError, NotFoundError
from core.i18n import N_
from core.pictures import files
from core.pictures.sets import PictureSet
from core.pictures.split import set_of, split

KEPT_PIXELS = 256  # pictures kept in memory once they were read, where they are only looked at; 150 kB each


@dataclass
class TransferData:
    """Labelled pictures with their split. Positions are those in the set."""

    set: PictureSet
    spec: BackboneSpec
    labels: Tensor  # (N,) int64
    train: Tensor  # (n,) int64, positions
    validation: Tensor  # (m,) int64, positions
    keeps: int = KEPT_PIXELS  # pictures of which the pixels are kept in memory
    _pixels: dict[int, Tensor] = field(default_factory=dict, repr=False)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of the network's outputs."""
        return self.set.classes

    @property
    def shas(self) -> list[str]:
        """Fingerprints of all pictures."""
        return [sha for sha, _label in self.set.pictures]

    def part(self, name: str) -> Tensor:
        """The positions of ``train`` or ``validation``."""
        return self.train if name == "train" else self.validation

    def stored(self, positions: Sequence[int]) -> Tensor:
        """The middle of each picture as people can look at it, (n, 3, side, side) uint8.

        Raises :class:`NotFoundError` for a picture that is gone.
        """
        found = []
        for position in positions:
            pixels = self._pixels.get(position)
            if pixels is None:
                pixels = middle(self.spec, files.rgb(self.set.pictures[position][0]))
                if len(self._pixels) < self.keeps:
                    self._pixels[position] = pixels
            found.append(pixels)
        side = self.spec.side
        return torch.stack(found) if found else torch.empty(0, 3, side, side, dtype=torch.uint8)

    def normalised(self, pixels: Tensor) -> Tensor:
        """Pictures (n, 3, S, S) uint8 as the backbone reads them."""
        return normalised(self.spec, pixels).contiguous(memory_format=torch.channels_last)


def load_transfer(config: TransferRunConfig) -> TransferData:
    """The pictures of a run of ``config``. Raises :class:`ConfigError` where the set is not here (any more)."""
    try:
        found = set_of(config.pictures)
    except NotFoundError as error:
        raise ConfigError(
            "pictures",
            N_(
                "The pictures of this link are not on this server (any more). Choose pictures of your own, or an album that comes along."
            ),
        ) from error
    parts = split(found, config.data.validation_share, config.data.seed)
    if not parts.validation or len({found.pictures[place][1] for place in parts.train}) < len(found.classes):
        raise ConfigError(
            "pictures",
            N_(
                "After some pictures are held back, a class has none left to learn from; copies of one picture count once. Bring more pictures of it."
            ),
        )
    labels = torch.tensor([label for _sha, label in found.pictures])
    return TransferData(
        found, BACKBONES[config.backbone], labels, torch.tensor(parts.train), torch.tensor(parts.validation)
    )
