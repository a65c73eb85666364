"""How far an optimiser step moves each layer, measured at the steps somebody asks for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

MOST_POINTS = 400


@dataclass(frozen=True)
class UpdatePoint:
    """One measured step; a value for each layer of :attr:`UpdateMeter.names`. Not finite where it has no meaning."""

    step: int
    ratio: list[float]  # |w after - w before| / |w before|
    gradient: list[float]  # |gradient| that the optimiser was given, that is after clipping
    weight: list[float]  # |w before|


class UpdateMeter:
    """Measures the next optimiser step while ``wanted`` is true, and then no more until it is set again."""

    def __init__(self, layers: Iterable[tuple[str, nn.Module]]) -> None:
        """``layers``: names and leaf layers of the network; those without parameters are left out."""
        owned = ((name, list(module.parameters(recurse=False))) for name, module in layers)
        self._layers = [(name, parameters) for name, parameters in owned if parameters]
        self.names = [name for name, _ in self._layers]
        self.points: list[UpdatePoint] = []
        self.wanted = False

    @contextmanager
    def measuring(self, step: int) -> Iterator[None]:
        """Wrap around ``optimizer.step()``; ``step`` is the number the step will have."""
        if not self.wanted:
            yield
            return
        before = [[weight.detach().clone() for weight in parameters] for _, parameters in self._layers]
        yield
        self._add(self._measured(step, before))
        self.wanted = False

    @torch.no_grad()
    def _measured(self, step: int, before: list[list[Tensor]]) -> UpdatePoint:
        norms = []  # a layer: moved, gradient, weight
        for (_, parameters), old in zip(self._layers, before, strict=True):
            moved = [new - was for new, was in zip(parameters, old, strict=True)]
            gradients = [weight.grad for weight in parameters if weight.grad is not None]
            norms += [_norm(moved), _norm(gradients or [torch.full_like(old[0], math.nan)]), _norm(old)]
        values = torch.stack(norms).view(-1, 3).tolist()  # one transfer from the device for all layers
        ratio = [moved / weight if weight else math.nan for moved, _, weight in values]
        return UpdatePoint(step, ratio, [gradient for _, gradient, _ in values], [weight for _, _, weight in values])

    def _add(self, point: UpdatePoint) -> None:
        if len(self.points) >= MOST_POINTS:
            del self.points[1::2]
        self.points.append(point)


def _norm(tensors: list[Tensor]) -> Tensor:
    """Euclidean length of all values together, in float64: squares of a diverged float32 would overflow."""
    lengths = [torch.linalg.vector_norm(tensor, dtype=torch.float64) for tensor in tensors]
    together: Tensor = torch.linalg.vector_norm(torch.stack(lengths))
    return together
