"""The settings of the transfer page."""

from __future__ import annotations

from core.config.transfer import TransferRunConfig
from pages.shared.recipes.parts import COMMON, Recipe

RECIPE = Recipe(
    TransferRunConfig,
    {
        "pictures": "pictures",
        "backbone": "backbone",
        "pretrained": "pretrained",
        "mode": "mode",
        "blocks": "blocks",
        "decay": "decay",
        "draws": "draws",
        "recipe": "recipe",
        "validation_share": "data.validation_share",
        "split_seed": "data.seed",
        "hidden": "model.hidden",
        "dropout": "model.dropout",
        **COMMON,
        "loss": "loss.name",
        "label_smoothing": "loss.label_smoothing",
    },
    aside=("predict_",),
    chosen=frozenset({"pictures", "backbone", "recipe", "validation_share", "split_seed", "seed"}),
    belongs={"mode": "model", "recipe": "augmentation", "draws": "augmentation"},
)
