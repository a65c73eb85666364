"""The gradient of the loss with respect to what goes in: which way each number of an input would have to go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from core.datasets.images import ImageData
from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.inside import Inside, inside
from core.probes.pictures import numbers, single, tensor_block

if TYPE_CHECKING:
    from core.probes.subject import Subject

MOST_STEPS = 200  # of a sequence that are shown
LONGEST = 4096  # numbers of a sequence that are shown


def input_gradient(subject: Subject, part: str = "", example: int = 0) -> dict[str, Any]:
    """dL/dx for validation example ``example`` (of a generator: noise; of a discriminator: a real and a made sample).

    Each of ``items`` has ``kind`` and what belongs to it: ``picture`` (the picture and the gradient of each channel),
    ``numbers`` (value and gradient of each input, by name), ``series`` (a row for each feature, a column for each
    step) or ``tokens`` (of each symbol the length of the gradient of its vector). ``norm``: |dL/dx|.
    """
    seen = inside(subject, part, example, 1)
    loss, gradient = _gradient(seen)
    return {
        "parts": list(seen.parts),
        "part": seen.part,
        "examples": seen.examples,
        "loss": numbers([loss])[0],
        "items": [_item(subject, seen, gradient, number) for number in range(len(seen.inputs))],
    }


def _gradient(seen: Inside) -> tuple[float, Tensor]:
    """The loss and dL/dx, of the shape of the input; where symbols are read, (B, T, E): that of their vectors."""
    with seen.opened():
        if seen.inputs.is_floating_point():
            given = seen.inputs.detach().clone().requires_grad_(True)
            loss = seen.loss_of(seen.model(given))
            made = torch.autograd.grad(loss, given, allow_unused=True)[0]
            return loss.item(), torch.zeros_like(given) if made is None else made
        vectors: list[Tensor] = []
        hook = seen.model.get_submodule("embedding").register_forward_hook(lambda _m, _x, out: vectors.append(out))
        try:
            loss = seen.loss_of(seen.model(seen.inputs))
        finally:
            hook.remove()
        return loss.item(), torch.autograd.grad(loss, vectors[0])[0]


def _item(subject: Subject, seen: Inside, gradient: Tensor, number: int) -> dict[str, Any]:
    mine, given = gradient[number].detach().float(), seen.inputs[number].detach()
    about = {
        "name": seen.names[number] if number < len(seen.names) else "",
        "norm": numbers([mine.double().norm().item()])[0],
    }
    if seen.picture is not None and number < len(seen.picture):
        return about | {"kind": "picture", **_picture(_shown(subject, seen.picture[number]), mine)}
    if not seen.inputs.is_floating_point():
        return about | {"kind": "tokens", **_tokens(seen, mine)}
    if mine.dim() == 2:
        return about | {"kind": "series", **_series(seen, given.float(), mine)}
    if mine.dim() == 1:
        return about | {"kind": "numbers", **_numbers(subject, seen, given, mine)}
    raise LiveTorchError(N_("Inputs of this shape cannot be drawn yet: {shape}."), shape=str(tuple(mine.shape)))


def _shown(subject: Subject, picture: Tensor) -> Tensor:
    """As bytes from 0 to 255: some data sets are stored with fewer."""
    data = getattr(subject, "data", None)
    return data.pixels(picture) if isinstance(data, ImageData) else picture


def _picture(picture: Tensor, gradient: Tensor) -> dict[str, Any]:
    """``gradient`` may have more than the picture: the class that a conditional player is told comes after it."""
    if gradient.dim() == 1:
        gradient = gradient[: picture.numel()].view(picture.shape)
    maps = gradient[: len(picture)]
    return {"picture": single(picture), "gradient": tensor_block(maps, signed=True), "shape": list(maps.shape)}


def _tokens(seen: Inside, gradient: Tensor) -> dict[str, Any]:
    """``gradient``: (T, E)."""
    return {"labels": _axis(seen, len(gradient)), "gradient": numbers(gradient[:MOST_STEPS].norm(dim=1).tolist())}


def _series(seen: Inside, given: Tensor, gradient: Tensor) -> dict[str, Any]:
    """Both (T, features)."""
    steps = min(MOST_STEPS, max(1, LONGEST // gradient.shape[1]))
    return {
        "labels": _axis(seen, len(gradient))[:steps],
        "values": tensor_block(given[:steps].T[None], signed=bool((given < 0).any())),
        "gradient": tensor_block(gradient[:steps].T[None], signed=True),
        "each": numbers(gradient[:steps, 0].tolist()) if gradient.shape[1] == 1 else None,
        "shape": list(gradient.shape),
    }


def _axis(seen: Inside, count: int) -> list[str]:
    """What is read at each step; numbers from 1 on where nothing else is known."""
    return [seen.steps[step] if step < len(seen.steps) else str(step + 1) for step in range(min(count, MOST_STEPS))]


def _numbers(subject: Subject, seen: Inside, given: Tensor, gradient: Tensor) -> dict[str, Any]:
    if seen.kind == "point":
        names = list(seen.steps)
    else:
        names = ["x", "y"] if seen.kind == "sample" and len(gradient) == 2 else _noise_names(subject, len(gradient))
    return {"labels": names, "values": numbers(given.tolist()), "gradient": numbers(gradient.tolist())}


def _noise_names(subject: Subject, count: int) -> list[str]:
    """``z1``, ``z2``, ...; the class a conditional generator is told comes after them, one number for each."""
    latent = getattr(getattr(subject.config, "latent", None), "dimension", count)
    classes = subject.game.classes if count > latent else ()  # type: ignore[attr-defined]
    return [f"z{number + 1}" for number in range(min(latent, count))] + list(classes)[: count - latent]
