"""The table of transforms: what each one does, its parameters with their limits, and its call in torchvision.transforms.v2.

Lengths are shares of the picture's side, so that one recipe fits digits of 8 pixels and photos of 224.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.config.transform_calls import CALLS
from core.i18n import N_

Value = float | str | tuple[float, float]
KINDS = {
    "place": N_("Place and shape"),
    "colour": N_("Colour and light"),
    "detail": N_("Sharpness and noise"),
    "hiding": N_("Hiding"),
    "policy": N_("Ready-made policies"),
}
FILLS = {"black": N_("Black"), "grey": N_("Grey"), "white": N_("White")}
EDGES = {"constant": N_("Black"), "edge": N_("Last pixel repeated"), "reflect": N_("Mirrored")}


@dataclass(frozen=True)
class Parameter:
    """One number, range (a pair) or choice of a transform."""

    name: str
    label: str
    help: str
    default: Value
    minimum: float = 0.0
    maximum: float = 1.0
    step: float = 0.05
    choices: Mapping[str, str] | None = None  # value -> label

    @property
    def whole(self) -> bool:
        """Whether it is a whole number."""
        return isinstance(self.default, int)


@dataclass(frozen=True)
class TransformSpec:
    """One transform: ``torchvision`` names its class, ``call`` makes the class's arguments from values and (H, W)."""

    title: str
    kind: str
    help: str
    torchvision: str
    parameters: tuple[Parameter, ...]
    call: Callable[[Mapping[str, Any], tuple[int, int]], dict[str, Any]]
    own_chance: bool = False  # whether the class itself draws whether it happens (p); others are wrapped in RandomApply


def _chance(default: float) -> Parameter:
    return Parameter(
        "p",
        N_("Chance"),
        N_(
            "Share of the pictures that this is done to; drawn for each picture anew. Typical: 0.5, or 1 for every one."
        ),
        default,
    )


FILL = Parameter(
    "fill",
    N_("Fill"),
    N_("What comes in from outside the picture, from 0 (black) to 255 (white). Typical: the ground's colour."),
    "black",
    choices=FILLS,
)


def _spec(name: str, title: str, kind: str, help: str, torchvision: str, *parameters: Parameter, own_chance: bool = False) -> TransformSpec:  # fmt: skip
    return TransformSpec(title, kind, help, torchvision, parameters, CALLS[name], own_chance)


TRANSFORMS: dict[str, TransformSpec] = {
    "crop": _spec(
        "crop", N_("Shift (padded crop)"), "place",
        N_("Pads the picture on all sides and cuts the old size out again at a random place, which shifts it. Typical: 4 pixels of 32."),
        "RandomCrop", _chance(1.0),
        Parameter("padding", N_("Padding"), N_("Farthest shift, as a share of the side. pixels = max(1, round(share x side)). Typical: 0.1-0.15."), 0.12, 0.02, 0.5, 0.01),
        Parameter("edges", N_("Edges"), N_("What the padding is filled with. Typical: black for digits, mirrored for photos."), "constant", choices=EDGES),
    ),
    "resized-crop": _spec(
        "resized-crop", N_("Resized crop"), "place",
        N_("Cuts out a random part and enlarges it to the whole size (Inception crop). What lies outside is lost. Typical: 0.6-1 of the area; 0.08-1 for ImageNet."),
        "RandomResizedCrop", _chance(1.0),
        Parameter("scale", N_("Area kept"), N_("Share of the area that is cut out, drawn evenly between both. Typical: 0.6-1 for small sets, 0.08-1 for ImageNet."), (0.6, 1.0), 0.05, 1.0, 0.01),
        Parameter("ratio", N_("Width to height"), N_("Shape of the part, drawn evenly on a logarithmic scale. 1 is square. Typical: 0.75-1.33."), (0.75, 1.33), 0.33, 3.0, 0.01),
    ),
    "hflip": _spec(
        "hflip", N_("Flip left to right"), "place", N_("Mirrors the picture at its vertical axis. Typical: 0.5 for photos; never for text and digits."),
        "RandomHorizontalFlip", _chance(0.5), own_chance=True,
    ),
    "vflip": _spec(
        "vflip", N_("Flip upside down"), "place", N_("Mirrors the picture at its horizontal axis. Typical: 0.5 where up and down mean nothing, as from above or through a microscope."),
        "RandomVerticalFlip", _chance(0.5), own_chance=True,
    ),
    "rotate": _spec(
        "rotate", N_("Rotation"), "place", N_("Turns the picture around its centre by an angle drawn evenly between both; bilinear. Typical: -15 to 15 degrees."),
        "RandomRotation", _chance(1.0),
        Parameter("degrees", N_("Angle"), N_("Degrees, counter-clockwise. Typical: -15 to 15; -180 to 180 where up means nothing."), (-15.0, 15.0), -180.0, 180.0, 1.0),
        FILL,
    ),
    "affine": _spec(
        "affine", N_("Affine"), "place", N_("Turns, shifts, scales and shears in one step, so pixels are interpolated only once; bilinear. Typical: 10 degrees, 0.1, 0.9-1.1, 5 degrees."),
        "RandomAffine", _chance(1.0),
        Parameter("degrees", N_("Angle"), N_("Degrees, drawn evenly between both. Typical: -10 to 10."), (-10.0, 10.0), -180.0, 180.0, 1.0),
        Parameter("translate", N_("Shift"), N_("Farthest shift each way, as a share of the side. Typical: 0-0.1."), 0.1, 0.0, 0.5, 0.01),
        Parameter("scale", N_("Scale"), N_("Enlargement, drawn evenly between both; 1 leaves the size. Typical: 0.9-1.1."), (0.9, 1.1), 0.3, 3.0, 0.05),
        Parameter("shear", N_("Shear"), N_("Largest slant along x in degrees, drawn evenly from -shear to shear. Typical: 0-10."), 0.0, 0.0, 45.0, 1.0),
        FILL,
    ),
    "perspective": _spec(
        "perspective", N_("Perspective"), "place", N_("Looks at the picture from a random side: each corner moves inwards by up to scale x side / 2. Typical: 0.2-0.5."),
        "RandomPerspective", _chance(0.5),
        Parameter("distortion", N_("Distortion"), N_("How far the corners move, as a share of half the side. Typical: 0.2-0.5."), 0.3, 0.0, 1.0),
        FILL, own_chance=True,
    ),
    "elastic": _spec(
        "elastic", N_("Elastic"), "place", N_("Moves each pixel a little, neighbours alike, as if the picture were on rubber (Simard et al., 2003). Typical for handwriting: strength 0.05, smoothness 0.1."),
        "ElasticTransform", _chance(1.0),
        Parameter("strength", N_("Strength"), N_("Typical way of a pixel, as a share of the side: the deviation of the displacement. Typical: 0.02-0.06."), 0.04, 0.005, 0.2, 0.005),
        Parameter("smoothness", N_("Smoothness"), N_("Deviation of the Gaussian that smooths the displacements, as a share of the side. Small: crumpled; large: a common shift. Typical: 0.06-0.15."), 0.1, 0.02, 0.2, 0.01),
        FILL,
    ),
    "jitter": _spec(
        "jitter", N_("Colour jitter"), "colour", N_("Changes brightness, contrast, saturation and hue by drawn factors, in a drawn order. Typical: 0.2-0.4, hue 0-0.1."),
        "ColorJitter", _chance(1.0),
        Parameter("brightness", N_("Brightness"), N_("Pixels are multiplied by a factor from 1 - b to 1 + b. Typical: 0.1-0.4."), 0.3, 0.0, 1.0),
        Parameter("contrast", N_("Contrast"), N_("Distance from the mean grey is multiplied by 1 - c to 1 + c. Typical: 0.1-0.4."), 0.3, 0.0, 1.0),
        Parameter("saturation", N_("Saturation"), N_("Distance from grey is multiplied by 1 - s to 1 + s; grey pictures stay. Typical: 0.1-0.4."), 0.3, 0.0, 1.0),
        Parameter("hue", N_("Hue"), N_("Colours turn around the colour circle by -h to h of it; 0.5 is the opposite colour. Typical: 0-0.1."), 0.05, 0.0, 0.5, 0.01),
    ),
    "photometric": _spec(
        "photometric", N_("Photometric distortion"), "colour", N_("Brightness, contrast, saturation, hue and the order of the colours, each with its own chance (SSD; Liu et al., 2016). Typical: 0.5."),
        "RandomPhotometricDistort",
        _chance(0.5), own_chance=True,
    ),
    "grayscale": _spec("grayscale", N_("Grey"), "colour", N_("Takes the colour away: 0.299 R + 0.587 G + 0.114 B in all channels. Typical: 0.1-0.2."), "RandomGrayscale", _chance(0.2), own_chance=True),
    "channels": _spec("channels", N_("Channel permutation"), "colour", N_("Swaps red, green and blue at random; one of the six orders is the old one. Typical: where colour should not matter."), "RandomChannelPermutation", _chance(0.5)),
    "invert": _spec("invert", N_("Invert"), "colour", N_("Makes a negative: 255 - x. Typical: 0.1; 0.5 where dark on light and light on dark both occur."), "RandomInvert", _chance(0.2), own_chance=True),
    "posterize": _spec(
        "posterize", N_("Posterise"), "colour", N_("Keeps the highest bits of each value: fewer shades. Typical: 3-6 bits."),
        "RandomPosterize", _chance(0.5), Parameter("bits", N_("Bits"), N_("Bits kept of 8; 2^bits shades are left. Typical: 3-6."), 4, 1, 8, 1), own_chance=True,
    ),
    "solarize": _spec(
        "solarize", N_("Solarise"), "colour", N_("Inverts what is at least as bright as the threshold: x becomes 255 - x. Typical: 128-220."),
        "RandomSolarize", _chance(0.2), Parameter("threshold", N_("Threshold"), N_("Brightness from which on values are inverted, 0-255. Typical: 128-220."), 160, 0, 255, 1), own_chance=True,
    ),
    "equalize": _spec("equalize", N_("Equalise"), "colour", N_("Spreads the histogram of each channel so that all shades are equally frequent. Typical: 0.1-0.5."), "RandomEqualize", _chance(0.5), own_chance=True),
    "autocontrast": _spec("autocontrast", N_("Autocontrast"), "colour", N_("Stretches each channel so that its darkest value is 0 and its brightest 255. Typical: 0.5."), "RandomAutocontrast", _chance(0.5), own_chance=True),
    "blur": _spec(
        "blur", N_("Gaussian blur"), "detail", N_("Averages each pixel with its neighbours, weighted by a Gaussian of drawn width. Typical: 0.1-2 pixels for photos of 224."),
        "GaussianBlur", _chance(0.5),
        Parameter("sigma", N_("Width"), N_("Deviation of the Gaussian in pixels, drawn evenly between both. Kernel: 2 x ceil(3 x largest) + 1 pixels, at most the side. Typical: 0.1-2."), (0.1, 1.5), 0.1, 8.0, 0.1),
    ),
    "sharpness": _spec(
        "sharpness", N_("Sharpness"), "detail", N_("Moves each pixel away from, or towards, the mean of its neighbours: y = factor x x + (1 - factor) x smooth. Typical: 0 smooth, 2 sharp."),
        "RandomAdjustSharpness", _chance(0.5), Parameter("factor", N_("Factor"), N_("0 is smooth, 1 leaves the picture, 2 doubles the sharpness. Typical: 0-3."), 2.0, 0.0, 5.0, 0.1), own_chance=True,
    ),
    "noise": _spec(
        "noise", N_("Gaussian noise"), "detail", N_("Adds an independent normal number to every value. Typical: deviation 0.02-0.1."),
        "GaussianNoise", _chance(0.5), Parameter("sigma", N_("Deviation"), N_("Deviation of the noise as a share of full white; added: 255 x sigma x N(0, 1). Typical: 0.02-0.1."), 0.05, 0.0, 0.5, 0.01),
    ),
    "jpeg": _spec(
        "jpeg", N_("JPEG"), "detail", N_("Packs and unpacks the picture as JPEG, which leaves blocks of 8 x 8 pixels. Typical: quality 30-90."),
        "JPEG", _chance(0.5), Parameter("quality", N_("Quality"), N_("1 is worst, 100 best; a whole number drawn evenly between both. Typical: 30-90."), (30.0, 90.0), 1.0, 100.0, 1.0),
    ),
    "erase": _spec(
        "erase", N_("Random erasing"), "hiding", N_("Covers a rectangle of drawn size and place, so that no single part decides (Zhong et al., 2017). Typical: 0.02-0.33 of the area."),
        "RandomErasing", _chance(0.5),
        Parameter("scale", N_("Area"), N_("Share of the area that is covered, drawn evenly between both. Typical: 0.02-0.33."), (0.02, 0.25), 0.01, 0.8, 0.01),
        Parameter("ratio", N_("Height to width"), N_("Shape of the rectangle, drawn evenly on a logarithmic scale. Typical: 0.3-3.3."), (0.3, 3.3), 0.1, 10.0, 0.1),
        FILL, own_chance=True,
    ),
    "cutout": _spec(
        "cutout", N_("Cutout"), "hiding", N_("Covers one square of fixed size at a random place (DeVries and Taylor, 2017). Typical: a quarter to a half of the side."),
        "RandomErasing", _chance(1.0),
        Parameter("side", N_("Side"), N_("Side of the square as a share of the picture's. Covered area: side². Typical: 0.25-0.5."), 0.3, 0.1, 0.8, 0.01),
        FILL, own_chance=True,
    ),
    "autoaugment": _spec(
        "autoaugment", "AutoAugment", "policy", N_("Two operations with the chances and strengths that a search found best for a data set; one of 25 pairs is drawn (Cubuk et al., 2018). Typical: the policy of the set most like yours."),
        "AutoAugment", _chance(1.0),
        Parameter("policy", N_("Policy"), N_("On which data set it was searched. SVHN is house numbers: it does not flip."), "imagenet", choices={"imagenet": "ImageNet", "cifar10": "CIFAR-10", "svhn": "SVHN"}),
    ),
    "randaugment": _spec(
        "randaugment", "RandAugment", "policy", N_("So many operations drawn from 14, all of the same strength (Cubuk et al., 2019). Typical: 2 operations, strength 9."),
        "RandAugment", _chance(1.0),
        Parameter("operations", N_("Operations"), N_("How many follow one another. Typical: 1-3."), 2, 1, 4, 1),
        Parameter("magnitude", N_("Strength"), N_("0 does nothing, 30 is strongest; the same for all operations. Typical: 5-15."), 9, 0, 30, 1),
    ),
    "trivialaugment": _spec(
        "trivialaugment", "TrivialAugmentWide", "policy", N_("One operation of 14 with a strength drawn anew: nothing to tune (Müller and Hutter, 2021). Typical: as it is."),
        "TrivialAugmentWide", _chance(1.0),
    ),
    "augmix": _spec(
        "augmix", "AugMix", "policy", N_("Mixes the picture with several chains of 1 to 3 operations by drawn weights (Hendrycks et al., 2019). Typical: strength 3, 3 chains."),
        "AugMix", _chance(1.0),
        Parameter("severity", N_("Strength"), N_("Strongest operation that is drawn, of 10. Typical: 1-5."), 3, 1, 10, 1),
        Parameter("width", N_("Chains"), N_("How many chains are mixed. Typical: 3."), 3, 1, 5, 1),
    ),
}  # fmt: skip
