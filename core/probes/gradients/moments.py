"""Which moments of a run are worth examining."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import show

MOST_ASKED = 8
MANY = 12  # kept moments that are enough to draw; between fewer ones steps are trained anew
PER_DECADE, LINEAR = 4, 20  # so many moments for each power of ten, and so many evenly spaced
FEW_PER_DECADE, FEW_LINEAR = 2, 8  # where most of them have to be trained anew


def worth_asking(steps: Sequence[int]) -> list[int]:
    """Steps to examine, of a run of which the ascending ``steps`` are kept: first and last always.

    Dense at the beginning, where much happens, then even. A run that grows keeps most of what was worth asking before,
    so what was examined need not be examined again. Where few are kept, steps between them are among them.
    """
    last, many = steps[-1], len(steps) >= MANY
    per_decade, linear = (PER_DECADE, LINEAR) if many else (FEW_PER_DECADE, FEW_LINEAR)
    every = 1
    while last > linear * every:
        every *= 2
    decades = math.log10(last) if last > 0 else 0.0
    wanted = [round(10 ** (at / per_decade)) for at in range(math.ceil(decades * per_decade) + 1)]
    wanted = [step for step in (*wanted, *range(0, last + 1, every)) if step <= last]
    between = (nearest(steps, step) for step in wanted) if many else (*wanted, *steps)
    return sorted({steps[0], last, *between})


def nearest(steps: Sequence[int], step: int) -> int:
    """The one of the ascending ``steps`` that is nearest to ``step``."""
    place = bisect_left(steps, step)
    return min(steps[max(0, place - 1) : place + 1], key=lambda one: abs(one - step))


def asked_steps(text: Any, last: int) -> list[int]:
    """The steps that ``text`` ("0,10,40") names, each once, none above ``last``."""
    parts = [one for one in text.split(",") if one.strip()] if isinstance(text, str) else ["?"]
    if len(parts) > MOST_ASKED or not all(one.strip().isdecimal() and len(one.strip()) < 16 for one in parts):
        raise LiveTorchError(
            N_("steps is {value}; it must be up to {most} whole numbers with commas between them."),
            value=show(text),
            most=MOST_ASKED,
        )
    return list(dict.fromkeys(min(int(one), last) for one in parts))
