"""Recipes of augmentation to start from. No torch."""

from __future__ import annotations

from core.config.augmentation import RecipeConfig, recipe_of
from core.i18n import N_

# name -> (the recipe on one line, what it is for)
STARTS: dict[str, tuple[str, str]] = {
    "photos": (
        "=Photos~resized-crop_1_0.6_1_0.75_1.33~hflip_0.5~jitter_1_0.2_0.2_0.2_0.02",
        N_("Crops, flips and a little colour: what most networks for photos are trained with."),
    ),
    "digits": (
        "=Handwriting~affine_1_-10_10_0.08_0.9_1.1_5_black~elastic_0.5_0.03_0.1_black",
        N_("Small rotations, shifts and rubber-like bends; no flips, which would make other signs of digits."),
    ),
    "cifar": (
        "=CIFAR~crop_1_0.125_reflect~hflip_0.5~cutout_1_0.4_grey",
        N_("Padded crop, flip and Cutout: the recipe of many records on CIFAR-10."),
    ),
    "trivial": (
        "=TrivialAugment~hflip_0.5~trivialaugment_1~erase_0.1_0.02_0.25_0.3_3.3_black",
        N_("Flip, one random operation, sometimes a hole: close to torchvision's own training recipe."),
    ),
    "bad_camera": (
        "=Bad camera~perspective_0.7_0.3_black~jitter_1_0.4_0.4_0.2_0.02~blur_0.5_0.1_1.5~noise_0.5_0.05~jpeg_0.7_20_70",
        N_("What phones do to a picture: a slanted view, wrong light, blur, noise and JPEG."),
    ),
    "mixup": ("=MixUp~hflip_0.5~crop_1_0.12_reflect~-mixup_0.4", N_("Pictures and labels of pairs are mixed.")),
    "cutmix": ("=CutMix~hflip_0.5~crop_1_0.12_reflect~-cutmix_1", N_("A rectangle of each picture comes from another.")),
}  # fmt: skip


def starts() -> dict[str, RecipeConfig]:
    """The recipes by name."""
    return {name: recipe_of(text) for name, (text, _help) in STARTS.items()}
