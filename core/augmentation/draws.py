"""What a transform draws for one picture: first drawn, then done, so that a batch can be done at once and draws be told.

Numbers come from torch's global generator in the order in which torchvision draws them when it is called for one
picture after another. So a batch done here is the batch that ``v2.Compose`` makes, to the last bit.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as F

from core.augmentation.made import POLICIES, Operation
from core.config.augmentation import TransformConfig

Params = dict[str, Any]
BLURRED_TOGETHER = 48  # pixels a side up to which one convolution over many pictures is quicker than many
INSIDE = frozenset({"photometric"})  # draws its chance within make_params, for each of its parts


def draw(one: TransformConfig, module: Any, picture: Tensor) -> Params | None:
    """The parameters for ``picture`` (C, H, W), of which only the shape matters; ``None``: not done to this one."""
    if one.wrapped is not None and torch.rand(1) >= one.wrapped:
        return None
    if one.spec.own_chance and one.name not in INSIDE and torch.rand(1) >= module.p:
        return None
    if one.spec.torchvision in POLICIES:
        return _of_policy(module, picture)
    if one.name == "noise":  # torchvision draws it only when it adds it
        return {"noise": torch.randn(picture.shape)}
    if one.name == "elastic":
        return {"raw": torch.cat([torch.rand(1, 1, *picture.shape[-2:]) for _axis in "xy"])}
    found: Params = module.make_params([picture])
    return found


def worked_out(one: TransformConfig, module: Any, drawn: list[Params | None]) -> None:
    """Makes parameters of what was drawn where that is quicker for many pictures at once: blurs elastic displacements."""
    raw = [params for params in drawn if params is not None and "raw" in params]
    if one.name != "elastic" or not raw:
        return
    height, width = raw[0]["raw"].shape[-2:]
    kernel = int(8 * module.sigma[0] + 1) | 1
    at_once = len(raw) if max(height, width) <= BLURRED_TOGETHER else 1
    for first in range(0, len(raw), at_once):
        part = raw[first : first + at_once]
        moved = torch.cat([params.pop("raw") for params in part]) * 2 - 1  # (2 n, 1, H, W)
        moved = F.gaussian_blur(moved, [kernel, kernel], list(module.sigma)).view(len(part), 2, height, width)
        moved = torch.stack([moved[:, 0] * module.alpha[0] / width, moved[:, 1] * module.alpha[1] / height], -1)
        for params, displacement in zip(part, moved, strict=True):
            params["displacement"] = displacement[None]  # (1, H, W, 2)


def _of_policy(module: Any, picture: Tensor) -> Params:
    """``chains``: the operations that are done one after another; of AugMix several, and the ``weights`` they are mixed with."""
    if isinstance(module, v2.AugMix):
        return _of_augmix(module, picture)
    module.dry, module.noted = True, []
    try:
        module(picture)
    finally:
        module.dry = False
    return {"chains": [module.noted]}


def _of_augmix(module: Any, picture: Tensor) -> Params:
    """What ``AugMix.forward`` draws, in its order: of itself and the rest, of each chain, then each chain's operations."""
    own = torch._sample_dirichlet(torch.tensor([[module.alpha, module.alpha]]))  # (1, 2)
    shares = torch._sample_dirichlet(torch.tensor([[module.alpha] * module.mixture_width])) * own[:, 1:]
    space = module._AUGMENTATION_SPACE if module.all_ops else module._PARTIAL_AUGMENTATION_SPACE
    height, width = picture.shape[-2:]
    chains = []
    for _chain in range(module.mixture_width):
        depth = module.chain_depth if module.chain_depth > 0 else int(torch.randint(low=1, high=4, size=(1,)).item())
        chain: list[Operation] = []
        for _operation in range(depth):
            name, (strengths, signed) = module._get_random_item(space)
            magnitudes, magnitude = strengths(module._PARAMETER_MAX, height, width), 0.0
            if magnitudes is not None:
                magnitude = float(magnitudes[int(torch.randint(module.severity, ()))])
                if signed and torch.rand(()) <= 0.5:
                    magnitude *= -1
            chain.append((name, magnitude))
        chains.append(chain)
    return {"chains": chains, "weights": torch.cat([own[0, :1], shares[0]])}  # of the picture itself, of each chain


def told(one: TransformConfig, params: Params | None) -> dict[str, Any] | None:
    """What was drawn, JSON-ready, under torchvision's names; ``None`` where the transform was not done."""
    if params is None:
        return None
    return {name: value for name, value in _TOLD.get(one.name, _plain)(params).items() if value is not None}


def _plain(params: Params) -> dict[str, Any]:
    return {name: _number(value) for name, value in params.items()}


def _number(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.tolist()
    return [_number(one) for one in value] if isinstance(value, list | tuple) else value


def _crop(params: Params) -> dict[str, Any]:
    left, top, *_rest = params["padding"]
    return {"right": left - params["left"], "down": top - params["top"]}


def _elastic(params: Params) -> dict[str, Any]:
    moved = params["displacement"][0]  # (H, W, 2) in half sides
    height, width = moved.shape[:2]
    pixels = moved * torch.tensor([width / 2, height / 2])
    return {"deviation": pixels.std().item(), "farthest": pixels.norm(dim=-1).max().item()}


def _noise(params: Params) -> dict[str, Any]:
    return {"mean": params["noise"].mean().item(), "deviation": params["noise"].std().item()}


def _erase(params: Params) -> dict[str, Any]:
    if params["v"] is None:  # none of ten rectangles fitted
        return {"height": 0, "width": 0}
    return {"top": params["i"], "left": params["j"], "height": params["h"], "width": params["w"]}


def _policy(params: Params) -> dict[str, Any]:
    chains = [
        [name if strength == 0 else f"{name} {strength:.3g}" for name, strength in one] for one in params["chains"]
    ]
    if "weights" not in params:
        return {"operations": chains[0]}
    return {"operations": [", ".join(chain) for chain in chains], "weights": params["weights"].tolist()}


def _jitter(params: Params) -> dict[str, Any]:
    names = ("brightness", "contrast", "saturation", "hue")
    factors = {name: params[f"{name}_factor"] for name in names}
    order = [names[number] for number in params["fn_idx"].tolist() if factors[names[number]] is not None]
    return {**factors, "order": order}


def _photometric(params: Params) -> dict[str, Any]:
    found = _plain({name: value for name, value in params.items() if value is not None})
    return {name.removesuffix("_factor"): value for name, value in found.items() if name != "contrast_before"}


_TOLD = {
    "crop": _crop,
    "elastic": _elastic,
    "noise": _noise,
    "erase": _erase,
    "cutout": _erase,
    "jitter": _jitter,
    "photometric": _photometric,
    "grayscale": lambda params: {},
    **dict.fromkeys(("autoaugment", "randaugment", "trivialaugment", "augmix"), _policy),
}
