"""A recipe of augmentation: which transforms are done to each training picture, one after another, and to the batch.

As JSON and in a link a recipe is one line: ``=Digits~crop_1_0.12_constant~.hflip_0.5~-mixup_0.4`` is a title, two
transforms (the second switched off) with the values of their parameters in the table's order, and MixUp.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Self

from core.config.transforms import KINDS, TRANSFORMS, Parameter, TransformSpec, Value
from core.errors import ConfigError
from core.i18n import N_
from core.settings import Worded, setting, validate

__all__ = [
    "BATCHES", "KINDS", "MOST", "TRANSFORMS", "Parameter", "RecipeConfig", "TransformConfig", "TransformSpec", "Value",
    "recipe_of", "recipe_text",
]  # fmt: skip
BATCHES = {"none": N_("None"), "mixup": "MixUp", "cutmix": "CutMix"}
MOST = 12  # transforms of a recipe
LONGEST = 40  # characters of a title
BETWEEN, WITHIN, OFF, TITLE, BATCH = (
    "~",
    "_",
    ".",
    "=",
    "-",
)  # marks of the one-line form; a link keeps most as they are
UNREADABLE = N_("The link's augmentation cannot be read at {piece}. Build the recipe again on the augmentation page.")


@dataclass(frozen=True)
class TransformConfig:
    """One transform with its values, flat in the table's order (a range takes two)."""

    name: str
    on: bool = True
    values: tuple[float | str, ...] = ()  # none: the table's defaults

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or self.name not in TRANSFORMS:
            raise ConfigError("recipe", N_("There is no transform {name}."), name=str(self.name)[:40])
        if not isinstance(self.on, bool):
            raise ConfigError("recipe", N_("{field} is {value}; it must be on or off."), value=str(self.on)[:40])
        given = list(self.values) or _flat([one.default for one in self.spec.parameters])
        checked: list[float | str] = []
        for one in self.spec.parameters:
            count = 2 if isinstance(one.default, tuple) else 1
            part, given = given[:count], given[count:]
            checked += _checked(self.spec, one, part, count)
        if given:
            raise ConfigError("recipe", N_("{name} has more values than parameters."), name=self.spec.title)
        object.__setattr__(self, "values", tuple(checked))

    @property
    def spec(self) -> TransformSpec:
        """Its entry in the table."""
        return TRANSFORMS[self.name]

    @property
    def named(self) -> dict[str, Value]:
        """Parameter -> number, choice or (low, high)."""
        rest, found = list(self.values), dict[str, Value]()
        for one in self.spec.parameters:
            first = rest.pop(0)
            found[one.name] = (float(first), float(rest.pop(0))) if isinstance(one.default, tuple) else first
        return found

    def with_values(self, **changed: Value) -> TransformConfig:
        """A copy with some parameters replaced."""
        return TransformConfig(self.name, self.on, tuple(_flat([*(self.named | changed).values()])))

    def arguments(self, size: tuple[int, int]) -> dict[str, Any]:
        """Arguments of its class for pictures of (H, W) pixels; :class:`Term` stands for names of torchvision."""
        return self.spec.call(self.named, size)

    @property
    def wrapped(self) -> float | None:
        """The chance with which ``RandomApply`` does it; ``None`` where it is always done or draws that itself."""
        chance = self.named["p"]
        return None if self.spec.own_chance or chance == 1 else float(chance)  # type: ignore[arg-type]


def _flat(values: list[Value]) -> list[float | str]:
    flat: list[float | str] = []
    for value in values:
        flat += value if isinstance(value, tuple) else [value]
    return flat


def _checked(spec: TransformSpec, one: Parameter, values: list[float | str], count: int) -> list[float | str]:
    """The values of one parameter: of the right kind, within their limits, rounded to what the one-line form says."""
    if len(values) != count:
        raise ConfigError("recipe", N_("{name}: {label} is missing."), name=spec.title, label=one.label)
    if one.choices is not None:
        if values[0] not in one.choices:
            raise ConfigError(
                "recipe", N_("{name}: {label} is {value}; it must be one of: {allowed}."),
                name=spec.title, label=one.label, value=str(values[0])[:40], allowed=", ".join(one.choices),
            )  # fmt: skip
        return values
    found: list[float | str] = []
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ConfigError(
                "recipe", N_("{name}: {label} is {value}; it must be a number."), name=spec.title, label=one.label, value=str(value)[:40]
            )  # fmt: skip
        if not one.minimum <= value <= one.maximum or (one.whole and value != int(value)):
            raise ConfigError(
                "recipe", N_("{name}: {label} is {value}; it must lie between {low} and {high}."),
                name=spec.title, label=one.label, value=f"{value:g}", low=f"{one.minimum:g}", high=f"{one.maximum:g}",
            )  # fmt: skip
        found.append(int(value) if one.whole else float(f"{value:.6g}"))
    if count == 2 and found[0] > found[1]:  # type: ignore[operator]
        raise ConfigError(
            "recipe", N_("{name}: {label} begins at {low} and ends at {high}; exchange them."),
            name=spec.title, label=one.label, low=f"{found[0]:g}", high=f"{found[1]:g}",
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class RecipeConfig(Worded):
    """The transforms in their order, and what is done to the whole batch. Empty: nothing."""

    title: str = setting("", N_("Name"), N_("What the recipe is called, at most 40 characters."))
    transforms: tuple[TransformConfig, ...] = field(default=())
    batch: str = setting(
        "none",
        N_("Whole batch"),
        N_(
            "Mixes each picture with its neighbour in the batch, and their labels by the same share. MixUp: x = a x1 + (1 - a) x2 (Zhang et al., 2017); CutMix: a rectangle of the other picture (Yun et al., 2019). The share a is drawn for each batch from Beta(alpha, alpha). Typical: none; MixUp for long trainings."
        ),
        choices=BATCHES,
    )
    alpha: float = setting(
        0.4,
        N_("Alpha"),
        N_(
            "Shape of the distribution that the share is drawn from: small means almost only one of both, 1 every share alike. Beta(alpha, alpha). Typical: 0.2-0.4 for MixUp, 1 for CutMix."
        ),
        minimum=0.05,
        maximum=8.0,
        step=0.05,
    )

    def __post_init__(self) -> None:
        if not isinstance(self.title, str):
            raise ConfigError("title", N_("{field} is not a text."))
        plain = " ".join("".join(letter for letter in self.title if letter.isprintable() and letter != BETWEEN).split())
        object.__setattr__(self, "title", plain[:LONGEST].strip())
        if len(self.transforms) > MOST:
            raise ConfigError(
                "recipe", N_("The recipe has {count} transforms; up to {most} are possible. Remove some."), count=len(self.transforms), most=MOST
            )  # fmt: skip
        validate(self)
        object.__setattr__(self, "alpha", float(f"{self.alpha:.6g}"))

    @property
    def active(self) -> tuple[TransformConfig, ...]:
        """The transforms that are switched on."""
        return tuple(one for one in self.transforms if one.on)

    @property
    def empty(self) -> bool:
        """Whether it changes nothing."""
        return not self.active and self.batch == "none"

    @property
    def text(self) -> str:
        """The recipe on one line; "" for one that was never touched."""
        pieces = [TITLE + self.title] if self.title else []
        pieces += [OFF * (not one.on) + WITHIN.join([one.name, *map(_shown, one.values)]) for one in self.transforms]
        if self.batch != "none":
            pieces.append(f"{BATCH}{self.batch}{WITHIN}{_shown(self.alpha)}")
        return BETWEEN.join(pieces)

    @classmethod
    def of_text(cls, text: str) -> Self:
        """The recipe that ``text`` says. Raises :class:`ConfigError`."""
        title, transforms, batch = "", [], ("none", 0.4)
        if len(text) > 4_000:
            raise ConfigError("recipe", UNREADABLE, piece=text[:20])
        for piece in text.split(BETWEEN) if text else []:
            if piece.startswith(TITLE):
                title = piece[1:]
                continue
            name, *said = piece.removeprefix(OFF).split(WITHIN)
            if not piece.startswith(BATCH):
                transforms.append(TransformConfig(name, not piece.startswith(OFF), tuple(map(_read, said))))
            elif len(said) == 1 and isinstance(alpha := _read(said[0]), int | float):
                batch = (name[1:], float(alpha))
            else:
                raise ConfigError("recipe", UNREADABLE, piece=piece[:40])
        return cls(title, tuple(transforms), *batch)


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"


def _read(text: str) -> float | str:
    try:
        return int(text) if text.lstrip("-").isdecimal() else float(text)
    except ValueError:
        return text


def recipe_text(recipe: RecipeConfig) -> str:
    """One line for a link."""
    return recipe.text


def recipe_of(text: str) -> RecipeConfig:
    """The recipe of a link. Raises :class:`ConfigError`."""
    return RecipeConfig.of_text(text)
