"""Where a recipe may break the labels: told in words before anything is trained. No torch."""

from __future__ import annotations

from collections.abc import Iterator

from core.config.augmentation import RecipeConfig, TransformConfig
from core.i18n import N_

Risk = tuple[str, dict[str, object]]  # a sentence and its values
SIGNS = frozenset({"digits", "mnist", "kmnist"})  # data sets in which left, right, up and down tell classes apart
GREY = frozenset({"digits", "mnist", "fashion_mnist", "kmnist"})
SIDES = {"digits": 8, "mnist": 28, "fashion_mnist": 28, "kmnist": 28, "cifar10": 32}
COLOURS = {"grayscale", "channels", "photometric"}


def risks(recipe: RecipeConfig, dataset: str) -> list[Risk]:
    """What may go wrong with ``recipe`` on the data set of that name; "" stands for pictures that nothing is known of."""
    found: list[Risk] = []
    for one in recipe.active:
        found += [(template, {"name": one.spec.title} | values) for template, values in _of(one, dataset)]
    if recipe.batch != "none":
        found.append((N_("The training loss is that of mixed labels, so it stays higher than the validation loss. That is no underfitting."), {}))  # fmt: skip
    return found


def _of(one: TransformConfig, dataset: str) -> Iterator[Risk]:
    yield from _turned(one, dataset)
    yield from _lost(one)
    yield from _colour(one, dataset)
    side, named = SIDES.get(dataset, 224), one.named
    if one.name == "blur" and isinstance(named["sigma"], tuple) and named["sigma"][1] > side / 10:
        yield N_("{name}: {sigma:g} pixels is wide for pictures of {side}; little is left to see."), {"sigma": named["sigma"][1], "side": side}  # fmt: skip
    if one.name == "trivialaugment" and dataset in SIDES:
        yield N_("{name} shifts by up to 32 pixels and rotates by up to 135 degrees; pictures of {side} pixels may leave the frame. RandAugment goes by shares of the side."), {"side": side}  # fmt: skip
    if one.name == "jpeg" and side < 16:
        yield N_("{name} works on blocks of 8 x 8 pixels, which is the whole picture here."), {}
    if one.name == "elastic" and float(named["strength"]) > 0.08:  # type: ignore[arg-type]
        yield (
            N_("{name}: pixels move by {share:.0%} of the side; thin strokes may break."),
            {"share": named["strength"]},
        )


def _turned(one: TransformConfig, dataset: str) -> Iterator[Risk]:
    if one.name in ("hflip", "vflip"):
        if dataset in SIGNS:
            yield N_("{name}: a flipped sign is another one or none; a flipped 2 looks like a 5, a 6 like no digit. Remove it for digits and letters."), {}  # fmt: skip
        elif dataset == "":
            yield N_("{name}: where pictures show text or digits, or left and right matter, labels break."), {}
    if one.name == "vflip" and dataset in ("fashion_mnist", "cifar10"):
        yield N_("{name}: the pictures to be told apart are never upside down, so the network learns what it never needs."), {}  # fmt: skip
    degrees = one.named.get("degrees")
    if not isinstance(degrees, tuple):
        return
    most = max(abs(degrees[0]), abs(degrees[1]))
    if dataset in SIGNS and most > 90:
        yield N_("{name}: beyond 90 degrees a 6 turns into a 9. Stay below 30 degrees for digits."), {}
    elif dataset in SIGNS and most > 45:
        yield N_("{name}: beyond 45 degrees signs become others, such as 7 and 4 in slanted hands. Stay below 30 degrees."), {}  # fmt: skip
    elif most > 60:
        yield N_("{name}: {degrees:g} degrees only help where up means nothing, as in pictures from above."), {"degrees": most}  # fmt: skip


def _lost(one: TransformConfig) -> Iterator[Risk]:
    named = one.named
    if one.name == "resized-crop" and isinstance(named["scale"], tuple) and named["scale"][0] < 0.3:
        yield N_("{name}: as little as {share:.0%} of the picture is kept, so what the label names may be outside."), {"share": named["scale"][0]}  # fmt: skip
    shift = {"crop": "padding", "affine": "translate"}.get(one.name)
    if shift and float(named[shift]) > 0.25:  # type: ignore[arg-type]
        yield N_("{name}: a shift by {share:.0%} of the side may move the object out of the picture."), {"share": named[shift]}  # fmt: skip
    if one.name == "erase" and isinstance(named["scale"], tuple) and named["scale"][1] > 0.4:
        yield N_("{name}: up to {share:.0%} of the picture is covered, perhaps all that the label names."), {"share": named["scale"][1]}  # fmt: skip
    if one.name == "cutout" and float(named["side"]) > 0.6:  # type: ignore[arg-type]
        yield N_("{name}: {share:.0%} of the picture is covered, perhaps all that the label names."), {"share": float(named["side"]) ** 2}  # type: ignore[arg-type]  # fmt: skip


def _colour(one: TransformConfig, dataset: str) -> Iterator[Risk]:
    hue = float(one.named["hue"]) if one.name == "jitter" else 0.0  # type: ignore[arg-type]
    if dataset in GREY:
        if one.name in ("grayscale", "channels"):
            yield N_("{name} changes nothing in grey pictures; it only takes time."), {}
    elif hue > 0.15 or one.name in COLOURS:
        yield N_("{name}: where colour tells classes apart (a ripe and a green tomato), labels break."), {}
