"""What was drawn for a picture, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.config.augmentation import RecipeConfig, TransformConfig
from pages.shared.language import _, listed

Drawn = Mapping[str, Any] | None


def drawn_words(one: TransformConfig, drawn: Drawn) -> str:
    """The values of one transform on one line."""
    if drawn is None:
        return _("not this time")
    if not drawn:
        return _("done")
    said = _WORDS.get(one.name)
    return said(drawn) if said else ", ".join(f"{name} {_number(value)}" for name, value in drawn.items())


def told_lines(recipe: RecipeConfig, drawn: Sequence[Drawn]) -> str:
    """The values of all transforms, a line for each."""
    lines = [f"{_(one.spec.title)}: {drawn_words(one, found)}" for one, found in zip(recipe.active, drawn, strict=True)]
    return "\n".join(lines)


def time_words(milliseconds: float) -> str:
    """How long it took."""
    return _("{time:.2f} ms").format(time=milliseconds)


def _number(value: Any) -> str:
    if isinstance(value, list):
        return "(" + ", ".join(map(_number, value)) + ")"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _crop(drawn: Mapping[str, Any]) -> str:
    return _("{right:+d} right, {down:+d} down").format(**drawn)


def _cut(drawn: Mapping[str, Any]) -> str:
    return _("{width} x {height} at ({left}, {top})").format(**drawn)


def _erased(drawn: Mapping[str, Any]) -> str:
    return _cut(drawn) if drawn["width"] else _("nothing fitted")


def _rotate(drawn: Mapping[str, Any]) -> str:
    return _("{angle:.1f}°").format(**drawn)


def _affine(drawn: Mapping[str, Any]) -> str:
    (x, y), (slant, _y) = drawn["translate"], drawn["shear"]
    said = _("{angle:.1f}°, shift ({x}, {y}), x {scale:.2f}").format(
        angle=drawn["angle"], x=x, y=y, scale=drawn["scale"]
    )
    return said + (", " + _("shear {slant:.1f}°").format(slant=slant) if slant else "")


def _elastic(drawn: Mapping[str, Any]) -> str:
    return _("{deviation:.1f} px typical, {farthest:.1f} px farthest").format(**drawn)


def _jitter(drawn: Mapping[str, Any]) -> str:
    words = {"brightness": _("light"), "contrast": _("contrast"), "saturation": _("saturation"), "hue": _("hue")}
    return listed(f"{words[name]} {drawn[name]:.2f}" for name in drawn["order"])


def _noise(drawn: Mapping[str, Any]) -> str:
    return _("drawn deviation {deviation:.3f} of N(0, 1)").format(**drawn)


def _policy(drawn: Mapping[str, Any]) -> str:
    if "weights" not in drawn:
        return ", ".join(drawn["operations"]) or _("nothing")
    own, *shares = drawn["weights"]
    chains = [f"{share:.0%} {said}" for share, said in zip(shares, drawn["operations"], strict=True)]
    return "; ".join([_("{own:.0%} as it was").format(own=own), *chains])


def _channels(drawn: Mapping[str, Any]) -> str:
    return "".join("RGB"[number] for number in drawn["permutation"]) if len(drawn["permutation"]) == 3 else _("done")


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "crop": _crop,
    "resized-crop": _cut,
    "erase": _erased,
    "cutout": _erased,
    "rotate": _rotate,
    "affine": _affine,
    "elastic": _elastic,
    "jitter": _jitter,
    "noise": _noise,
    "channels": _channels,
    "perspective": lambda drawn: _("corners moved"),
    **dict.fromkeys(("autoaugment", "randaugment", "trivialaugment", "augmix"), _policy),
}
