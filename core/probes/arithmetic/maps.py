"""What a station on the way through a network makes, as pictures small enough to be sent."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.probes.arithmetic.place import layout_of
from core.probes.pictures import tensor_block

MOST_MAPS = 32  # of a layer that is looked at
MOST_BYTES = 64 * 1024  # of such a picture
MOST_UNITS = 4096  # of a vector


def drawn(made: Tensor, first: int, most_maps: int = MOST_MAPS, most_bytes: int = MOST_BYTES) -> dict[str, Any] | None:
    """Maps ``first`` and on of (C, H, W); units ``first`` and on of (T, F), a row a unit; a vector (F,) in one row.

    Nothing for numbers and tokens, which are written out.
    """
    layout = layout_of(made)
    values = made.detach().float().cpu()
    if layout == "maps":
        count = max(1, min(most_maps, most_bytes // max(1, values[0].numel())))
        shown = values[first : first + count]
    elif layout == "sequence":
        count = max(1, min(8 * most_maps, most_bytes // max(1, len(values))))
        shown = values[:, first : first + count].T[None]  # (1, F, T)
        count = shown.shape[1]
    elif layout == "vector":
        shown = values[None, None, first : first + min(MOST_UNITS, most_bytes)]
        count = shown.shape[2]
    else:
        return None
    if not shown.numel():
        return None
    block = tensor_block(shown, signed=layout != "maps" or bool((shown < 0).any()))
    return {"first": first, "block": block, "zeros": round(float((shown == 0).float().mean()), 4)}


def units_of(made: Tensor) -> int:
    """How many channels or units there are."""
    axis = {"maps": 0, "vector": 0, "sequence": 1}.get(layout_of(made))
    return 0 if axis is None else made.shape[axis]


def shape_of(made: Tensor) -> list[int]:
    """Without the batch."""
    return list(made.shape)


def tokens_of(made: Tensor) -> list[int] | None:
    """Tokens themselves."""
    return made.tolist() if made.dtype == torch.int64 and made.dim() == 1 else None
