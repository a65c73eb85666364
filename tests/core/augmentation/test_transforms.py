"""Every transform of the table: what comes out, that it repeats itself, and that it is torchvision's own to the last bit."""

from __future__ import annotations

import pytest
import torch

from core.augmentation.made import composed
from core.augmentation.pipeline import Augmenter, augmented
from core.config.augmentation import TRANSFORMS, RecipeConfig, TransformConfig

SIZES = ((1, 8, 8), (3, 32, 24))
OFTEN = 0.7  # so that some pictures are left alone


def pictures(shape: tuple[int, int, int], count: int = 12) -> torch.Tensor:
    """Smooth random pictures, (count, C, H, W) uint8."""
    draw = torch.Generator().manual_seed(3)
    coarse = torch.rand(count, shape[0], 4, 4, generator=draw) * 255
    return torch.nn.functional.interpolate(coarse, shape[1:], mode="bilinear").round().to(torch.uint8)


def alone(name: str, chance: float = OFTEN) -> RecipeConfig:
    return RecipeConfig(transforms=(TransformConfig(name).with_values(p=chance),))


def plain(images: torch.Tensor, recipe: RecipeConfig, seed: int) -> torch.Tensor:
    """What torchvision makes of one picture after another."""
    transforms = composed(recipe, tuple(images.shape[-2:]))
    torch.manual_seed(seed)
    return torch.stack([transforms(image) for image in images])


@pytest.mark.parametrize("shape", SIZES, ids=["grey", "colour"])
@pytest.mark.parametrize("name", TRANSFORMS)
def test_shape_range_seed_and_torchvision(name, shape):
    images, recipe = pictures(shape), alone(name)
    before = images.clone()
    done = augmented(images, recipe, 7)
    left = torch.rand(3)
    assert done.shape == images.shape and done.dtype == torch.uint8
    assert torch.equal(images, before), "the pictures themselves must stay"
    assert torch.equal(done, augmented(images, recipe, 7))
    assert torch.equal(torch.rand(3), left)
    assert torch.equal(done, plain(images, recipe, 7))
    assert torch.equal(torch.rand(3), left), "torchvision drew as many numbers"


@pytest.mark.parametrize("shape", SIZES, ids=["grey", "colour"])
def test_all_of_them_after_one_another(shape):
    names = list(TRANSFORMS)
    for first in range(0, len(names), 9):
        transforms = tuple(TransformConfig(name).with_values(p=OFTEN) for name in names[first : first + 9])
        recipe, images = RecipeConfig(transforms=transforms), pictures(shape)
        assert torch.equal(augmented(images, recipe, 1), plain(images, recipe, 1))


@pytest.mark.parametrize("name", TRANSFORMS)
def test_what_is_told_is_what_was_done(name):
    """The transform with the drawn parameters gives the same picture."""
    images = pictures((3, 32, 24))
    augmenter = Augmenter(alone(name, 1.0), (32, 24))
    torch.manual_seed(2)
    [drawn] = augmenter.draws(images)
    done = augmenter.done(0, images, drawn)
    module = augmenter.steps[0][1]
    for image, params, found in zip(images, drawn, done, strict=True):
        assert params is not None
        if "chains" in params or "noise" in params:
            continue
        assert torch.equal(module.transform(image, params), found)
