"""What every layer makes of one example, some layers at a time; and which layers and units there are to look at."""

from __future__ import annotations

import time
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from core.probes.arguments import whole
from core.probes.features.attribution_inputs import BASELINES, window_of
from core.probes.features.attribution_methods import methods_of
from core.probes.features.camera import cameras, usual_camera
from core.probes.features.explained import Explained, example_of, explained
from core.probes.features.layer_outputs import Layer, layers_of, outputs_of
from core.probes.inside import inside
from core.probes.layer_labels import layer_labels
from core.probes.pictures import numbers, single, tensor_block
from core.probes.threads import one_thread

LARGEST = 28  # pixels a side of a map that is sent; larger ones are averaged down
MOST_MAPS = 16
MOST_UNITS = 256  # of a layer without maps
MOST_STEPS = 200
MOST_CELLS = 8192  # units times steps
PAGE = 8  # layers of one answer
REPEATS, LONG = 3, 0.5  # passes that are timed, and seconds after which no more are


@one_thread
def unit_layers(subject: Any, *, part: str = "") -> dict[str, Any]:
    """The network's layers with their units, what can be asked about its answers, and how long a pass takes."""
    what = explained(subject, part)
    labels = layer_labels(subject, what.seen.part, what.network)
    methods = methods_of(what)
    cams = cameras(what) if "grad_cam" in methods else []
    forward, both = _seconds(what)
    return {
        "parts": list(what.seen.parts),
        "part": what.seen.part,
        "kind": what.kind,
        "example_kind": what.seen.kind,
        "examples": what.seen.examples,
        "rows": list(inside(subject, part).names if what.seen.kind == "sample" else what.seen.names),
        "outputs": list(what.outputs),
        "usual": what.usual,
        "names": list(what.names) if what.kind == "numbers" else [],
        "places": what.places,
        "place": what.place,
        "side": min(what.input.shape[2:]) if what.kind == "picture" else 0,
        "layers": [
            {"name": one.name, "label": labels.get(one.name, one.name), "kind": one.kind, "shape": list(one.shape)}
            for one in layers_of(what.network, what.given)
        ],
        "methods": list(methods),
        "cameras": [one.name for one in cams],
        "camera": usual_camera(cams),
        "baselines": list(BASELINES[what.kind]),
        "window": list(window_of(what, 0)),
        "weights": getattr(subject, "weights", "") if subject.config.page == "zoo" else "",
        "forward": round(forward, 6),
        "both": round(both, 6),
    }


def _seconds(what: Explained) -> tuple[float, float]:
    """Of a forward pass, and of one there and back: the quickest of some, after one that warms up."""
    forward, both = [], []
    for _ in range(1 + REPEATS):
        began = time.perf_counter()
        with torch.no_grad():
            what.model(what.input)
        there = time.perf_counter()
        given = what.input.clone().requires_grad_(what.input.is_floating_point())
        said = what.model(given)
        if given.requires_grad:
            torch.autograd.grad(said[0, 0], given)  # of the input alone, as the methods do: half a GB less for VGG-11
        elif said.requires_grad:
            said[0, 0].backward()
        forward.append(there - began)
        both.append(time.perf_counter() - there)
        if len(both) > 1 and sum(both) > LONG:
            break
    return min(forward), min(both)


@one_thread
def feature_maps(
    subject: Any,
    *,
    part: str = "",
    example: int = 0,
    row: int = 0,
    pixels: str | None = None,
    first: int = 0,
    count: int = PAGE,
) -> dict[str, Any]:
    """Outputs of ``count`` layers from number ``first`` on for one example: at most 16 maps or 256 units of each."""
    seen = example_of(subject, part, example, row, pixels)
    with seen.opened():
        layers = layers_of(seen.model, seen.inputs)
        begin = whole("first", first, 0, max(0, len(layers) - 1))
        chosen = layers[begin : begin + whole("count", count, 1, PAGE)]
        found = outputs_of(seen.model, seen.inputs, chosen)
    labels = layer_labels(subject, seen.part, seen.model)
    return {
        "first": begin,
        "total": len(layers),
        "example": seen.names[0] if seen.names else "",
        "names": list(seen.steps)[:MOST_STEPS] if seen.kind == "sequence" else [],
        "input": None if seen.picture is None else single(_shown(subject, seen.picture[0])),
        "layers": [_layer(one, labels.get(one.name, one.name), found[one.name][0]) for one in chosen],
    }


def _shown(subject: Any, picture: Tensor) -> Tensor:
    if subject.config.page == "cnn":
        shown: Tensor = subject.data.pixels(picture)
        return shown
    return picture.cpu()


def _layer(layer: Layer, label: str, out: Tensor) -> dict[str, Any]:
    """One layer's output (units, ...): maps side by side, units over steps as one map, or a row of numbers."""
    out = out.cpu()
    zeros = float((out == 0).double().mean())
    if out.dim() == 3:
        shown, form = reduced(out[:MOST_MAPS]), "maps"
    elif out.dim() == 2:
        steps = min(out.shape[1], MOST_STEPS)
        shown, form = out[: min(MOST_UNITS, max(1, MOST_CELLS // steps)), :steps][None], "steps"
    else:
        shown, form = out[:MOST_UNITS][None, None], "units"
    return {
        "name": layer.name,
        "label": label,
        "kind": layer.kind,
        "shape": list(layer.shape),
        "form": form,
        "maps": tensor_block(shown, signed=bool((shown < 0).any())),
        "zeros": numbers([zeros], 4)[0],
    }


def reduced(maps: Tensor, largest: int = LARGEST) -> Tensor:
    """Maps (n, H, W) of at most ``largest`` pixels a side, by averaging."""
    sides = min(maps.shape[1], largest), min(maps.shape[2], largest)
    return maps if tuple(maps.shape[1:]) == sides else F.adaptive_avg_pool2d(maps[None], sides)[0]
