"""What goes into the network: an example of its data, a drawing, a point of the plane; and how its numbers came about."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import torch

from core.config.plane import EDGE
from core.errors import LiveTorchError
from core.i18n import N_
from core.models.mlp import inputs_of
from core.probes.arguments import show
from core.probes.arithmetic.numbers import exact
from core.probes.arithmetic.place import Place
from core.probes.arithmetic.way import Station
from core.probes.drawing import as_picture, decoded, fitted, usual_extent
from core.probes.inside import Inside, inside


def given_to(subject: Any, part: str, example: int, drawing: str, x1: float | None, x2: float | None) -> Inside:
    """The network with example ``example``, or with what the visitor made up, which has no target.

    ``drawing``: as :func:`core.probes.drawing.decoded` reads it; empty for none. ``x1`` and ``x2``: a point of the
    plane. Raises :class:`LiveTorchError` for what a network cannot read.
    """
    seen = inside(subject, part, example)
    if drawing:
        return _drawn(subject, seen, drawing)
    if x1 is None and x2 is None:
        return seen
    return _point(subject, seen, _coordinate("x1", x1), _coordinate("x2", x2))


def _drawn(subject: Any, seen: Inside, drawing: str) -> Inside:
    if subject.config.page != "cnn":
        raise LiveTorchError(N_("Only a network that classifies pictures can be given a drawing."))
    data = subject.data
    height, width = data.validation_images.shape[2:]
    stored = as_picture(fitted(decoded(drawing, height, width), height, width, usual_extent(data)), data)[None]
    inputs = data.normalised(stored.to(seen.inputs.device)).contiguous(memory_format=torch.channels_last)
    return replace(seen, inputs=inputs, target=None, picture=stored, names=("",))


def _point(subject: Any, seen: Inside, x1: float, x2: float) -> Inside:
    if subject.config.page != "mlp":
        raise LiveTorchError(N_("Only a network of the playground reads points of the plane."))
    inputs = inputs_of(torch.tensor([[x1, x2]]), subject.config.features).to(seen.inputs.device)
    return replace(seen, inputs=inputs, target=None, names=("",))


def _coordinate(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > EDGE:
        raise LiveTorchError(
            N_("{name} is {value}; it must be a number from {low} to {high}."),
            name=name,
            value=show(value),
            low=-EDGE,
            high=EDGE,
        )
    return float(value)


def point_of(subject: Any, example: int, x1: float | None, x2: float | None) -> list[float] | None:
    """The point that is looked at, where there are points."""
    if subject.config.page != "mlp":
        return None
    if x1 is not None and x2 is not None:
        return [float(x1), float(x2)]
    found: list[float] = subject.data.test_points[example].tolist()
    return found


def raw(
    subject: Any, seen: Inside, station: Station, at: Place, point: list[float] | None
) -> tuple[dict[str, Any], float]:
    """A number that goes in, and what it was made of."""
    page = subject.config.page
    value = float(station.made[_index(station, at)])
    found: dict[str, Any] = {"form": "input", "what": seen.kind}
    if page == "cnn":
        data = subject.data
        assert seen.picture is not None
        found |= {
            "pixel": int(seen.picture[0, at.channel, at.row, at.column]),
            "mean": exact(data.mean[at.channel]),
            "std": exact(data.std[at.channel]),
        }
    elif point is not None:
        found |= {"feature": seen.steps[at.channel], "x1": exact(point[0]), "x2": exact(point[1])}
    elif page == "gan":
        found |= _of_player(subject, seen, station, at)
    elif station.made.dtype == torch.int64:
        found |= {"what": "token", "token": int(station.made[at.step])}
    return found, value


def _index(station: Station, at: Place) -> tuple[int, ...]:
    from core.probes.arithmetic.place import layout_of

    return at.index(layout_of(station.made))


def _of_player(subject: Any, seen: Inside, station: Station, at: Place) -> dict[str, Any]:
    """Noise, or a sample; the class goes in behind either, as ones and zeros."""
    game = subject.game
    if seen.part == "generator":
        plain = subject.config.latent.dimension
    elif subject.config.in_plane:
        plain = 2
    else:
        channels, height, width = game.pictures.shape[1:]
        plain = channels if station.made.dim() == 3 else channels * height * width
    if at.channel >= plain:
        label = game.classes[at.channel - plain]
        return {"what": "class", "name": label}
    return {"what": seen.kind, "distribution": subject.config.latent.distribution}
