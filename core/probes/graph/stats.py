"""A tensor in a few numbers, as pictures and as a histogram."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.probes.pictures import numbers, tensor_block

MOST_MAPS = 16
MOST_UNITS = 1024
LONGEST_SIDE = 256  # of a map that is sent
BINS = 41


def described(value: Tensor | None) -> dict[str, Any] | None:
    """Mean, deviation, extremes, share of zeros, root mean square of the finite values; ``broken``: share of the others."""
    if value is None or value.numel() == 0:
        return None
    flat = value.detach().flatten().double()
    finite = flat[flat.isfinite()] if not bool(flat.isfinite().all()) else flat
    broken = 1 - len(finite) / len(flat)
    if len(finite) == 0:
        return {"count": len(flat), "broken": 1.0, "zeros": 0.0} | dict.fromkeys(("mean", "std", "min", "max", "rms"))
    low, high = finite.aminmax()
    found = {
        "mean": finite.mean(),
        "std": finite.std(correction=0),
        "min": low,
        "max": high,
        "rms": finite.square().mean().sqrt(),
    }
    shown = dict(zip(found, numbers(float(one) for one in found.values()), strict=True))
    zeros = float((finite == 0).sum()) / len(flat)
    return shown | {"count": len(flat), "zeros": round(zeros, 6), "broken": round(broken, 6)}


def drawn(value: Tensor) -> dict[str, Any]:
    """``maps``: a block of pictures where the values have places, else ``None``; ``histogram``: counts and edges."""
    value = value.detach().float().cpu()
    maps = _maps(value)
    block = None if maps is None else tensor_block(maps, signed=bool((maps < 0).any()))
    return {"maps": block, "of": int(value.shape[1]) if value.dim() == 4 else 1, "histogram": histogram(value)}


def _maps(value: Tensor) -> Tensor | None:
    """(n, h, w): feature maps of the first examples, a sequence with time going right, or a row an example."""
    if value.dim() == 4:
        examples = min(len(value), 2)
        found = value[:examples, : MOST_MAPS // examples].flatten(0, 1)
        step = max(1, -(-max(found.shape[1:]) // LONGEST_SIDE))
        return found[:, ::step, ::step]
    if value.dim() == 3:
        return value[0, :LONGEST_SIDE, :LONGEST_SIDE].T[None]
    if value.dim() == 2:
        return value[:2, :MOST_UNITS][None]
    return value[None, None, :MOST_UNITS] if value.dim() == 1 else None


def histogram(value: Tensor) -> dict[str, Any] | None:
    """Counts in equal bins over the finite values."""
    finite = value[value.isfinite()].flatten()
    if finite.numel() == 0:
        return None
    low, high = (float(edge) for edge in finite.aminmax())
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts = torch.histc(finite, BINS, low, high)
    return {"low": low, "high": high, "counts": [int(count) for count in counts.tolist()]}
