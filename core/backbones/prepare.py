"""A picture as a backbone reads it: shorter side to size, the middle cut out, each colour normalised."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

from core.backbones.spec import BackboneSpec


def middle(spec: BackboneSpec, picture: Any) -> Tensor:
    """A PIL picture (RGB) or (3, H, W) uint8 -> (3, side, side) uint8, as people can look at it."""
    how = InterpolationMode.BICUBIC if spec.bicubic else InterpolationMode.BILINEAR
    cut = F.center_crop(F.resize(picture, [spec.resize], how, antialias=True), [spec.side])
    found: Tensor = cut if isinstance(cut, Tensor) else F.pil_to_tensor(cut)
    return found


def normalised(spec: BackboneSpec, pixels: Tensor) -> Tensor:
    """Pictures (..., 3, H, W) uint8 -> float32 with the mean and deviation the backbone was trained with."""
    mean, std = (torch.tensor(values, device=pixels.device).view(3, 1, 1) for values in (spec.mean, spec.std))
    return (pixels.float() / 255 - mean) / std


def prepared(spec: BackboneSpec, picture: Any) -> Tensor:
    """Both: what torchvision's own transforms of the weights make of a picture."""
    return normalised(spec, middle(spec, picture))
