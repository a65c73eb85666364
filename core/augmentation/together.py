"""One transform done to many pictures at once, each with its own drawn parameters; bit for bit what torchvision does to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torchvision.transforms.v2 import functional as F
from torchvision.transforms.v2._utils import _get_fill
from torchvision.transforms.v2.functional import _geometry

from core.augmentation.draws import Params
from core.augmentation.light import jitter
from core.augmentation.policies import augmix, policy

# (torchvision's transform, pictures (n, C, H, W) uint8, drawn parameters of each) -> pictures
Together = Callable[[Any, Tensor, list[Params]], Tensor]


def one_by_one(module: Any, images: Tensor, drawn: list[Params]) -> Tensor:
    """torchvision's own way."""
    return torch.stack([module.transform(image, params) for image, params in zip(images, drawn, strict=True)])


def alike(module: Any, images: Tensor, drawn: list[Params]) -> Tensor:
    """For what needs no parameters, or the same ones for all: a single call."""
    done: Tensor = module.transform(images, drawn[0])
    return done


def on_cpu(module: Any, images: Tensor, drawn: list[Params]) -> Tensor:
    """For what exists on the CPU only."""
    return one_by_one(module, images.cpu(), drawn).to(images.device)


def noise(module: Any, images: Tensor, drawn: list[Params]) -> Tensor:
    """Gaussian noise, cut to whole numbers as torchvision does."""
    added = torch.stack([params["noise"] for params in drawn]).to(images.device)
    added = (module.mean * 255 + added * (module.sigma * 255)).to(torch.int16)
    done: Tensor = (images + added).clamp_(0, 255).to(torch.uint8)
    return done


def crop(module: Any, images: Tensor, drawn: list[Params]) -> Tensor:
    """Pads all pictures, then reads a window of each."""
    fill = _get_fill(module._fill, Tensor)
    padded = F.pad(images, padding=drawn[0]["padding"], fill=fill, padding_mode=module.padding_mode)
    tops, lefts = ([params[name] for params in drawn] for name in ("top", "left"))
    height, width = images.shape[-2:]
    return windows(padded, tops, lefts, (height, width))


def windows(images: Tensor, tops: list[int], lefts: list[int], size: tuple[int, int]) -> Tensor:
    """Cuts a window of (H, W) = ``size`` out of each picture (n, C, ., .)."""
    corners = torch.tensor([tops, lefts]).to(images.device)  # (2, n)
    rows = corners[0][:, None] + torch.arange(size[0], device=images.device)  # (n, H)
    columns = corners[1][:, None] + torch.arange(size[1], device=images.device)  # (n, W)
    numbers = torch.arange(len(images), device=images.device)[:, None, None]
    cut = images.permute(0, 2, 3, 1)[numbers, rows[:, :, None], columns[:, None, :]]
    return cut.permute(0, 3, 1, 2).contiguous()


def erase(module: Any, images: Tensor, drawn: list[Params]) -> Tensor:
    """Covers a rectangle of each picture."""
    boxes = [(p["i"], p["j"], p["h"], p["w"]) if p["v"] is not None else (0, 0, 0, 0) for p in drawn]
    top, left, height, width = torch.tensor(boxes).to(images.device).T[:, :, None]  # (n, 1) each
    rows = torch.arange(images.shape[-2], device=images.device)
    columns = torch.arange(images.shape[-1], device=images.device)
    covered = ((rows >= top) & (rows < top + height))[:, :, None] & ((columns >= left) & (columns < left + width))[:, None]  # fmt: skip
    return images.masked_fill(covered[:, None], int(module.value[0]))


def rotate(module: Any, images: Tensor, drawn: list[Params]) -> Tensor:
    """Rotation around the centre."""
    if any(params["angle"] % 90 == 0 for params in drawn):  # for these torchvision moves pixels without a grid
        return one_by_one(module, images, drawn)
    still: tuple[list[float], float, list[float]] = ([0.0, 0.0], 1.0, [0.0, 0.0])
    matrices = [_geometry._get_inverse_affine_matrix([0.0, 0.0], -(params["angle"] % 360), *still) for params in drawn]
    return _sampled(module, images, _affine_grids(matrices, images))


def affine(module: Any, images: Tensor, drawn: list[Params]) -> Tensor:
    """Rotation, shift, scale and shear."""
    matrices = [
        _geometry._get_inverse_affine_matrix(
            [0.0, 0.0],
            params["angle"],
            [float(one) for one in params["translate"]],
            params["scale"],
            list(params["shear"]),
        )
        for params in drawn
    ]
    return _sampled(module, images, _affine_grids(matrices, images))


def perspective(module: Any, images: Tensor, drawn: list[Params]) -> Tensor:
    """Four corners moved."""
    height, width = images.shape[-2:]
    coefficients = torch.tensor([params["coefficients"] for params in drawn]).to(images.device)  # (n, 8)
    ones = torch.ones(len(drawn), 1, device=images.device)
    above = coefficients[:, :6].reshape(-1, 2, 3).transpose(1, 2) / _half(images)
    below = torch.cat([coefficients[:, 6:], ones], 1)[:, None].expand(-1, 2, -1).transpose(1, 2)
    base = _base(images, 0.5, width - 0.5, 0.5, height - 0.5)
    grid = base.bmm(above).div_(base.bmm(below)).sub_(1.0)
    return _sampled(module, images, grid.view(-1, height, width, 2))


def elastic(module: Any, images: Tensor, drawn: list[Params]) -> Tensor:
    """Every pixel moved on its own."""
    still = _geometry._create_identity_grid(images.shape[-2:], images.device, torch.float32)
    moved = torch.cat([params["displacement"] for params in drawn]).to(images.device)
    return _sampled(module, images, still + moved)


def _affine_grids(matrices: list[list[float]], images: Tensor) -> Tensor:
    """Where each pixel of each picture comes from, (n, H, W, 2): x and y from -1 to 1."""
    height, width = images.shape[-2:]
    theta = torch.tensor(matrices).to(images.device).reshape(-1, 2, 3)
    base = _base(images, (1.0 - width) * 0.5, (width - 1.0) * 0.5, (1.0 - height) * 0.5, (height - 1.0) * 0.5)
    return base.bmm(theta.transpose(1, 2) / _half(images)).view(-1, height, width, 2)


def _base(images: Tensor, left: float, right: float, top: float, bottom: float) -> Tensor:
    """Coordinates (x, y, 1) of every pixel, (n, H * W, 3)."""
    height, width = images.shape[-2:]
    base = torch.ones(1, height, width, 3, device=images.device)
    base[..., 0] = torch.linspace(left, right, width, device=images.device)
    base[..., 1] = torch.linspace(top, bottom, height, device=images.device)[:, None]
    return base.view(1, height * width, 3).expand(len(images), -1, -1)


def _half(images: Tensor) -> Tensor:
    height, width = images.shape[-2:]
    return torch.tensor([0.5 * width, 0.5 * height]).to(images.device)


def _sampled(module: Any, images: Tensor, grid: Tensor) -> Tensor:
    mode = getattr(module.interpolation, "value", module.interpolation)
    fill = _get_fill(module._fill, Tensor)
    done: Tensor = _geometry._apply_grid_transform(images, grid, mode, fill=fill)
    return done


def jpeg(module: Any, images: Tensor, drawn: list[Params]) -> Tensor:
    """Packed on the CPU: a GPU's JPEG is another one."""
    return on_cpu(module, images, drawn)


TOGETHER: dict[str, Together] = {
    "crop": crop,
    "rotate": rotate,
    "affine": affine,
    "perspective": perspective,
    "elastic": elastic,
    "erase": erase,
    "cutout": erase,
    "noise": noise,
    "jpeg": jpeg,
    "jitter": jitter,
    **dict.fromkeys(
        ("hflip", "vflip", "invert", "posterize", "solarize", "equalize", "autocontrast", "grayscale", "sharpness"),
        alike,
    ),
    **dict.fromkeys(("autoaugment", "randaugment", "trivialaugment"), policy),
    "augmix": augmix,
}
