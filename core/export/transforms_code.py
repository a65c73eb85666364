"""A recipe as torchvision code: the same classes with the same arguments as in the app. Loads no torch."""

from __future__ import annotations

from typing import Any

from core.config.augmentation import RecipeConfig, TransformConfig
from core.config.transform_calls import Term

WIDE = 120  # characters of a line
IMPORT = "from torchvision.transforms import v2"

TRANSFORMED = '''\
def transformed(images):
    """Each picture in a way of its own, drawn anew every time."""
    return torch.stack([TRANSFORMS(image) for image in {images}]){back}
'''

ALONE = '''\
"""Augmentation{title}: torchvision transforms for pictures of {height} x {width} pixels.

Needs torch and torchvision. Pictures are tensors (C, H, W) of type uint8.
"""

import torch
from torchvision.transforms import v2

{code}

def transformed(images):
    """Each picture of a batch (B, C, H, W) in a way of its own, drawn anew every time."""
    return torch.stack([TRANSFORMS(image) for image in images])


if __name__ == "__main__":
    torch.manual_seed({seed})
    batch = torch.randint(0, 256, (8, 3, {height}, {width}), dtype=torch.uint8)
    print(transformed(batch).shape)
{mix}'''


def transforms_code(recipe: RecipeConfig, size: tuple[int, int]) -> str:
    """``TRANSFORMS = v2.Compose([...])`` for pictures of (H, W) pixels."""
    lines = ["TRANSFORMS = v2.Compose(", "    ["]
    for one in recipe.active:
        lines += _placed(one, size, " " * 8)
    return "\n".join([*lines, "    ]", ")"]) + "\n"


def mix_code(recipe: RecipeConfig, classes: int | str) -> str:
    """``MIX = v2.MixUp(...)`` of a recipe that mixes."""
    name = "MixUp" if recipe.batch == "mixup" else "CutMix"
    return f"MIX = v2.{name}(alpha={recipe.alpha!r}, num_classes={classes})\n"


def transformed_code(device: str) -> str:
    """The function that does them to a batch; the numbers are drawn, and JPEG is packed, on the CPU."""
    there = device != "cpu"
    return TRANSFORMED.format(images="images.cpu()" if there else "images", back=".to(images.device)" if there else "")


def recipe_code(recipe: RecipeConfig, size: tuple[int, int], seed: int) -> str:
    """A file of its own with the recipe, to be used in any training loop."""
    code = transforms_code(recipe, size) if recipe.active else "TRANSFORMS = v2.Identity()\n"
    mix = ""
    if recipe.batch != "none":
        code += "# on a batch of float pictures and their labels: images, labels = MIX(images, labels)\n"
        code += mix_code(recipe, 10).replace("num_classes=10", "num_classes=CLASSES")
        code = "CLASSES = 10  # how many your labels tell apart\n" + code
        mix = "    labels = torch.randint(0, CLASSES, (8,))\n    print([part.shape for part in MIX(batch / 255, labels)])\n"
    title = f' "{recipe.title}"' if recipe.title else ""
    title = title.replace("\\", "").replace('"""', "")
    return ALONE.format(title=title, height=size[0], width=size[1], code=code, seed=seed, mix=mix)


def _placed(one: TransformConfig, size: tuple[int, int], indent: str) -> list[str]:
    """The lines of one transform, broken as ruff breaks them."""
    name, arguments, chance = f"v2.{one.spec.torchvision}", one.arguments(size), one.wrapped
    said = [f"{key}={_said(value)}" for key, value in arguments.items()]
    short = f"{name}({', '.join(said)})"
    if chance is not None:
        short = f"v2.RandomApply([{short}], p={chance!r})"
    if len(indent + short) < WIDE:
        return [f"{indent}{short},"]
    inner = indent + " " * 8 * (chance is not None)
    call = [f"{inner}{name}(", *(f"{inner}    {argument}," for argument in said), f"{inner}),"]
    if chance is None:
        return call
    return [f"{indent}v2.RandomApply(", f"{indent}    [", *call, f"{indent}    ],", f"{indent}    p={chance!r},", f"{indent}),"]  # fmt: skip


def _said(value: Any) -> str:
    if isinstance(value, Term):
        return f"v2.{value}"
    return f'"{value}"' if isinstance(value, str) else repr(value)
