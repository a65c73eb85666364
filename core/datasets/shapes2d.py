"""Points of the plane that a generator is to imitate: each function draws ``count`` of them, (count, 2) float32.

``draw`` is a CPU generator, so that a GPU sees the same points. Every function stands for itself, because the
exported script holds the one it uses, word for word.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Generator, Tensor

from core.config.gan import GANRunConfig


def line(count: int, spread: float, draw: Generator) -> Tensor:
    """Along a sloping line."""
    t = torch.rand(count, generator=draw) * 2 - 1
    return torch.stack([t, 0.6 * t], 1) + spread * torch.randn(count, 2, generator=draw)


def ring(count: int, spread: float, draw: Generator) -> Tensor:
    """Eight modes on the unit circle."""
    angle = torch.randint(0, 8, (count,), generator=draw) * (2 * math.pi / 8)
    return torch.stack([angle.cos(), angle.sin()], 1) + spread * torch.randn(count, 2, generator=draw)


def grid(count: int, spread: float, draw: Generator) -> Tensor:
    """Twenty-five modes, half a unit apart."""
    place = torch.randint(0, 5, (count, 2), generator=draw)
    return (place - 2) * 0.5 + spread * torch.randn(count, 2, generator=draw)


def spiral(count: int, spread: float, draw: Generator) -> Tensor:
    """Along an arm that turns one and a half times, equally many points for each piece of its length."""
    t = torch.rand(count, generator=draw).sqrt()
    angle = 3 * math.pi * t
    return t[:, None] * torch.stack([angle.cos(), angle.sin()], 1) + spread * torch.randn(count, 2, generator=draw)


def disjoint(count: int, spread: float, draw: Generator) -> Tensor:
    """Two upright strokes with nothing between them."""
    x = torch.randint(0, 2, (count,), generator=draw) * 1.6 - 0.8
    y = torch.rand(count, generator=draw) * 1.2 - 0.6
    return torch.stack([x, y], 1) + spread * torch.randn(count, 2, generator=draw)


def drawn(count: int, spread: float, draw: Generator, points: Sequence[Sequence[float]]) -> Tensor:
    """Around points that were put down by hand."""
    place = torch.randint(0, len(points), (count,), generator=draw)
    return torch.tensor(points)[place] + spread * torch.randn(count, 2, generator=draw)


SHAPES: dict[str, Callable[[int, float, Generator], Tensor]] = {
    "line": line,
    "ring": ring,
    "grid": grid,
    "spiral": spiral,
    "disjoint": disjoint,
}


def sample(config: GANRunConfig, count: int, draw: Generator) -> Tensor:
    """``count`` real points of ``config``, (count, 2) float32 on the CPU."""
    if config.dataset == "drawn":
        return drawn(count, config.data.spread, draw, config.data.points)
    return SHAPES[config.dataset](count, config.data.spread, draw)


def centres(dataset: str) -> Tensor | None:
    """The middle of every mode, (modes, 2) float32; nothing where there are no modes to count."""
    if dataset == "ring":
        angle = torch.arange(8) * (2 * math.pi / 8)
        return torch.stack([angle.cos(), angle.sin()], 1)
    if dataset == "grid":
        side = torch.arange(-2, 3) * 0.5
        return torch.cartesian_prod(side, side)
    return None
