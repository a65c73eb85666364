"""Brightness, contrast, saturation and hue of many pictures, each by its own factor and in its own order, as torchvision does it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torchvision.transforms.v2.functional import _color, to_dtype_image

from core.augmentation.draws import Params

NAMES = ("brightness_factor", "contrast_factor", "saturation_factor", "hue_factor")  # by torchvision's number


def jitter(module: Any, images: Tensor, drawn: list[Params]) -> Tensor:
    """``images`` (n, C, H, W) uint8: what comes first for some comes last for others, so they are changed in groups."""
    images, orders = images.clone(), [params["fn_idx"].tolist() for params in drawn]
    for place in range(len(NAMES)):
        for number, name in enumerate(NAMES):
            if images.shape[1] == 1 and number > 1:
                continue  # grey has no colour
            chosen = [at for at, order in enumerate(orders) if order[place] == number and drawn[at][name] is not None]
            if chosen:
                where = torch.tensor(chosen, device=images.device)
                images[where] = _CHANGES[number](images[where], [drawn[at][name] for at in chosen])
    return images


def _brightness(images: Tensor, factors: list[float]) -> Tensor:
    return images.mul(_of_each(factors, images)).clamp_(0, 255).to(torch.uint8)


def _contrast(images: Tensor, factors: list[float]) -> Tensor:
    grey = _grey(images) if images.shape[1] == 3 else images.float()
    means = torch.stack(
        [torch.mean(one, dim=(-3, -2, -1), keepdim=True) for one in grey]
    )  # one by one: sums in its order
    return _blended(images, means, factors)


def _saturation(images: Tensor, factors: list[float]) -> Tensor:
    return _blended(images, _grey(images), factors)


def _hue(images: Tensor, factors: list[float]) -> Tensor:
    hue, saturation, value = _color._rgb_to_hsv(to_dtype_image(images, torch.float32, scale=True)).unbind(dim=-3)
    hue = hue.add(_of_each(factors, images)[:, 0]).remainder_(1.0)
    made = _color._hsv_to_rgb(torch.stack((hue, saturation, value), dim=-3))
    done: Tensor = to_dtype_image(made, torch.uint8, scale=True)
    return done


def _blended(images: Tensor, others: Tensor, factors: list[float]) -> Tensor:
    made = images.mul(_of_each(factors, images))
    for one, other, factor in zip(made, others, factors, strict=True):
        one.add_(other, alpha=1.0 - factor)  # in one rounding, which is what the last bit hangs on
    return made.clamp_(0, 255).to(torch.uint8)


def _grey(images: Tensor) -> Tensor:
    made: Tensor = _color._rgb_to_grayscale_image(images, num_output_channels=1, preserve_dtype=False)
    return made.floor_()


def _of_each(factors: list[float], images: Tensor) -> Tensor:
    return torch.tensor(factors).to(images.device).view(-1, 1, 1, 1)


_CHANGES = (_brightness, _contrast, _saturation, _hue)
