"""Views of pictures differ in cut, turn, light, colour and sharpness."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from core.models.formula import MEAN, STD

LEAST_AREA = 0.2  # of the picture that a view shows
COLOUR = 0.4  # strength of changes of light and colour
GREY = 0.04  # part of the views without colour
BLURRED = 3  # every third view is blurred


def seen(images: Tensor, draws: torch.Generator) -> Tensor:
    """Pictures (B, 3, S, S) of 0 to 1, put together by formula -> normalised, in other light, colours and sharpness."""
    grain = 0.03 * torch.rand(len(images), 1, 1, 1, generator=draws)
    noise = torch.randn(images.shape[0], 1, *images.shape[2:], generator=draws)
    return normalised((_blurred(_lit(images, draws), draws) + grain * noise).clamp(0, 1))


def normalised(images: Tensor) -> Tensor:
    """(B, 3, H, W) of values 0 to 1 -> as the network reads them, channels last in memory."""
    mean, std = (torch.tensor(values, device=images.device).view(1, 3, 1, 1) for values in (MEAN, STD))
    return ((images - mean) / std).contiguous(memory_format=torch.channels_last)


def cut(images: Tensor, side: int, draws: torch.Generator) -> Tensor:
    """A part of each picture, turned by up to 30 degrees, mirrored or not."""
    count = len(images)

    def random() -> Tensor:
        return torch.rand(count, generator=draws)

    area, ratio = LEAST_AREA + (1 - LEAST_AREA) * random(), torch.exp((2 * random() - 1) * math.log(4 / 3))
    width, height = (area * ratio).sqrt().clamp(max=1), (area / ratio).sqrt().clamp(max=1)
    x, y = (2 * random() - 1) * (1 - width), (2 * random() - 1) * (1 - height)
    mirror, turn = torch.where(random() < 0.5, -1.0, 1.0), (2 * random() - 1) * math.pi / 6
    c, s = turn.cos(), turn.sin()
    first = torch.stack([width * c * mirror, -width * s, x], 1)
    second = torch.stack([height * s * mirror, height * c, y], 1)
    grid = affine_grid(torch.stack([first, second], 1), side)
    return functional.grid_sample(images, grid, mode="bilinear", padding_mode="reflection", align_corners=False)


def affine_grid(maps: Tensor, side: int) -> Tensor:
    """As torch's own with ``align_corners=False`` for maps (N, 2, 3), some ten times as fast: (N, side, side, 2)."""
    ticks = (torch.arange(side) * 2 + 1) / side - 1
    across, down = (maps[:, None, :, way] * ticks[:, None] for way in (0, 1))
    return across[:, None] + (down + maps[:, None, :, 2])[:, :, None]


def _lit(images: Tensor, draws: torch.Generator) -> Tensor:
    """Other contrast, brightness, saturation and tint."""
    count = len(images)

    def factor() -> Tensor:
        return 1 + 0.4 * COLOUR * (2 * torch.rand(count, 1, 1, 1, generator=draws) - 1)

    mean = images.mean((1, 2, 3), keepdim=True)
    images = (images - mean) * factor() + mean * factor()
    grey, saturation = images.mean(1, keepdim=True), factor()
    saturation = saturation * (torch.rand(count, 1, 1, 1, generator=draws) >= GREY)
    tint = 1 + 0.1 * COLOUR * torch.randn(count, 3, 1, 1, generator=draws)
    return ((images - grey) * saturation + grey) * tint


def _blurred(images: Tensor, draws: torch.Generator) -> Tensor:
    """Some, by chance, are blurred by Gauss's bell of 0.5 to 1.7 pixels."""
    count, side = len(images) // BLURRED, images.shape[-1]
    rows = torch.randperm(len(images), generator=draws)[:count]
    sigma = 0.5 + 1.2 * torch.rand(count, 1, generator=draws)
    bell = torch.exp(-0.5 * (torch.arange(-3.0, 4.0)[None] / sigma) ** 2)
    bell = (bell / bell.sum(1, keepdim=True)).repeat_interleave(3, 0)
    part = images[rows].reshape(1, count * 3, side, side)
    for shape, padding in (((7, 1), (0, 0, 3, 3)), ((1, 7), (3, 3, 0, 0))):
        kernel = bell.view(count * 3, 1, *shape)
        part = functional.conv2d(functional.pad(part, padding, mode="reflect"), kernel, groups=count * 3)
    return images.index_copy(0, rows, part.reshape(count, 3, side, side))


def histogram(images: Tensor, levels: int = 4) -> Tensor:
    """Normalised (B, 3, H, W) -> (B, levels ** 3): roots of how often each colour is seen, standardised over the batch."""
    mean, std = (torch.tensor(values, device=images.device).view(1, 3, 1, 1) for values in (MEAN, STD))
    steps = ((images * std + mean) * levels).long().clamp(0, levels - 1)
    colours = ((steps[:, 0] * levels + steps[:, 1]) * levels + steps[:, 2]).flatten(1)
    counts = torch.zeros(len(images), levels**3, device=images.device)
    counts.scatter_add_(1, colours, torch.ones_like(colours, dtype=counts.dtype))
    roots = (counts / colours.shape[1]).sqrt()
    return (roots - roots.mean(0)) / (roots.std(0) + 0.02)
