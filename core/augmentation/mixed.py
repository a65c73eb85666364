"""MixUp and CutMix to be looked at: what two pictures and their labels become."""

from __future__ import annotations

from typing import Any

import torch

from core.augmentation.pipeline import augmented, mixer
from core.augmentation.subjects import Shown, data_url
from core.config.augmentation import RecipeConfig


def mixed(shown: list[Shown], recipe: RecipeConfig, seed: int, side: int) -> list[dict[str, Any]]:
    """Each picture mixed with the one before it, after the other transforms; squares of ``side`` pixels where their sizes differ: ``src``, and
    ``shares`` [(name, share), ...] as the loss would have them. Empty where nothing is mixed or there is one picture only.
    """
    if recipe.batch == "none" or len(shown) < 2:
        return []
    from torchvision.transforms.v2.functional import resize

    pixels = [one.pixels for one in shown]
    if len({one.shape for one in pixels}) > 1:
        channels = max(map(len, pixels))
        pixels = [resize(one, [side, side]).expand(channels, -1, -1) for one in pixels]
    images = augmented(torch.stack(pixels), recipe, seed)
    made, shares = mixer(recipe, len(shown))(images.float(), torch.arange(len(shown)))
    found = []
    for image, row in zip(made, shares, strict=True):
        order = [place for place in row.argsort(descending=True).tolist() if row[place] > 0]
        said = [(shown[place].name, row[place].item()) for place in order]
        found.append({"src": data_url(image.round().to(torch.uint8)), "shares": said, "size": list(image.shape[1:])})
    return found
