"""Which points of the plane a network learns from, and which functions of their coordinates it is given."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import ConfigError
from core.i18n import N_
from core.settings import setting, validate

EDGE = 6.0  # the plane is [-6, 6] x [-6, 6]
MOST_POINTS = 2000
LARGEST_TARGET = 1.5
TASKS = {"classification": N_("Classes"), "regression": N_("Numbers")}


@dataclass(frozen=True)
class PlaneConfig:
    """How many points there are, how they are disturbed and shared out."""

    samples: int = setting(
        500,
        N_("Points"),
        N_("How many points are drawn, for training and test together. Typical: 100-1,000."),
        minimum=10,
        maximum=MOST_POINTS,
        step=10,
    )
    noise: float = setting(
        0.0,
        N_("Noise"),
        N_(
            "How far points are moved at random, or how wide the clouds are. At 0.5 the classes overlap by half. Typical: 0-0.3."
        ),
        minimum=0.0,
        maximum=0.5,
        step=0.05,
    )
    train_share: float = setting(
        0.5,
        N_("Training share"),
        N_(
            "Share of the points that is trained on; the others only test. Trained on: round(share x points). Typical: 0.5-0.8; 0.1 to see overfitting."
        ),
        minimum=0.1,
        maximum=0.9,
        step=0.1,
    )
    classes: int = setting(
        2,
        N_("Classes"),
        N_("Arms of the spiral, or classes of the points set by hand. Typical: 2-5."),
        minimum=2,
        maximum=8,
        step=1,
    )
    task: str = setting(
        "classification",
        N_("Targets"),
        N_(
            "What points set by hand carry: a class, or a number between -1.5 and 1.5 that is to be predicted (regression)."
        ),
        choices=TASKS,
    )
    seed: int = setting(
        0,
        N_("Data seed"),
        N_(
            "Start of the random numbers that draw the points. Another one, other points of the same kind; the run's own seed leaves the points as they are. Any whole number."
        ),
        minimum=0,
        maximum=2**31 - 1,
        step=1,
    )
    points: tuple[tuple[float, ...], ...] = setting(
        (),
        N_("My own points"),
        N_("Points set by hand or read from a file: x1, x2, target."),
        count=(0, MOST_POINTS),
    )

    def __post_init__(self) -> None:
        validate(self)
        for number, point in enumerate(self.points):
            if not self._possible(point):
                raise ConfigError(
                    f"data.points.{number}",
                    N_(
                        "{field} is no point: two coordinates from -{edge:g} to {edge:g} and a target are needed (a class from 0 to {last}, or a number from -{most:g} to {most:g})."
                    ),
                    edge=EDGE,
                    last=self.classes - 1,
                    most=LARGEST_TARGET,
                )

    def _possible(self, point: tuple[float, ...]) -> bool:
        if len(point) != 3 or abs(point[0]) > EDGE or abs(point[1]) > EDGE:
            return False
        if self.task == "regression":
            return abs(point[2]) <= LARGEST_TARGET
        return point[2].is_integer() and 0 <= point[2] < self.classes


@dataclass(frozen=True)
class FeaturesConfig:
    """What the network is given of a point."""

    x1: bool = setting(True, "x1", N_("The horizontal coordinate."))
    x2: bool = setting(True, "x2", N_("The vertical coordinate."))
    x1_squared: bool = setting(False, "x1²", N_("The square of the horizontal coordinate, x1 x x1."))
    x2_squared: bool = setting(False, "x2²", N_("The square of the vertical coordinate, x2 x x2."))
    product: bool = setting(False, "x1 x2", N_("The product of both coordinates, x1 x x2."))
    sin_x1: bool = setting(False, "sin(x1)", N_("The sine of the horizontal coordinate."))
    sin_x2: bool = setting(False, "sin(x2)", N_("The sine of the vertical coordinate."))

    def __post_init__(self) -> None:
        validate(self)
