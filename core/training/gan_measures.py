"""Whether a generator works, in numbers: divergences on a grid of cells, modes covered, classes present.

The first three functions stand for themselves, because the exported script holds them, word for word.
"""

from __future__ import annotations

import torch
from torch import Tensor

EXTENT, CELLS = 1.6, 24  # the plane reaches from -1.6 to 1.6 and is counted in 24 x 24 cells
REFERENCE = 20_000  # real points that stand for the whole
GENERATED = 2_000  # fixed noises in the plane
PICTURES = 500  # fixed noises of pictures
SURE = 0.8  # of a picture, says the judge
PRESENT = 0.02  # share of the samples that a class needs to be there


def counted(points: Tensor, extent: float, cells: int) -> Tensor:
    """How many of ``points`` (n, 2) lie in each cell, (cells x cells,) float64; what lies outside counts at the edge."""
    place = ((points.double() + extent) / (2 * extent) * cells).nan_to_num(0.0).floor().clamp(0, cells - 1).long()
    return torch.bincount(place[:, 1] * cells + place[:, 0], minlength=cells * cells).double()


def divergences(real: Tensor, generated: Tensor) -> tuple[float, float]:
    """Jensen-Shannon and Kullback-Leibler (real || generated) divergence of two counts, in bits.

    For KL, a tenth of a point is added to every generated cell: without it one empty cell would make it infinite.
    """

    def relative(a: Tensor, b: Tensor) -> float:
        there = a > 0
        return float((a[there] * (a[there] / b[there]).log2()).sum())

    p, q = real / real.sum(), generated / generated.sum()
    smooth = (generated + 0.1) / (generated + 0.1).sum()
    middle = (p + q) / 2
    return (relative(p, middle) + relative(q, middle)) / 2, relative(p, smooth)


def covered(points: Tensor, centres: Tensor, radius: float) -> tuple[int, float, Tensor]:
    """Modes covered, share of good points, share (modes,) of all points that is good there.

    Good: within ``radius`` of the nearest of ``centres`` (modes, 2). Covered: at least 1 % of all points are good there.
    """
    distance, nearest = torch.cdist(points, centres).min(1)
    good = nearest[distance <= radius]
    share = torch.bincount(good, minlength=len(centres)).double() / len(points)
    return int((share >= 0.01).sum()), len(good) / len(points), share


def radius_of(spread: float) -> float:
    """Within what distance of a mode a point is good: three standard deviations, and never nothing."""
    return max(3 * spread, 0.03)


def recognised(confidence: Tensor, predicted: Tensor, classes: int) -> tuple[float, int]:
    """Share of pictures of which the judge is sure, and how many classes are present."""
    share = torch.bincount(predicted, minlength=classes).double() / len(predicted)
    return (confidence > SURE).double().mean().item(), int((share >= PRESENT).sum())
