"""Two albums to start with: photos that scikit-learn brings, and shapes drawn by formula. Made in a question process."""

from __future__ import annotations

import importlib.util
import math
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.i18n import N_
from core.pictures.kept import Album

if TYPE_CHECKING:
    from PIL.Image import Image

PHOTOS, SHAPES = "~photos", "~shapes"
SHAPE_CLASSES = ("circle", "square", "triangle")
PER_SHAPE = 40
ALBUMS = {
    PHOTOS: Album(PHOTOS, 2, ()),
    SHAPES: Album(SHAPES, PER_SHAPE * len(SHAPE_CLASSES), SHAPE_CLASSES),
}
TITLES = {PHOTOS: N_("Two photos"), SHAPES: N_("Drawn shapes")}
SEED = 6
SIDE, FINER = 160, 3  # pixels of a drawn picture; how much finer it is drawn, for smooth edges
Point = tuple[float, float]


def make_album(name: str) -> list[dict[str, Any]]:
    """Make and store the pictures of an album; the fields of :class:`core.pictures.kept.Taken` for each. A question."""
    return _photos() if name == PHOTOS else _shapes()


def _photos() -> list[dict[str, Any]]:
    from core.pictures.decode import decoded
    from core.pictures.store import stored

    package = importlib.util.find_spec("sklearn")
    assert package is not None and package.origin is not None
    folder = Path(package.origin).parent / "datasets" / "images"
    return [stored(decoded(folder / f"{name}.jpg"), f"{name}.jpg", "") for name in ("china", "flower")]


def _shapes() -> list[dict[str, Any]]:
    from core.pictures.store import stored

    rng = random.Random(SEED)
    made = []
    for number in range(PER_SHAPE):
        for shape in SHAPE_CLASSES:
            made.append(stored(draw_shape(shape, rng), f"{shape} {number + 1:02}.png", shape))
    return made


def draw_shape(shape: str, rng: random.Random) -> Image:
    """One RGB picture of ``SIDE`` pixels: a filled or outlined shape on a ground of two colours, seldom alone."""
    from PIL import ImageDraw

    image, hue, light = _ground(rng)
    side = SIDE * FINER
    draw = ImageDraw.Draw(image)
    for _line in range(rng.randrange(4)):  # what is not the point
        ends = [(rng.uniform(0, side), rng.uniform(0, side)) for _end in range(2)]
        draw.line(ends, fill=_colour(rng, rng.random()), width=rng.randint(1, 3) * FINER)
    colour = _colour(rng, hue + rng.uniform(0.25, 0.75), 0.95 if light < 0.6 else 0.3)
    radius = side * rng.uniform(0.16, 0.36)
    centre = (rng.uniform(radius, side - radius), rng.uniform(radius, side - radius))
    corners = outline(shape, centre, radius, rng.uniform(0, 2 * math.pi), rng.uniform(0.88, 1.0))
    if rng.random() < 0.7:
        draw.polygon(corners, fill=colour)
    else:
        draw.line([*corners, *corners[:2]], fill=colour, width=rng.randint(5, 9) * FINER, joint="curve")
    return image.resize((SIDE, SIDE))


def outline(shape: str, centre: Point, radius: float, turn: float, flat: float) -> list[Point]:
    """Corners of a regular polygon around ``centre``, turned and pressed to ``flat`` of its height; a circle has 90."""
    count = {"circle": 90, "square": 4, "triangle": 3}[shape]
    points = []
    for corner in range(count):
        angle = 2 * math.pi * corner / count
        x, y = radius * math.cos(angle), radius * math.sin(angle) * flat
        points.append(
            (
                centre[0] + x * math.cos(turn) - y * math.sin(turn),
                centre[1] + x * math.sin(turn) + y * math.cos(turn),
            )
        )
    return points


def _ground(rng: random.Random) -> tuple[Image, float, float]:
    """A ground that goes from one colour to another in some direction, its hue and how light it is."""
    from PIL import Image

    hue = rng.random()
    light = rng.uniform(0.25, 0.95)
    one, other = (_colour(rng, hue + step, light) for step in (0.0, rng.uniform(-0.12, 0.12)))
    ramp = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270)))
    ramp = ramp.resize((SIDE * FINER, SIDE * FINER))
    return Image.composite(Image.new("RGB", ramp.size, one), Image.new("RGB", ramp.size, other), ramp), hue, light


def _colour(rng: random.Random, hue: float, value: float = 0.8) -> tuple[int, int, int]:
    import colorsys

    red, green, blue = colorsys.hsv_to_rgb(hue % 1, rng.uniform(0.35, 0.9), value)
    return round(red * 255), round(green * 255), round(blue * 255)
