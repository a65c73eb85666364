"""The playground's points: each function draws (count, 2) points and (count,) targets from a generator of its own.

The formulas are those of TensorFlow Playground (Smilkov et al., 2017; dataset.ts), moons are those of scikit-learn. In
circles and exclusive or, noise moves a point only while its class is decided, as it does there. The standalone script
is given the source of these functions, so each uses nothing but torch, math and :func:`uniform`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

Points = tuple[Tensor, Tensor]


def uniform(low: float, high: float, shape: tuple[int, ...], draw: torch.Generator) -> Tensor:
    """Numbers drawn evenly from ``low`` to ``high``."""
    return low + (high - low) * torch.rand(shape, generator=draw)


def circles(count: int, noise: float, draw: torch.Generator) -> Points:
    """A disc of class 1 in a ring of class 0."""
    radius = torch.cat([uniform(0.0, 2.5, (count // 2,), draw), uniform(3.5, 5.0, (count - count // 2,), draw)])
    angle = uniform(0.0, 2 * math.pi, (count,), draw)
    points = torch.stack([radius * angle.sin(), radius * angle.cos()], 1)
    moved = points + noise * uniform(-5.0, 5.0, (count, 2), draw)
    return points, (moved.square().sum(1).sqrt() < 2.5).float()


def xor(count: int, noise: float, draw: torch.Generator) -> Points:
    """Four squares; class 1 where both coordinates have the same sign."""
    points = uniform(-5.0, 5.0, (count, 2), draw)
    points = points + torch.where(points > 0, 0.3, -0.3)  # a gap along the axes
    moved = points + noise * uniform(-5.0, 5.0, (count, 2), draw)
    return points, (moved[:, 0] * moved[:, 1] >= 0).float()


def gaussians(count: int, noise: float, draw: torch.Generator) -> Points:
    """A cloud of class 1 around (2, 2), one of class 0 around (-2, -2); noise 0-0.5 is a variance of 0.5-4."""
    targets = (torch.arange(count) < count // 2).float()
    spread = math.sqrt(0.5 + noise * 7)
    points = (4 * targets - 2)[:, None] + spread * torch.randn((count, 2), generator=draw)
    return points.clamp(-6.0, 6.0), targets


def spiral(count: int, noise: float, draw: torch.Generator, arms: int = 2) -> Points:
    """As many arms as classes, each of 1.75 turns."""
    arm = torch.arange(count) % arms
    along = (torch.arange(count) // arms) / -(-count // arms)  # share of the way from the centre
    angle = 1.75 * along * 2 * math.pi + arm * 2 * math.pi / arms
    points = 5 * along[:, None] * torch.stack([angle.sin(), angle.cos()], 1)
    return points + noise * uniform(-1.0, 1.0, (count, 2), draw), (arms - 1 - arm).float()


def moons(count: int, noise: float, draw: torch.Generator) -> Points:
    """Two half circles that reach into one another."""
    targets = (torch.arange(count) % 2).float()
    angle = uniform(0.0, math.pi, (count,), draw)
    upper = torch.stack([angle.cos() - 0.5, angle.sin() - 0.25], 1)
    lower = torch.stack([0.5 - angle.cos(), 0.25 - angle.sin()], 1)
    points = 3 * torch.where(targets[:, None] > 0, lower, upper)
    return points + noise * uniform(-2.0, 2.0, (count, 2), draw), targets


def plane(count: int, noise: float, draw: torch.Generator) -> Points:
    """Regression: a slope, (x1 + x2) / 10."""
    points = uniform(-6.0, 6.0, (count, 2), draw)
    moved = points + noise * uniform(-6.0, 6.0, (count, 2), draw)
    return points, moved.sum(1) / 10


def multi_gauss(count: int, noise: float, draw: torch.Generator) -> Points:
    """Regression: three hills and three hollows of radius 2, in two rows."""
    points = uniform(-6.0, 6.0, (count, 2), draw)
    moved = points + noise * uniform(-6.0, 6.0, (count, 2), draw)
    centres = torch.tensor([[-4, 2.5], [0, 2.5], [4, 2.5], [-4, -2.5], [0, -2.5], [4, -2.5]])
    signs = torch.tensor([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    heights = (1 - (moved[:, None] - centres).square().sum(2).sqrt() / 2).clamp(min=0)  # (count, 6)
    height, nearest = heights.max(1)
    return points, signs[nearest] * height


GENERATORS: dict[str, Callable[..., Points]] = {
    "circles": circles,
    "xor": xor,
    "gaussians": gaussians,
    "spiral": spiral,
    "moons": moons,
    "plane": plane,
    "multi_gauss": multi_gauss,
}
