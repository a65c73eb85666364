"""The settings of the playground."""

from __future__ import annotations

from core.config.mlp import FEWEST_DRAWN, MLPRunConfig
from pages.shared.recipes.parts import COMMON, ListOf, Recipe

INPUTS = ("x1", "x2", "x1_squared", "x2_squared", "product", "sin_x1", "sin_x2")

RECIPE = Recipe(
    MLPRunConfig,
    {
        "dataset": "dataset",
        "samples": "data.samples",
        "noise": "data.noise",
        "train_share": "data.train_share",
        "classes": "data.classes",
        "task": "data.task",
        "data_seed": "data.seed",
        "points": "data.points",
        **{name: f"features.{name}" for name in INPUTS},
        "dropout": "model.dropout",
        "normalization": "model.normalization",
        "initialization": "model.initialization",
        "skip": "model.skip",
        **COMMON,
        "loss": "loss.name",
        "l1": "penalty.l1",
        "l2": "penalty.l2",
        "mode": "mode",
    },
    (ListOf("model.layers", "layers", "layer"),),
    unlinked=frozenset({"points"}),
    # points set by hand are in no link, so a link that names them as data set is tried with some
    company={"dataset": {"points": [[0.0, 0.0, 0.0]] * FEWEST_DRAWN}},
)
