"""Disturbs a batch where it lies (CPU or GPU), every picture in its own way, anew each time it is seen."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

SHARE = 10  # a picture is shifted by up to its side / SHARE


def shift(images: Tensor) -> Tensor:
    """Moves each of ``images`` (B, C, H, W) by up to a tenth of its side each way; what comes in is 0, the darkest."""
    count, _channels, height, width = images.shape
    most = max(1, min(height, width) // SHARE)
    padded = F.pad(images, (most, most, most, most))
    down, right = torch.randint(0, 2 * most + 1, (2, count, 1), device=images.device)
    rows = down + torch.arange(height, device=images.device)  # (B, H)
    columns = right + torch.arange(width, device=images.device)  # (B, W)
    pictures = torch.arange(count, device=images.device)[:, None, None]
    return padded.permute(0, 2, 3, 1)[pictures, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def flip(images: Tensor) -> Tensor:
    """Turns half of ``images`` (B, C, H, W), drawn at random, left to right."""
    turned = torch.rand(len(images), device=images.device) < 0.5
    return torch.where(turned[:, None, None, None], images.flip(3), images)


def augment(images: Tensor, name: str) -> Tensor:
    """``images`` (B, C, H, W) disturbed as ``name`` of :data:`core.config.AUGMENTATIONS` says."""
    if name == "none":
        return images
    images = shift(images)
    return flip(images) if name == "shift_flip" else images
