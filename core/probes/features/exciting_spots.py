"""Where in a picture a value of a map comes from, and where in what is made it goes to."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.probes.features.layer_outputs import Layer, first_of, unit_of
from core.probes.inside import Inside


def receptive(seen: Inside, layer: Layer, unit: int, number: int, place: int) -> list[int] | None:
    """The rectangle of picture ``number`` that the value at ``place`` depends on: top, left, height, width.

    The smallest that holds every pixel to which the value has a gradient. Nothing where it has none.
    """
    assert seen.picture is not None
    channels, height, width = seen.picture.shape[1:]
    with seen.opened():
        given = seen.inputs[number : number + 1].detach().clone().requires_grad_(True)
        value = unit_of(seen.model, given, layer, unit).flatten()[place]
        if not value.requires_grad:
            return None
        (slope,) = torch.autograd.grad(value, given, allow_unused=True)
    if slope is None:
        return None
    count = channels * height * width if slope.dim() == 2 else channels
    touched = slope[0, :count].reshape(channels, height, width).ne(0).any(0)
    return rectangle(touched)


def influence(seen: Inside, layer: Layer, unit: int, number: int, place: tuple[int, int]) -> list[int] | None:
    """The rectangle of the made picture that changes when the unit's value at ``place`` is set to zero."""

    def silence(_module: Any, _inputs: Any, output: Tensor) -> Tensor:
        changed = first_of(output).clone()
        changed[0, unit, place[0], place[1]] = 0
        return changed

    given = seen.inputs[number : number + 1]
    with seen.opened(), torch.no_grad():
        made = seen.model(given)
        hook = seen.model.get_submodule(layer.name).register_forward_hook(silence)
        try:
            without = seen.model(given)
        finally:
            hook.remove()
    return rectangle((made != without)[0].any(0)) if made.dim() == 4 else None


def rectangle(touched: Tensor) -> list[int] | None:
    """Top, left, height, width of what is true in (H, W); nothing where nothing is."""
    rows, columns = touched.any(1).nonzero().flatten(), touched.any(0).nonzero().flatten()
    if not len(rows):
        return None
    top, left = int(rows[0]), int(columns[0])
    return [top, left, int(rows[-1]) - top + 1, int(columns[-1]) - left + 1]
