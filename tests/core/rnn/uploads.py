"""What visitors may bring, for tests."""

from __future__ import annotations

import math
import random

from core.datasets import uploads

SERIES = "day,value\n" + "".join(f"{day},{math.sin(day / 3) * 4 + day / 50:.6f}\n" for day in range(120))
TEXT = "".join(f"{number} times {number % 7} is {number * (number % 7)}.\n" for number in range(160))


def names() -> str:
    draw = random.Random(1)
    lines = []
    for _ in range(60):
        lines.append("long\t" + "".join(draw.choices("aeiou", k=draw.randint(8, 20))))
        lines.append("hard\t" + "".join(draw.choices("xkztr", k=draw.randint(2, 9))))
    return "\n".join(lines)


UPLOADS = {"series": SERIES, "text": TEXT, "lines": names()}


def uploaded(dataset: str) -> str:
    """The fingerprint of a kept upload; "" for data that need none."""
    return uploads.keep(UPLOADS[dataset].encode()) if dataset in UPLOADS else ""
