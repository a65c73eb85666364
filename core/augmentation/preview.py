"""What a recipe makes of pictures, to be looked at: after each transform, and in many draws, with what was drawn.

Pages import this to ask the question, so importing it loads no torch.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from core.config.augmentation import RecipeConfig, recipe_of

if TYPE_CHECKING:
    from torch import Tensor

    from core.augmentation.pipeline import Augmenter
    from core.augmentation.subjects import Shown

MOST_DRAWS = 24
APART = 1_000_003  # between the seeds of two pictures that draw on their own
ROUNDS = 7  # of each transform, whose median is told as its time


def preview(asked: dict[str, Any]) -> dict[str, Any]:
    """``asked``: ``recipe`` (text), ``pictures`` (see :func:`subjects`), ``seed``, ``count`` of draws, ``side`` of photos,
    ``same`` (whether all pictures are drawn for alike), ``difference`` ("", "size" or "signed").

    Returns ``pictures``, of each: ``name``, ``size`` [H, W], ``before`` (data URL), ``chain`` (after each transform of
    the first draw: ``src``, ``drawn`` values or null where it was not done, ``difference``) and ``draws`` (``src``,
    ``difference``, ``drawn`` of each transform); ``milliseconds`` of each transform for one picture; ``mixed``: what
    MixUp or CutMix makes of the pictures. Transforms are those that are on, in their order.
    """
    from core.augmentation.mixed import mixed
    from core.augmentation.subjects import subjects

    recipe, seed = recipe_of(str(asked["recipe"])), int(asked.get("seed", 0))
    count = min(max(int(asked.get("count", 12)), 1), MOST_DRAWS)
    shown = subjects(list(asked["pictures"]), int(asked.get("side", 160)))
    how, same = str(asked.get("difference", "")), bool(asked.get("same", True))
    begins = [seed + (0 if same else APART * place) for place in range(len(shown))]
    return {
        "pictures": [_picture(one, recipe, begin, count, how) for one, begin in zip(shown, begins, strict=True)],
        "milliseconds": _milliseconds(shown[0], recipe),
        "mixed": mixed(shown, recipe, seed, int(asked.get("side", 160))),
    }


def _picture(one: Shown, recipe: RecipeConfig, seed: int, count: int, how: str) -> dict[str, Any]:
    from core.augmentation.pipeline import Augmenter
    from core.augmentation.subjects import data_url

    height, width = one.pixels.shape[-2:]
    augmenter = Augmenter(recipe, (height, width))
    ways = [_way(augmenter, one.pixels, seed + number) for number in range(count)]
    draws = []
    for stages, told in ways:
        last = stages[-1] if stages else one.pixels
        draws.append({"src": data_url(last), "drawn": told, "difference": _difference(one.pixels, last, how)})
    before, chain = one.pixels, []
    for after, drawn in zip(*ways[0], strict=True):
        chain.append({"src": data_url(after), "drawn": drawn, "difference": _difference(before, after, how)})
        before = after
    return {
        "name": one.name,
        "size": [height, width],
        "before": data_url(one.pixels),
        "chain": chain,
        "draws": draws,
    }


def _way(augmenter: Augmenter, pixels: Tensor, seed: int) -> tuple[list[Tensor], list[dict[str, Any] | None]]:
    """The picture after each transform, and what each one drew."""
    import torch

    from core.augmentation.draws import told

    torch.manual_seed(seed)
    images, stages, said = pixels[None], [], []
    for number, drawn in enumerate(augmenter.draws(images)):
        images = augmenter.done(number, images, drawn)
        stages.append(images[0])
        said.append(told(augmenter.steps[number][0], drawn[0]))
    return stages, said


def _difference(before: Tensor, after: Tensor, how: str) -> str | None:
    from core.augmentation.subjects import data_url, difference

    return data_url(difference(before, after, how == "signed")) if how else None


def _milliseconds(one: Shown, recipe: RecipeConfig) -> list[float]:
    """Median time of torchvision's call of each transform, always done, for one picture on one thread."""
    from statistics import median

    from core.augmentation.made import module_of

    height, width = one.pixels.shape[-2:]
    found = []
    for transform in recipe.active:
        module, taken = module_of(transform.with_values(p=1.0), (height, width)), []
        for _round in range(ROUNDS):
            began = time.perf_counter()
            module(one.pixels)
            taken.append(1e3 * (time.perf_counter() - began))
        found.append(median(taken))
    return found
