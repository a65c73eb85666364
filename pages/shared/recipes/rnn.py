"""The settings of the RNN page."""

from __future__ import annotations

from core.config.rnn import RNNRunConfig
from pages.shared.recipes.parts import COMMON, Recipe

RECIPE = Recipe(
    RNNRunConfig,
    {
        "dataset": "dataset",
        "length": "data.length",
        "bptt": "data.bptt",
        "carry": "data.carry",
        "difference": "data.difference",
        "season": "data.season",
        "items": "data.items",
        "upload": "data.upload",
        **COMMON,
        "cell": "model.cell",
        "layers": "model.layers",
        "hidden": "model.hidden",
        "bidirectional": "model.bidirectional",
        "dropout": "model.dropout",
        "forget_bias": "model.forget_bias",
        "embedding": "model.embedding",
    },
    company={"bidirectional": {"dataset": "rows"}},
)
