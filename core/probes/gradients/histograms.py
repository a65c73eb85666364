"""Histograms small enough to be sent by the hundred."""

from __future__ import annotations

import base64
from typing import Any

import torch
from torch import Tensor

BINS = 80  # of a value's own range; drawn on about half as many that are the same for a whole run
MOST = 65_535
HUGE = 1e37  # the range of larger float32 numbers may overflow


def histogram(values: Tensor) -> dict[str, Any]:
    """Shares of ``values`` in 80 equal bins from the lowest to the highest of them, what is not finite left out.

    ``counts``: little-endian uint16 as base64, in units of the fullest bin's share / 65535. ``broken``: how many are
    not finite. Where all values are equal, ``low`` is ``high`` and the first bin holds them.
    """
    found = values.detach().float().flatten()
    finite = found[found.isfinite()]
    broken = len(found) - len(finite)
    if len(finite) == 0:
        return {"low": None, "high": None, "peak": 0.0, "counts": "", "broken": broken}
    low, high = (edge.item() for edge in finite.aminmax())
    if high > low:
        finite = finite.cpu().double() if max(-low, high) > HUGE else finite.cpu()
        counts = torch.histc(finite, BINS, low, high)
    else:
        counts = torch.zeros(BINS)
        counts[0] = len(finite)
    peak = counts.max().item()
    scaled = (counts.double() / peak * MOST).round().numpy().astype("<u2")
    return {
        "low": float(f"{low:.6g}"),
        "high": float(f"{high:.6g}"),
        "peak": round(peak / len(finite), 6),
        "counts": base64.b64encode(scaled.tobytes()).decode("ascii"),
        "broken": broken,
    }
