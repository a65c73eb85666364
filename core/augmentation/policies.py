"""Ready-made policies done to many pictures: those that are to be rotated by the same angle are rotated together."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.augmentation.draws import Params
from core.augmentation.made import Operation


def policy(module: Any, images: Tensor, drawn: list[Params]) -> Tensor:
    """One chain of operations for each of ``images`` (n, C, H, W)."""
    return _chained(module, images, [params["chains"][0] for params in drawn])


def augmix(module: Any, images: Tensor, drawn: list[Params]) -> Tensor:
    """Each picture mixed with what its chains make of it."""
    weights = torch.stack([params["weights"] for params in drawn]).to(images.device)  # (n, 1 + chains)
    mix = weights[:, 0].view(-1, 1, 1, 1) * images
    for number in range(module.mixture_width):
        made = _chained(module, images, [params["chains"][number] for params in drawn])
        mix.add_(weights[:, 1 + number].view(-1, 1, 1, 1) * made)
    return mix.to(images.dtype)


def _chained(module: Any, images: Tensor, chains: list[list[Operation]]) -> Tensor:
    for place in range(max(map(len, chains))):
        together: dict[Operation, list[int]] = {}
        for number, chain in enumerate(chains):
            if place < len(chain):
                together.setdefault(chain[place], []).append(number)
        changed = images.clone()
        for (name, magnitude), numbers in together.items():
            where = torch.tensor(numbers, device=images.device)
            done = module._apply_image_or_video_transform(images[where], name, magnitude, module.interpolation, module._fill)  # fmt: skip
            changed[where] = done
        images = changed
    return images
