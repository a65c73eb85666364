"""What stands for "nothing" where an input is taken away, and how large the window is that takes it."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from core.probes.arguments import whole
from core.probes.features.explained import Explained
from core.probes.inside import inside

BASELINES: dict[str, tuple[str, ...]] = {
    "picture": ("black", "mean", "blurred"),
    "numbers": ("zero", "mean"),
    "steps": ("zero", "mean"),
    "tokens": ("blank",),
}
AVERAGED = 256  # examples in the mean one
BLUR = 1 / 8  # deviation of the blur, as a share of the picture's side
SMALL = 64  # pixels a side up to which windows overlap


def baseline_of(subject: Any, what: Explained, name: str) -> Tensor:
    """The input (1, ...) that says nothing."""
    if name == "black":
        assert what.low is not None
        return what.low.expand_as(what.input).clone()
    if name == "zero":
        return torch.zeros_like(what.input)
    if name == "blurred":
        return blurred(what.input, BLUR * max(what.input.shape[2:]))
    if name == "blank":
        return torch.full_like(what.input, blank_token(what.outputs))
    return _mean(subject, what)


def blank_token(vocabulary: tuple[str, ...]) -> int:
    """A space where the text has any, else the symbol for what is unknown."""
    return vocabulary.index(" ") if " " in vocabulary else 0


def _mean(subject: Any, what: Explained) -> Tensor:
    """The mean of (up to 256) examples like this one."""
    count = min(AVERAGED, what.seen.examples)
    many = inside(subject, what.seen.part, 0, count).inputs.detach().float().cpu()
    mean = many.mean(0, keepdim=True)
    if what.kind == "picture":
        return mean.flatten(1)[:, : what.input.numel()].reshape(what.input.shape)
    if what.kind == "steps" and mean.shape != what.input.shape:
        return torch.zeros_like(what.input)
    return mean[:, : what.input.shape[1]]


def blurred(pictures: Tensor, deviation: float) -> Tensor:
    """A Gaussian blur of (B, C, H, W), edges continued."""
    if deviation <= 0:
        return pictures
    reach = min(math.ceil(3 * deviation), min(pictures.shape[2:]) - 1)
    places = torch.arange(-reach, reach + 1, dtype=pictures.dtype)
    weights = (-(places**2) / (2 * deviation**2)).exp()
    weights = weights / weights.sum()
    channels = pictures.shape[1]
    padded = F.pad(pictures, (reach, reach, reach, reach), mode="replicate")
    down = F.conv2d(padded, weights.view(1, 1, -1, 1).expand(channels, 1, -1, 1), groups=channels)
    return F.conv2d(down, weights.view(1, 1, 1, -1).expand(channels, 1, 1, -1), groups=channels)


def window_of(what: Explained, window: Any) -> tuple[int, int]:
    """Pixels a side of what is covered at a time, and how far apart; 0: about a seventh of the picture."""
    if what.kind != "picture":
        return 1, 1
    side = min(what.input.shape[2:])
    whole("window", window, 0, side)
    size = window or max(1, round(side / 7))
    return size, max(1, size // 2) if side <= SMALL else size
