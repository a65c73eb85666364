"""What a generator is to imitate: points of the plane or pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.errors import ConfigError
from core.i18n import N_
from core.settings import setting, validate

PLANE = {
    "line": N_("Line"),
    "ring": N_("Ring of 8"),
    "grid": N_("Grid of 25"),
    "spiral": N_("Spiral"),
    "disjoint": N_("Two strokes apart"),
    "drawn": N_("Drawn by hand"),
}
IMAGES = {"digits": N_("Digits (8 x 8)"), "mnist": "MNIST (28 x 28)", "fashion_mnist": "Fashion-MNIST (28 x 28)"}
GAN_DATASETS = PLANE | IMAGES
LARGEST = 1.5  # coordinate of a point that is drawn by hand


def _heart() -> tuple[tuple[float, float], ...]:
    """The drawing to start with."""
    angles = (2 * math.pi * number / 60 for number in range(60))
    return tuple(
        (
            round(math.sin(t) ** 3, 3),
            round((13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)) / 16, 3),
        )
        for t in angles
    )


@dataclass(frozen=True)
class GANDataConfig:
    """What the real points of the plane are; pictures need none of it."""

    points: tuple[tuple[float, float], ...] = setting(
        _heart(),
        N_("Drawn points"),
        N_("The real points, put down by hand: up to 2,000, each x and y from -1.5 to 1.5. Only for the drawn data."),
        minimum=-LARGEST,
        maximum=LARGEST,
        count=(0, 2_000),
    )
    spread: float = setting(
        0.05,
        N_("Spread"),
        N_(
            "Standard deviation of the noise around each mode, curve or drawn point. x <- x + spread x N(0, 1). Typical: 0.02-0.1."
        ),
        minimum=0.0,
        maximum=0.5,
        step=0.01,
    )

    def __post_init__(self) -> None:
        validate(self)
        for number, point in enumerate(self.points):
            if len(point) != 2:
                raise ConfigError(f"data.points.{number}", N_("{field} must be two numbers, x and y."))
