"""From a recipe to torchvision's own objects."""

from __future__ import annotations

from functools import reduce
from typing import Any

from torchvision.transforms import v2

from core.config.augmentation import RecipeConfig, TransformConfig
from core.config.transform_calls import Term

Size = tuple[int, int]  # (H, W)
Operation = tuple[str, float]  # of a policy: its name and strength


class _Noted:
    """Of a policy: while it is dry it does nothing, but notes what it would do. Weights are drawn on the CPU."""

    dry = False
    noted: list[Operation]

    def _apply_image_or_video_transform(self, image: Any, name: str, magnitude: float, *args: Any, **kwargs: Any) -> Any:  # fmt: skip
        if self.dry:
            self.noted.append((name, magnitude))
            return image
        return super()._apply_image_or_video_transform(image, name, magnitude, *args, **kwargs)  # type: ignore[misc]


POLICIES = {
    name: type(f"Noted{name}", (_Noted, getattr(v2, name)), {})
    for name in ("AutoAugment", "RandAugment", "TrivialAugmentWide", "AugMix")
}


def module_of(one: TransformConfig, size: Size) -> Any:
    """torchvision's transform for pictures of ``size``, without the chance that ``RandomApply`` gives it."""
    name = one.spec.torchvision
    made = POLICIES.get(name) or getattr(v2, name)
    return made(**{key: _resolved(value) for key, value in one.arguments(size).items()})


def composed(recipe: RecipeConfig, size: Size) -> Any:
    """What the exported code says: (C, H, W) uint8 in, the same out; every call draws anew."""
    parts = []
    for one in recipe.active:
        module = module_of(one, size)
        parts.append(module if one.wrapped is None else v2.RandomApply([module], p=one.wrapped))
    return v2.Compose(parts) if parts else v2.Identity()


def _resolved(value: Any) -> Any:
    return reduce(getattr, value.split("."), v2) if isinstance(value, Term) else value
