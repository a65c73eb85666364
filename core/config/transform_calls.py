"""From a transform's values to the arguments of its class in torchvision.transforms.v2. Knows no torch: terms stand for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

Values = Mapping[str, Any]
Size = tuple[int, int]  # (H, W) in pixels
FILL = {"black": 0, "grey": 128, "white": 255}
UNIFORM = 1 / math.sqrt(3)  # deviation of a number drawn evenly from -1 to 1


class Term(str):
    """A name inside ``torchvision.transforms.v2``, such as ``InterpolationMode.BILINEAR``."""


BILINEAR = Term("InterpolationMode.BILINEAR")


def _crop(values: Values, size: Size) -> dict[str, Any]:
    pixels = max(1, min(round(values["padding"] * min(size)), min(size) - 1))
    return {"size": size, "padding": pixels, "padding_mode": values["edges"]}


def _resized_crop(values: Values, size: Size) -> dict[str, Any]:
    return {"size": size, "scale": values["scale"], "ratio": values["ratio"]}


def _chance(values: Values, size: Size) -> dict[str, Any]:
    return {"p": values["p"]}


def _nothing(values: Values, size: Size) -> dict[str, Any]:
    return {}


def _rotate(values: Values, size: Size) -> dict[str, Any]:
    return {"degrees": values["degrees"], "interpolation": BILINEAR, "fill": FILL[values["fill"]]}


def _affine(values: Values, size: Size) -> dict[str, Any]:
    shift, slant = values["translate"], values["shear"]
    return {
        "degrees": values["degrees"],
        "translate": (shift, shift),
        "scale": values["scale"],
        **({"shear": slant} if slant else {}),
        "interpolation": BILINEAR,
        "fill": FILL[values["fill"]],
    }


def _perspective(values: Values, size: Size) -> dict[str, Any]:
    return {"distortion_scale": values["distortion"], "p": values["p"], "fill": FILL[values["fill"]]}


def _elastic(values: Values, size: Size) -> dict[str, Any]:
    """torchvision draws displacements evenly from -1 to 1, smooths them and multiplies by alpha, in pixels."""
    side = min(size)
    sigma = round(max(0.3, min(values["smoothness"] * side, (side - 1) / 4 - 0.01)), 3)  # its kernel must fit
    smoothed = UNIFORM / (2 * math.sqrt(math.pi) * sigma)  # what is left of the deviation
    return {"alpha": round(values["strength"] * side / smoothed, 3), "sigma": sigma, "fill": FILL[values["fill"]]}


def _jitter(values: Values, size: Size) -> dict[str, Any]:
    return {name: values[name] for name in ("brightness", "contrast", "saturation", "hue")}


def _posterize(values: Values, size: Size) -> dict[str, Any]:
    return {"bits": int(values["bits"]), "p": values["p"]}


def _solarize(values: Values, size: Size) -> dict[str, Any]:
    return {"threshold": int(values["threshold"]), "p": values["p"]}


def _blur(values: Values, size: Size) -> dict[str, Any]:
    fits = min(size) - 1 + min(size) % 2  # odd, at most the side
    return {"kernel_size": max(1, min(2 * math.ceil(3 * values["sigma"][1]) + 1, fits)), "sigma": values["sigma"]}


def _sharpness(values: Values, size: Size) -> dict[str, Any]:
    return {"sharpness_factor": values["factor"], "p": values["p"]}


def _noise(values: Values, size: Size) -> dict[str, Any]:
    return {"sigma": values["sigma"]}


def _jpeg(values: Values, size: Size) -> dict[str, Any]:
    low, high = values["quality"]
    return {"quality": (int(low), int(high))}


def _erase(values: Values, size: Size) -> dict[str, Any]:
    scale, ratio, fill = values["scale"], values["ratio"], FILL[values["fill"]]
    return {"p": values["p"], "scale": scale, "ratio": ratio, "value": fill}


def _cutout(values: Values, size: Size) -> dict[str, Any]:
    area = round(values["side"] ** 2 * min(size) / max(size), 6)  # a square, whatever the picture's shape
    return {"p": values["p"], "scale": (area, area), "ratio": (1.0, 1.0), "value": FILL[values["fill"]]}


def _autoaugment(values: Values, size: Size) -> dict[str, Any]:
    return {"policy": Term(f"AutoAugmentPolicy.{values['policy'].upper()}")}


def _randaugment(values: Values, size: Size) -> dict[str, Any]:
    return {"num_ops": int(values["operations"]), "magnitude": int(values["magnitude"])}


def _augmix(values: Values, size: Size) -> dict[str, Any]:
    return {"severity": int(values["severity"]), "mixture_width": int(values["width"])}


CALLS: dict[str, Callable[[Values, Size], dict[str, Any]]] = {
    "crop": _crop,
    "resized-crop": _resized_crop,
    "hflip": _chance,
    "vflip": _chance,
    "rotate": _rotate,
    "affine": _affine,
    "perspective": _perspective,
    "elastic": _elastic,
    "jitter": _jitter,
    "photometric": _chance,
    "grayscale": _chance,
    "channels": _nothing,
    "invert": _chance,
    "posterize": _posterize,
    "solarize": _solarize,
    "equalize": _chance,
    "autocontrast": _chance,
    "blur": _blur,
    "sharpness": _sharpness,
    "noise": _noise,
    "jpeg": _jpeg,
    "erase": _erase,
    "cutout": _cutout,
    "autoaugment": _autoaugment,
    "randaugment": _randaugment,
    "trivialaugment": _nothing,
    "augmix": _augmix,
}
