"""How any one number of any layer comes about: the layers with what they make of an example, and the arithmetic of a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import nn

from core.errors import LiveTorchError
from core.families import FAMILIES
from core.i18n import N_
from core.probes.arguments import show, whole
from core.probes.arithmetic.conv import convolution, pooling, transposed
from core.probes.arithmetic.dense import added, carried, embedding, linear, selected
from core.probes.arithmetic.given import given_to, point_of, raw
from core.probes.arithmetic.maps import drawn, shape_of, tokens_of, units_of
from core.probes.arithmetic.norm import activation, normalisation
from core.probes.arithmetic.numbers import exact
from core.probes.arithmetic.place import Place, layout_of, place_in
from core.probes.arithmetic.recurrent import cell
from core.probes.arithmetic.target import loss_at, steps_of
from core.probes.arithmetic.titles import titles_of
from core.probes.arithmetic.way import INPUT, LOSS, Station, Way, way_through
from core.probes.inside import Inside
from core.probes.subject import Subject

# (station, place, how many products are shown one by one) -> what it is made of, and what that gives in float64
Kind = Callable[[Station, Place, int], tuple[dict[str, Any], float]]

LAYERS: dict[type[nn.Module], Kind] = {
    nn.Conv2d: convolution,
    nn.ConvTranspose2d: transposed,
    nn.MaxPool2d: pooling,
    nn.AvgPool2d: pooling,
    nn.AdaptiveAvgPool2d: pooling,
    nn.AdaptiveMaxPool2d: pooling,
    nn.BatchNorm1d: normalisation,
    nn.BatchNorm2d: normalisation,
    nn.LayerNorm: normalisation,
    nn.GroupNorm: normalisation,
    nn.Linear: linear,
    nn.Embedding: embedding,
    nn.RNNBase: cell,
    **dict.fromkeys((nn.ReLU, nn.LeakyReLU, nn.ELU, nn.SiLU, nn.GELU, nn.Tanh, nn.Sigmoid), activation),
    **dict.fromkeys((nn.Flatten, nn.Unflatten, nn.Dropout), carried),
}
MEETINGS: dict[str, Kind] = {"Add": added, "Select": selected}
POINTWISE = ("norm", "activation", "same")  # what may follow a number at the same place
STRIP_BYTES = 24 * 1024  # of the small pictures of all layers together
STRIP_MAPS = 6
ROWS = 6  # products, or input channels, that are shown one by one

# of each subject the last way that was looked at; nothing in it may hold the subject, or neither would ever go
_LAST: WeakKeyDictionary[Any, tuple[tuple[Any, ...], Any, Way]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Scene:
    """One example on its way through one network, with the run it belongs to."""

    subject: Subject
    seen: Inside
    way: Way
    member: int
    point: list[float] | None


def layers(
    subject: Subject,
    part: str = "",
    example: int = 0,
    member: int = 0,
    drawing: str = "",
    x1: float | None = None,
    x2: float | None = None,
) -> dict[str, Any]:
    """All places where numbers come about, in order of execution, each with a few small pictures of what it makes.

    ``member``: which of what the network is given together, for the discriminator 0 the real sample and 1 the
    generated one. ``drawing``, ``x1``, ``x2``: see :func:`core.probes.arithmetic.given.given_to`.
    """
    scene = _scene(subject, part, example, member, drawing, x1, x2)
    seen, stations = scene.seen, scene.way.stations
    titles = titles_of(subject, seen)
    room = STRIP_BYTES // len(stations)
    return {
        "part": seen.part,
        "parts": list(seen.parts),
        "kind": seen.kind,
        "example": example,
        "examples": seen.examples,
        "member": member,
        "members": [name or str(place + 1) for place, name in enumerate(seen.names)],
        "name": seen.names[member],
        "steps": list(seen.steps),
        "outputs": list(seen.outputs),
        "symbols": getattr(getattr(subject, "problem", None), "vocabulary", ""),
        "point": scene.point,
        "size": list(seen.picture.shape[2:]) if seen.picture is not None else None,
        "layers": [*(_row(station, titles, room) for station in stations.values()), _loss_row(scene, titles)],
    }


def layer_maps(
    subject: Subject,
    part: str = "",
    example: int = 0,
    member: int = 0,
    drawing: str = "",
    x1: float | None = None,
    x2: float | None = None,
    layer: str = "",
    first: int = 0,
    source_first: int = 0,
) -> dict[str, Any]:
    """What ``layer`` makes and what it makes it of, 32 maps each from ``first`` and ``source_first`` on."""
    scene = _scene(subject, part, example, member, drawing, x1, x2)
    whole("first", first, 0, 2**31)
    whole("source_first", source_first, 0, 2**31)
    station = _station(scene.way, layer)
    if station is None:
        last = list(scene.way.stations.values())[-1]
        return {"layer": LOSS, "made": None, "sources": [_picture(last, source_first)]}
    sources = [scene.way.stations[key] for key in station.sources]
    return {
        "layer": station.key,
        "made": _picture(station, first),
        "sources": [_picture(source, source_first) for source in sources],
    }


def arithmetic(
    subject: Subject,
    part: str = "",
    example: int = 0,
    member: int = 0,
    drawing: str = "",
    x1: float | None = None,
    x2: float | None = None,
    layer: str = "",
    channel: int = 0,
    row: int = 0,
    column: int = 0,
    step: int = 0,
    rows: int = ROWS,
) -> dict[str, Any]:
    """How the number of ``layer`` at (``channel``, ``row``, ``column``), or at (``step``, ``channel``), comes about.

    ``value`` is the network's own float32, ``result`` what the numbers shown give in float64; ``then`` tells what
    normalisation and activation make of it. Raises :class:`LiveTorchError` for a layer or a place there is not.
    """
    scene = _scene(subject, part, example, member, drawing, x1, x2)
    whole("rows", rows, 1, 64)
    with scene.seen.opened(), torch.no_grad():  # in training, reading a spectrally normalised weight would change it
        return _at(scene, _station(scene.way, layer), channel, row, column, step, rows)


def _at(
    scene: Scene, station: Station | None, channel: int, row: int, column: int, step: int, rows: int
) -> dict[str, Any]:
    if station is None:
        last = steps_of(scene.subject, scene.way) - 1
        at = Place(0, 0, 0, whole("step", step, 0, last))
        how = loss_at(scene.subject, scene.seen, scene.way, scene.member, at.step)
        sources = [list(scene.way.stations)[-1]]
        return {"layer": LOSS, "kind": "Loss", "place": at.said(), "sources": sources, "how": how, "then": []}
    at = place_in(tuple(station.made.shape), layout_of(station.made), channel, row, column, step)
    return _explained(scene, station, at, rows) | {"then": _then(scene, station, at)}


def _scene(
    subject: Subject, part: str, example: int, member: int, drawing: str, x1: float | None, x2: float | None
) -> Scene:
    """The newest one of each subject is kept: whoever moves over a picture asks about the same example many times."""
    if subject.config.page not in FAMILIES:
        raise LiveTorchError(N_("Arithmetic is shown for the networks of runs. Choose a run above."))
    seen = given_to(subject, part, example, drawing, x1, x2)
    whole("member", member, 0, len(seen.inputs) - 1)
    key = (subject.version, part, example, member, drawing, x1, x2)
    last = _LAST.get(subject)
    if last is None or last[0] != key or last[1] is not subject.config:
        last = _LAST[subject] = key, subject.config, way_through(seen, member)
    return Scene(subject, seen, last[2], member, point_of(subject, example, x1, x2))


def _station(way: Way, layer: str) -> Station | None:
    """Nothing for the loss, which stands behind all stations."""
    if layer == LOSS:
        return None
    if not layer:
        return next(one for one in way.stations.values() if one.key != INPUT)
    if layer not in way.stations:
        raise LiveTorchError(N_("This network has no layer {layer}. Choose one of those listed."), layer=show(layer))
    return way.stations[layer]


def _explained(scene: Scene, station: Station, at: Place, rows: int) -> dict[str, Any]:
    how, result = _how(scene, station, at, rows)
    value = (
        station.made[at.index(layout_of(station.made))] if layout_of(station.made) != "other" else station.made.sum()
    )
    return {
        "layer": station.key,
        "kind": station.kind,
        "place": at.said(),
        "sources": list(station.sources),
        "value": exact(value),
        "result": exact(result),
        "how": how,
    }


def _how(scene: Scene, station: Station, at: Place, rows: int) -> tuple[dict[str, Any], float]:
    if station.key == INPUT:
        return raw(scene.subject, scene.seen, station, at, scene.point)
    kind = kind_of(station)
    if kind is None:
        value = float(station.made[at.index(layout_of(station.made))])
        return {"form": "unknown"}, value
    return kind(station, at, rows)


def kind_of(station: Station) -> Kind | None:
    """What can tell how the numbers of ``station`` come about."""
    if station.module is None:
        return MEETINGS.get(station.kind)
    return next((how for layer, how in LAYERS.items() if isinstance(station.module, layer)), None)


def _then(scene: Scene, station: Station, at: Place) -> list[dict[str, Any]]:
    """What follows at the very same place, as long as only one layer takes the number and hands on as many."""
    found: list[dict[str, Any]] = []
    while len(following := [one for one in scene.way.stations.values() if station.key in one.sources]) == 1:
        after = following[0]
        if after.made.shape != station.made.shape or kind_of(after) not in (normalisation, activation, carried):
            break
        found.append(_explained(scene, after, at, 1))
        station = after
    return found


def _row(station: Station, titles: dict[str, str], room: int) -> dict[str, Any]:
    made = station.made
    return {
        "key": station.key,
        "title": titles.get(station.key, station.key),
        "kind": station.kind,
        "settings": "" if station.module is None else station.module.extra_repr(),
        "spectral": hasattr(station.module, "parametrizations"),
        "sources": list(station.sources),
        "layout": layout_of(made),
        "shape": shape_of(made),
        "units": units_of(made),
        "tokens": tokens_of(made),
        "maps": drawn(made, 0, STRIP_MAPS, room),
    }


def _loss_row(scene: Scene, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "key": LOSS,
        "title": titles[LOSS],
        "kind": "Loss",
        "settings": "",
        "spectral": False,
        "sources": [list(scene.way.stations)[-1]],
        "layout": "loss",
        "shape": [steps_of(scene.subject, scene.way)],
        "units": 0,
        "tokens": None,
        "maps": None,
    }


def _picture(station: Station, first: int) -> dict[str, Any]:
    last = max(0, units_of(station.made) - 1)
    found = drawn(station.made, min(first, last))
    return {"key": station.key, "layout": layout_of(station.made), "shape": shape_of(station.made), "maps": found}
