"""The plane in which a run moved most: principal components of its kept moments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from core.errors import LiveTorchError
from core.i18n import N_

if TYPE_CHECKING:
    from core.probes.inside import Inside

MOST = 60  # moments that the path goes through

Extent = tuple[float, float]


@dataclass(frozen=True)
class Axes:
    """Two directions through the weights, by parameter name, and how far to go along each."""

    first: Mapping[str, Tensor]
    second: Mapping[str, Tensor]
    extent: tuple[Extent, Extent]
    path: tuple[tuple[int, float, float], ...] = ()  # step, coordinates
    explained: tuple[float, ...] = ()  # share of the path's variance along each

    def moved(self, x: float, y: float) -> dict[str, Tensor]:
        """What is added to the weights at (x, y)."""
        return {name: x * self.first[name] + y * self.second[name] for name in self.first}


def path_axes(subject: Any, seen: Inside, share: float, margin: float) -> Axes:
    """The plane of the run's path through the weights of now. Lengths are Euclidean, over all parameters.

    Raises :class:`LiveTorchError` where there are fewer than three moments, through which no plane is laid.
    """
    learning = {name: value for name, value in seen.model.named_parameters() if value.requires_grad}
    names = tuple(learning)
    steps = chosen(tuple(step for step in subject.past.steps if step < subject.step), MOST - 1)
    if len(steps) < 2:
        raise LiveTorchError(
            N_(
                "The run is too young: its path needs three moments, and there are {count}. Let it train for a few seconds."
            ),
            count=len(steps) + 1,
        )
    first, second, points, explained = _components(subject, seen.part, names, steps)
    path = tuple((step, *point) for step, point in zip([*steps, subject.step], points, strict=True))
    extent = (_extent([x for _s, x, _y in path], share, margin), _extent([y for _s, _x, y in path], share, margin))
    shapes = {name: value.shape for name, value in learning.items()}
    return Axes(_named(first, shapes), _named(second, shapes), extent, path, explained)


@lru_cache(maxsize=2)
def _components(
    subject: Any, part: str, names: tuple[str, ...], steps: tuple[int, ...]
) -> tuple[Tensor, Tensor, list[tuple[float, float]], tuple[float, float]]:
    """Two unit directions, the path's coordinates in them (the weights of now are at 0, 0), variance explained."""
    now = _vector(_current(subject), part, names)
    moments = torch.stack([_vector(subject.past.networks_at(step), part, names) - now for step in steps])
    # through the weights of now, so that the last point of the path lies in the plane
    _left, lengths, components = torch.linalg.svd(moments, full_matrices=False)
    first, second = components[0], components[1]
    if moments[0] @ first > 0:  # the run goes from left to right
        first = -first
    coordinates = [(float(moment @ first), float(moment @ second)) for moment in moments] + [(0.0, 0.0)]
    whole = float(lengths.square().sum()) or 1.0
    return first, second, coordinates, (float(lengths[0] ** 2) / whole, float(lengths[1] ** 2) / whole)


def chosen(steps: tuple[int, ...], most: int) -> tuple[int, ...]:
    """At most ``most`` of ``steps``, evenly spread, first and last among them."""
    if len(steps) <= most:
        return steps
    return tuple(steps[round(number * (len(steps) - 1) / (most - 1))] for number in range(most))


def _current(subject: Any) -> dict[str, Mapping[str, Tensor]]:
    return {name: network.state_dict() for name, network in subject.networks().items()}


def _vector(networks: Mapping[str, Mapping[str, Tensor]], part: str, names: tuple[str, ...]) -> Tensor:
    """The parameters ``names`` of one network in a row, float32 on the CPU."""
    if "players" in networks:
        found = [networks["players"][f"{part}.{name}"] for name in names]
    else:
        found = [networks["model"][name] for name in names]
    return torch.cat([value.detach().float().cpu().flatten() for value in found])


def _named(vector: Tensor, shapes: Mapping[str, torch.Size]) -> dict[str, Tensor]:
    parts = vector.split([shape.numel() for shape in shapes.values()])
    return {name: part.view(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}


def _extent(values: list[float], share: float, margin: float) -> Extent:
    low, high = min(values), max(values)
    middle, half = (low + high) / 2, max((high - low) / 2, 1e-3)
    return middle - half * (1 + 2 * margin) * share, middle + half * (1 + 2 * margin) * share
