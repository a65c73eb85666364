"""What the convolutions have learned to look for."""

from __future__ import annotations

from typing import Any

from torch import nn

from core.probes.pictures import tensor_block
from core.probes.subject import ImageSubject, named_layers

MOST_ROWS, MOST_COLUMNS = 16, 8


def filters(subject: ImageSubject) -> dict[str, Any]:
    """The kernels of each convolution, a row for an output channel (16 at most), a column for an input (8 at most)."""
    convolutions = [(name, module) for name, module in named_layers(subject) if isinstance(module, nn.Conv2d)]
    return {"layers": [_kernels(name, module) for name, module in convolutions]}


def _kernels(name: str, convolution: nn.Conv2d) -> dict[str, Any]:
    weight = convolution.weight.detach()  # (out, in / groups, k, k)
    shown = weight[:MOST_ROWS, :MOST_COLUMNS]
    return {
        "name": name,
        "kind": type(convolution).__name__,
        "shape": list(weight.shape),
        "rows": shown.shape[0],
        "columns": shown.shape[1],
        "tensor": tensor_block(shown.flatten(0, 1), signed=True),
    }
