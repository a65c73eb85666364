"""How an example is shown beside what a unit makes of it: a picture, a point, numbers, steps or characters."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from core.config.plane import EDGE
from core.models.mlp import inputs_of
from core.probes.features.layer_outputs import Layer, unit_of
from core.probes.inside import Inside
from core.probes.mlp.subject import grid
from core.probes.pictures import numbers, single, tensor_block
from core.training.gan_measures import EXTENT

SIDE = 40  # cells of the map of a plane
WIDEST = 96  # pixels a side of a picture that is sent
MOST_STEPS = 120


def described(subject: Any, seen: Inside, number: int, values: Tensor | None, group: int) -> dict[str, Any]:
    """Example ``number`` of ``seen``, JSON-ready. ``values`` (T,): the unit's at every step."""
    if seen.kind == "noise":
        return _made(seen, number)
    if seen.picture is not None:
        return {"picture": single(smaller(_pixels(subject, seen.picture[number])))}
    if seen.kind == "sequence":
        return _sequence(subject, seen, number, values, group)
    if seen.kind == "point":
        return {
            "point": numbers(subject.data.test_points[number].tolist()),
            "numbers": numbers(seen.inputs[number].tolist()),
        }
    return {"point": numbers(seen.inputs[number, :2].tolist())}


def _made(seen: Inside, number: int) -> dict[str, Any]:
    """What the generator makes of a noise."""
    with seen.opened(), torch.no_grad():
        made = seen.model(seen.inputs[number : number + 1])[0].cpu()
    if made.dim() == 3:
        return {"picture": single(((made.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8))}
    return {"point": numbers(made.tolist()), "numbers": numbers(seen.inputs[number].tolist())}


def _pixels(subject: Any, picture: Tensor) -> Tensor:
    return subject.data.pixels(picture) if subject.config.page == "cnn" else picture.cpu()


def smaller(picture: Tensor) -> Tensor:
    """(C, H, W) uint8, averaged down to 96 pixels a side where it is larger."""
    if max(picture.shape[1:]) <= WIDEST:
        return picture
    sides = min(picture.shape[1], WIDEST), min(picture.shape[2], WIDEST)
    return F.adaptive_avg_pool2d(picture[None].float(), sides)[0].round().to(torch.uint8)


def _sequence(subject: Any, seen: Inside, number: int, values: Tensor | None, group: int) -> dict[str, Any]:
    steps = subject.problem.example(group + number).axis[:MOST_STEPS]
    found: dict[str, Any] = {
        "steps": list(steps),
        "values": None if values is None else numbers(values[:MOST_STEPS].tolist(), 4),
    }
    if seen.inputs.is_floating_point():
        given = seen.inputs[number, :MOST_STEPS].cpu().float()  # (T, n)
        found["given"] = tensor_block(given.T[None], signed=bool((given < 0).any()))
    return found


def whole_plane(subject: Any, seen: Inside, layer: Layer, unit: int) -> dict[str, Any] | None:
    """What the unit makes of every place of the plane, where the network reads points of one."""
    if seen.kind == "point":
        edge, places = float(EDGE), inputs_of(grid(SIDE), subject.config.features)
    elif seen.kind == "sample" and seen.picture is None and seen.inputs.shape[1] == 2:
        edge, places = EXTENT, grid(SIDE) * (EXTENT / EDGE)
    else:
        return None
    with seen.opened(), torch.no_grad():
        values = unit_of(seen.model, places.to(seen.inputs.device), layer, unit).float().cpu()
    if values.dim() != 1:
        return None
    return {"edge": edge, "block": tensor_block(values.view(1, SIDE, SIDE), signed=True)}
