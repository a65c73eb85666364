"""Numbers as a page shows them, and what many products have in common: the largest, and the rest together."""

from __future__ import annotations

import math
from typing import Any

from torch import Tensor

DIGITS = 9  # tell any two float32 apart

Number = float | str  # what is not finite travels as "nan", "inf" or "-inf"


def exact(value: float | Tensor) -> Number:
    """One number with nine significant digits."""
    found = float(value)
    return float(f"{found:.{DIGITS}g}") if math.isfinite(found) else str(found)


def exacts(values: Tensor) -> list[Any]:
    """``values`` as nested lists of such numbers."""
    return [exacts(row) for row in values] if values.dim() > 1 else [exact(value) for value in values.tolist()]


def largest(strength: Tensor, count: int) -> list[int]:
    """Positions of the ``count`` largest of ``strength`` (n,) in size, the largest first; ties in order of position."""
    order = strength.abs().nan_to_num(math.inf).argsort(descending=True, stable=True)
    found: list[int] = order[:count].tolist()
    return found


def weighted(x: Tensor, weight: Tensor, count: int) -> dict[str, Any]:
    """The products of ``x`` (n,) and ``weight`` (n,): the ``count`` largest, the rest together, and all together."""
    x, weight = x.double(), weight.double()
    products = x * weight
    chosen = largest(products, count)
    shown = products[chosen].sum()
    total = products.sum()
    return {
        "terms": [
            {"index": place, "x": exact(x[place]), "w": exact(weight[place]), "product": exact(products[place])}
            for place in chosen
        ],
        "more": {"count": len(products) - len(chosen), "sum": exact(total - shown)},
        "count": len(products),
        "sum": exact(total),
    }
