"""What the offline backbone is worth on photos: ``python -m scripts.evaluate_formula PHOTOS`` (a folder of class folders).

A linear head is taught upon frozen features of (a) the network trained on formula pictures, (b) the same network with
random weights, (c) MobileNetV2 trained on ImageNet, where its weights are on this machine. All get the same splits and
the same head; (a) and (b) the same pictures. The random network is not put at a disadvantage: its layers start by He's
rule, and its batch norms take their statistics from the same formula pictures in the same way as those of (a).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from safetensors.torch import load_file
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor
from torchvision.transforms import functional

from core.models.formula import FormulaNet
from core.pictures import builtin
from scripts.formula.store import made
from scripts.formula.views import normalised
from scripts.pretrain_formula import calibrate

SPLITS, TESTED, SHAPES_TESTED, SEED = 5, 153, 30, 0  # random splits; photos, shapes held back; seed of the splits
STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1)  # of logistic regression's C, chosen by 5 parts of the training pictures
RANDOM_NETWORKS = 3
Vectors = NDArray[np.float32]


def photos(folder: Path) -> tuple[list[Image.Image], NDArray[np.int64]]:
    """All photos below class folders anywhere in ``folder``, with the number of their class."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg", ".png"})
    classes = sorted({path.parent.name for path in paths})
    found = []
    for path in paths:
        with Image.open(path) as picture:
            found.append(ImageOps.exif_transpose(picture).convert("RGB"))
    return found, np.array([classes.index(path.parent.name) for path in paths])


def drawn_shapes() -> tuple[list[Image.Image], NDArray[np.int64]]:
    """The album of circles, squares and triangles that comes with LiveTorch."""
    rng = random.Random(builtin.SEED)
    classes = builtin.SHAPE_CLASSES * builtin.PER_SHAPE
    return [builtin.draw_shape(name, rng) for name in classes], np.array(
        [builtin.SHAPE_CLASSES.index(name) for name in classes]
    )


def prepared(picture: Image.Image, side: int) -> Tensor:
    """The shorter side becomes ``side`` pixels, the middle is cut out: (3, side, side), 0 to 1."""
    found: Tensor = functional.to_tensor(functional.center_crop(functional.resize(picture, [side]), [side]))
    return found


@torch.inference_mode()
def vectors(
    pictures: list[Image.Image], prepare: Callable[[Image.Image], Tensor], features: Callable[[Tensor], Tensor]
) -> Vectors:
    """Features (N, F) of the pictures."""
    batches = [pictures[start : start + 32] for start in range(0, len(pictures), 32)]
    return np.concatenate([features(torch.stack([prepare(picture) for picture in batch])).numpy() for batch in batches])


def accuracies(values: Vectors, labels: NDArray[np.int64], tested: int) -> list[float]:
    """Percent of the held-back pictures named right, a split at a time."""
    found = []
    for train, test in StratifiedShuffleSplit(SPLITS, test_size=tested, random_state=SEED).split(values, labels):
        head = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500, tol=1e-3))
        search = GridSearchCV(head, {"logisticregression__C": STRENGTHS}, cv=5)
        search.fit(values[train], labels[train])
        found.append(100 * float(search.score(values[test], labels[test])))
    return found


def figures(found: list[float]) -> dict[str, Any]:
    """Mean, standard deviation and the accuracies themselves."""
    return {
        "mean": round(float(np.mean(found)), 1),
        "spread": round(float(np.std(found, ddof=1)), 1),
        "all": [round(value, 1) for value in found],
    }


def formula_features(net: FormulaNet) -> Callable[[Tensor], Tensor]:
    """Pictures of 0 to 1 -> features."""
    return lambda images: net.features(normalised(images))


def networks(options: argparse.Namespace) -> dict[str, FormulaNet]:
    """The trained network, and the same one with random weights of several seeds."""
    trained = FormulaNet()
    trained.load_state_dict(load_file(options.weights))
    found = {"formula": trained}
    store = made(options.folder, options.seed, options.programmes, options.forms)
    for number in range(RANDOM_NETWORKS):
        torch.manual_seed(1000 + number)
        found[f"random {number}"] = FormulaNet()
        calibrate(found[f"random {number}"], store)
    return {name: net.to(memory_format=torch.channels_last).eval() for name, net in found.items()}


def compared(
    nets: dict[str, FormulaNet], pictures: list[Image.Image], labels: NDArray[np.int64], side: int, tested: int
) -> dict[str, Any]:
    """Figures of all networks at one side, the mean of the random ones, and how much better the trained one is."""
    found = {}
    for name, net in nets.items():
        values = vectors(pictures, lambda picture: prepared(picture, side), formula_features(net))
        found[name] = accuracies(values, labels, tested)
    chance = np.mean([found[name] for name in nets if name != "formula"], 0)
    result: dict[str, Any] = {name: figures(values) for name, values in found.items()}
    result["random"] = figures([float(value) for value in chance])
    result["gain"] = round(result["formula"]["mean"] - result["random"]["mean"], 1)
    return result


def evaluate(options: argparse.Namespace) -> dict[str, Any]:
    """All figures, each told as soon as it is there."""
    nets, (pictures, labels) = networks(options), photos(options.photos)
    result: dict[str, Any] = {"photos": len(pictures)}
    for side in options.sides:
        result[f"side {side}"] = compared(nets, pictures, labels, side, TESTED)
        print(side, json.dumps(result[f"side {side}"]), flush=True)
    result["drawn shapes"] = compared(nets, *drawn_shapes(), builtin.SIDE, SHAPES_TESTED)
    return {**result, **imagenet(pictures, labels)}


def imagenet(pictures: list[Image.Image], labels: NDArray[np.int64]) -> dict[str, Any]:
    """MobileNetV2's figures, where its weights are on this machine."""
    from core.backbones.load import load_backbone
    from core.backbones.registry import BACKBONES

    if not BACKBONES["mobilenet_v2"].available():
        return {}
    backbone = load_backbone("mobilenet_v2")
    return {"mobilenet_v2": figures(accuracies(vectors(pictures, backbone.prepare, backbone.features), labels, TESTED))}


def arguments() -> argparse.Namespace:
    """What can be set on the command line."""
    parser = argparse.ArgumentParser(description="Measure the offline backbone with a linear head on photos.")
    parser.add_argument("photos", type=Path)
    parser.add_argument("--weights", type=Path, default=Path("assets/backbones/formula.safetensors"))
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "livetorch-formula")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--programmes", type=int, default=4000)
    parser.add_argument("--forms", type=int, default=10000)
    parser.add_argument("--sides", type=int, nargs="+", default=[160], help="pixels of a picture's side")
    return parser.parse_args()


if __name__ == "__main__":
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    print(json.dumps(evaluate(arguments()), indent=1))
