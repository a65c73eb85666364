"""Augmentation of a batch against plain torchvision, one picture after another."""

from __future__ import annotations

import json
import math
import statistics
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.training import in_a_process

Row = tuple[str, float, str, str, str]
BATCH, ROUNDS = 64, 7
RECIPES = {  # name -> (recipe, shape)
    "handwriting": ("affine_1_-10_10_0.08_0.9_1.1_5_black~elastic_0.5_0.03_0.1_black", (1, 28, 28)),
    "shift_rotate": ("crop_1_0.12_constant~rotate_1_-10_10_black", (1, 28, 28)),
    "cifar": ("crop_1_0.125_reflect~hflip_0.5~cutout_1_0.4_grey", (3, 32, 32)),
    "randaugment": ("randaugment_1_2_9", (3, 32, 32)),
}


def rows(home: Path) -> list[Row]:
    """Milliseconds a batch of 64 on one thread, and how much quicker than torchvision alone; then each transform."""
    found: dict[str, list[float]] = json.loads(in_a_process("-m", "bench.augmentation"))
    made: list[Row] = []
    for name, (ours, plain) in found["recipes"].items():  # type: ignore[attr-defined]
        said = f"batch of {BATCH}, {'x'.join(map(str, RECIPES[name][1]))}, one thread; plain torchvision {plain:.1f} ms, bit for bit the same"
        made.append((f"augment.{name}_ms", ours, "ms", "", said))
        made.append(
            (f"augment.{name}_speedup", plain / ours, "x", ">= 1.2", "plain torchvision's time / ours, same batch")
        )
    slowest, ratio = min(found["transforms"].items(), key=lambda one: one[1])  # type: ignore[attr-defined]
    mean = math.exp(statistics.fmean(math.log(one) for one in found["transforms"].values()))  # type: ignore[attr-defined]
    made.append(("augment.each_speedup", mean, "x", ">= 1.5", f"geometric mean over all transforms, 3x32x32; least {slowest} {ratio:.2f}"))  # fmt: skip
    return made


def measured() -> dict[str, Any]:
    """Of each recipe [ours, plain] in ms; of each transform plain / ours."""
    import torch

    from core.config.augmentation import TRANSFORMS, RecipeConfig, TransformConfig, recipe_of

    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    recipes = {name: _both(recipe_of(text), shape) for name, (text, shape) in RECIPES.items()}
    ratios = {}
    for name in TRANSFORMS:
        one = TransformConfig(name).with_values(p=1.0)
        ours, plain = _both(RecipeConfig(transforms=(one,)), (3, 32, 32))
        ratios[name] = plain / ours
    return {"recipes": recipes, "transforms": ratios}


def _both(recipe: Any, shape: tuple[int, int, int]) -> tuple[float, float]:
    import torch

    from core.augmentation.made import composed
    from core.augmentation.pipeline import Augmenter

    images = torch.randint(0, 256, (BATCH, *shape), dtype=torch.uint8)
    augmenter, transforms = Augmenter(recipe, shape[1:]), composed(recipe, shape[1:])
    ours, plain = [], []
    for _round in range(ROUNDS):  # in turns: a shared machine is not always as fast
        ours.append(_milliseconds(lambda: augmenter(images)))
        plain.append(_milliseconds(lambda: torch.stack([transforms(image) for image in images])))
    return min(ours), min(plain)


def _milliseconds(done: Callable[[], Any]) -> float:
    began = time.perf_counter()
    done()
    return 1e3 * (time.perf_counter() - began)


if __name__ == "__main__":
    print(json.dumps(measured()))
