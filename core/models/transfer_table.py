"""What a run of the transfer page will train, asked by the page before it starts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import torch

from core.backbones.load import load_backbone
from core.backbones.registry import BACKBONES
from core.config import load_as
from core.config.transfer import TransferRunConfig
from core.errors import ConfigError
from core.i18n import N_
from core.models.transfer import make_head
from core.training.transfer_data import load_transfer

MOST_AT_ONCE = 64 * 224 * 224  # pixels of a batch that goes through a backbone that learns


def network_table(values: dict[str, Any]) -> dict[str, Any]:
    """Sizes of the split and of what learns, JSON-ready. Raises :class:`ConfigError` for a run that cannot be."""
    config = load_as(TransferRunConfig, values)
    spec = BACKBONES[config.backbone]
    if config.pretrained and config.mode != "scratch" and not spec.available():
        from core.backbones.load import missing

        raise missing(spec)
    _check_batch(config, spec.side)
    data = load_transfer(config)
    stages = _stages(config.backbone)
    learning = (
        0 if config.mode == "head" else len(stages) if config.mode == "scratch" else min(config.blocks, len(stages))
    )
    with torch.device("meta"):
        head = make_head(config.model, spec.features, len(data.classes))
    return {
        "classes": list(data.classes),
        "train": [int((data.labels[data.train] == number).sum()) for number in range(len(data.classes))],
        "validation": [int((data.labels[data.validation] == number).sum()) for number in range(len(data.classes))],
        "features": spec.features,
        "side": spec.side,
        "head": sum(value.numel() for value in head.parameters()),
        "learning": sum(stages[:learning]),
        "backbone": sum(stages),
        "blocks": len(stages),
    }


def _check_batch(config: TransferRunConfig, side: int) -> None:
    """A backbone that learns keeps what every layer made of every picture of the batch."""
    if config.mode == "head" or config.batch_size * side**2 <= MOST_AT_ONCE:
        return
    raise ConfigError(
        "batch_size",
        N_("{batch} pictures of {side} pixels a side are too many at once for a backbone that learns; take up to {most}."),
        batch=config.batch_size, side=side, most=MOST_AT_ONCE // side**2,
    )  # fmt: skip


@lru_cache(maxsize=32)
def _stages(name: str) -> tuple[int, ...]:
    """Parameters of each stage of a backbone, from the output to the input."""
    with torch.device("meta"):
        return tuple(sum(value.numel() for value in stage) for stage in load_backbone(name, pretrained=False).stages())
