"""A recipe at work: a batch in, the batch as a network is to see it out, where it lies (CPU or GPU)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torchvision.transforms import v2

from core.augmentation.draws import Params, draw, worked_out
from core.augmentation.made import Size, module_of
from core.augmentation.together import TOGETHER, one_by_one
from core.config.augmentation import RecipeConfig, TransformConfig

Drawn = list[Params | None]  # of one transform: for each picture


class Augmenter:
    """The transforms of ``recipe`` that are on, for pictures of ``size``. Draws from torch's global CPU generator."""

    def __init__(self, recipe: RecipeConfig, size: Size) -> None:
        self.steps: list[tuple[TransformConfig, Any]] = [(one, module_of(one, size)) for one in recipe.active]

    def draws(self, images: Tensor) -> list[Drawn]:
        """What is drawn for ``images`` (B, C, H, W): for each transform, for each picture. Picture after picture."""
        drawn: list[Drawn] = [[] for _step in self.steps]
        for image in images:
            for (one, module), found in zip(self.steps, drawn, strict=True):
                found.append(draw(one, module, image))
        for (one, module), found in zip(self.steps, drawn, strict=True):
            worked_out(one, module, found)
        return drawn

    def done(self, number: int, images: Tensor, drawn: Drawn) -> Tensor:
        """``images`` (B, C, H, W) uint8 after transform ``number`` alone, with what was drawn for each."""
        one, module = self.steps[number]
        chosen = [place for place, params in enumerate(drawn) if params is not None]
        if not chosen:
            return images
        function, params = TOGETHER.get(one.name, one_by_one), [drawn[place] for place in chosen]
        if len(chosen) == len(images):
            return function(module, images, params)  # type: ignore[arg-type]
        places = torch.tensor(chosen, device=images.device)
        return images.index_copy(0, places, function(module, images[places], params))  # type: ignore[arg-type]

    def __call__(self, images: Tensor) -> Tensor:
        """``images`` (B, C, H, W) uint8 from 0 to 255, each disturbed in its own way; the same shape, kind and device."""
        for number, drawn in enumerate(self.draws(images)):
            images = self.done(number, images, drawn)
        return images


def augmented(images: Tensor, recipe: RecipeConfig, seed: int | None = None) -> Tensor:
    """``images`` (B, C, H, W) uint8 from 0 to 255 after ``recipe``; ``seed`` sets torch's global generator first."""
    if seed is not None:
        torch.manual_seed(seed)
    if not recipe.active:
        return images
    height, width = images.shape[-2:]
    return Augmenter(recipe, (height, width))(images)


def mixer(recipe: RecipeConfig, classes: int) -> Any:
    """torchvision's MixUp or CutMix, or ``None``: (images (B, C, H, W) float, labels (B,)) -> the same, labels (B, classes)."""
    if recipe.batch == "none":
        return None
    made = v2.MixUp if recipe.batch == "mixup" else v2.CutMix
    return made(alpha=recipe.alpha, num_classes=classes)
