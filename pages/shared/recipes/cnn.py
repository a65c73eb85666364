"""The settings of the CNN page."""

from __future__ import annotations

from core.config import CNNRunConfig
from pages.shared.recipes.parts import COMMON, ListOf, Recipe

RECIPE = Recipe(
    CNNRunConfig,
    {
        "dataset": "dataset",
        "pictures": "pictures",
        "side": "side",
        "validation_share": "data.validation_share",
        "train_share": "data.train_share",
        "label_noise": "data.label_noise",
        "augmentation": "data.augmentation",
        "transforms": "recipe",
        **COMMON,
        "loss": "loss.name",
        "label_smoothing": "loss.label_smoothing",
        "ema_decay": "ema_decay",
        "dense_activation": "model.activation",
        "dropout": "model.dropout",
        "initialization": "model.initialization",
    },
    (
        ListOf("model.blocks", "blocks", "block", new={"channels": 32}),
        ListOf("model.hidden", "dense_layers", "dense", "units", new={"": 64}),
    ),
    chosen=frozenset({"pictures", "side"}),
    belongs={"augmentation": "augmentation", "transforms": "augmentation"},
)
