"""The loss around the weights: along one or two directions through them, random ones or those the run itself took.

Random directions are scaled filter by filter to the length of the weights (Li et al., 2018, "Visualizing the Loss Landscape
of Neural Nets"); biases and normalisation stay where they are. The run's own directions are the first two principal
components of its kept moments (the same paper, section 7; Lorch, 2016). Running averages of batch normalisation are kept.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import one_of, whole
from core.probes.inside import Inside, inside
from core.probes.landscape.path import Axes, path_axes

if TYPE_CHECKING:
    from core.probes.subject import Subject

KINDS = ("path", "random")
EXAMPLES = 512  # of the training data, over which the loss is taken
SIDES = (9, 81)  # points along an edge
MARGIN = 0.35  # of the path's extent, on each side
SEEDS = (0, 9999)


def landscape(
    subject: Subject, part: str = "", kind: str = "path", seed: int = 0, reach: int = 100, side: int = 25
) -> dict[str, Any]:
    """What is to be drawn: the axes, the run's path in them, the loss at the centre, and the seconds a point takes.

    ``reach``: per cent of the usual extent. Raises :class:`LiveTorchError` for a path where no moments are kept.
    """
    seen = _seen(subject, part)
    axes = axes_of(subject, seen, kind, seed, reach)
    side = whole("side", side, *SIDES)
    with _moving(seen) as loss_at:
        loss_at({})
        began = time.perf_counter()
        centre = loss_at({})
        seconds = time.perf_counter() - began
    return {
        "parts": list(seen.parts),
        "part": seen.part,
        "kind": kind,
        "x": _ticks(axes.extent[0], side),
        "y": _ticks(axes.extent[1], side),
        "centre": centre,
        "path": [{"step": step, "x": x, "y": y} for step, x, y in axes.path],
        "explained": list(axes.explained),
        "seconds": seconds,
        "examples": len(seen.inputs),
        "parameters": sum(one.numel() for one in seen.model.parameters()),
    }


def landscape_row(
    subject: Subject,
    part: str = "",
    kind: str = "path",
    seed: int = 0,
    reach: int = 100,
    side: int = 25,
    row: int = -1,
) -> dict[str, Any]:
    """The losses along one row of the grid, from left to right; row -1 goes through the weights themselves."""
    seen = _seen(subject, part)
    axes = axes_of(subject, seen, kind, seed, reach)
    side = whole("side", side, *SIDES)
    row = whole("row", row, -1, side - 1)
    y = 0.0 if row < 0 else _ticks(axes.extent[1], side)[row]
    with _moving(seen) as loss_at:
        losses = [loss_at(axes.moved(x, y)) for x in _ticks(axes.extent[0], side)]
    return {"row": row, "y": y, "losses": losses}


def axes_of(subject: Subject, seen: Inside, kind: str, seed: int, reach: int) -> Axes:
    """The directions that ``kind`` means and how far to go along them."""
    share = whole("reach", reach, 1, 1000) / 100
    if one_of("kind", kind, KINDS) == "random":
        return random_axes(seen, whole("seed", seed, *SEEDS), share)
    if getattr(subject, "past", None) is None:
        raise LiveTorchError(
            N_(
                "The path of a run is drawn from its kept moments, and this view was asked without any. Reload the page."
            )
        )
    return path_axes(subject, seen, share, MARGIN)


def random_axes(seen: Inside, seed: int, share: float) -> Axes:
    """Two directions drawn from ``seed``, each filter as long as the weights' own; 1 is the length of the weights."""
    draw = torch.Generator().manual_seed(seed)
    directions = [
        {name: _like_filters(value.detach(), draw) for name, value in seen.model.named_parameters()} for _axis in (0, 1)
    ]
    return Axes(directions[0], directions[1], ((-share, share), (-share, share)))


def _like_filters(weights: Tensor, draw: torch.Generator) -> Tensor:
    """A random tensor whose filters (slices along dimension 0) are as long as those of ``weights``."""
    if weights.dim() < 2:
        return torch.zeros_like(weights)
    drawn = torch.randn(weights.shape, generator=draw).to(weights.device)
    kept = tuple(range(1, weights.dim()))
    wanted, found = (one.square().sum(kept, keepdim=True).sqrt() for one in (weights, drawn))
    return drawn * (wanted / found.clamp(min=1e-12))


class _Loss:
    """The loss at the weights plus something; weights go back by themselves where :func:`_moving` ends."""

    def __init__(self, seen: Inside) -> None:
        self.seen = seen
        self.parameters = dict(seen.model.named_parameters())
        self.start = {name: value.detach().clone() for name, value in self.parameters.items()}

    @torch.no_grad()
    def __call__(self, change: dict[str, Tensor]) -> float:
        self.back()
        for name, moved in change.items():
            self.parameters[name].add_(moved)
        return float(self.seen.loss_of(self.seen.model(self.seen.inputs)).item())

    @torch.no_grad()
    def back(self) -> None:
        for name, value in self.start.items():
            self.parameters[name].copy_(value)


@contextmanager
def _moving(seen: Inside) -> Iterator[_Loss]:
    loss = _Loss(seen)
    with seen.opened():
        try:
            yield loss
        finally:
            loss.back()


def _seen(subject: Subject, part: str) -> Inside:
    return inside(subject, part, 0, EXAMPLES, "train")


def _ticks(extent: tuple[float, float], side: int) -> list[float]:
    low, high = extent
    return [low + (high - low) * number / (side - 1) for number in range(side)]
