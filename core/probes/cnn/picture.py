"""One picture on its way through the network: a validation picture or a drawing."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import flag, whole
from core.probes.drawing import as_picture, decoded, fitted, usual_extent
from core.probes.pictures import numbers, single, tensor_block
from core.probes.subject import ImageSubject, named_layers
from core.training.assessment import probabilities

MOST_MAPS = 16
MOST_UNITS = 1024  # values of a vector that are sent


def picture(
    subject: ImageSubject, *, index: int | None = None, pixels: str | None = None, maps: bool = True
) -> dict[str, Any]:
    """Class probabilities and, with ``maps``, the output of every layer for one picture (the present network).

    Either ``index`` of a validation picture, or ``pixels`` of a drawing as :func:`core.probes.drawing.decoded`
    reads them. Raises :class:`LiveTorchError` for both, neither, or what cannot be read.
    """
    flag("maps", maps)
    stored, label = _stored(subject, index, pixels)
    layers: dict[str, dict[str, Any]] = {}
    with ExitStack() as hooks:
        watched = _worth_seeing(subject) if maps else []
        for name, module in watched:
            hooks.enter_context(module.register_forward_hook(partial(_keep, layers, name)))
        found = probabilities(subject.evaluated, subject.data, stored[None], subject.config.device)[0]
    return {
        "classes": list(subject.data.classes),
        "label": label,
        "probabilities": numbers(found.tolist()),
        "input": single(subject.data.pixels(stored)),
        "layers": [layers[name] for name, _ in watched],
    }


def _stored(subject: ImageSubject, index: int | None, pixels: str | None) -> tuple[Tensor, int | None]:
    """The picture as the data set would store it, (C, H, W) uint8, and its label where it has one."""
    data = subject.data
    if (index is None) == (pixels is None):
        raise LiveTorchError(N_("Choose a validation picture or draw one."))
    if index is not None:
        whole("index", index, 0, len(data.validation_images) - 1)
        return data.validation_images[index], int(data.validation_labels[index])
    height, width = data.validation_images.shape[2:]
    return as_picture(fitted(decoded(pixels, height, width), height, width, usual_extent(data)), data), None


def _worth_seeing(subject: ImageSubject) -> list[tuple[str, nn.Module]]:
    """All leaf layers but dropout at p = 0, which the layer table does not list either."""
    layers = named_layers(subject)
    return [(name, module) for name, module in layers if not (isinstance(module, nn.Dropout) and module.p == 0)]


def _keep(layers: dict[str, dict[str, Any]], name: str, module: nn.Module, _inputs: Any, output: Tensor) -> None:
    """Forward hook: describes ``output`` (1, C, H, W) or (1, units) at once, before a later layer may change it."""
    out = output.detach()[0].float()
    shown = out[:MOST_MAPS] if out.dim() == 3 else out[None, None, :MOST_UNITS]
    layers[name] = {
        "name": name,
        "kind": type(module).__name__,
        "shape": list(out.shape),
        "maps": tensor_block(shown, signed=bool((shown < 0).any())),
        "zeros": round(float(torch.count_nonzero(out == 0)) / out.numel(), 4),
    }
