"""The settings of every page that trains, by the page's name, which is also the first part of its widgets' keys."""

from __future__ import annotations

from pages.shared.recipes import cnn, gan, mlp, rnn, transfer
from pages.shared.recipes.parts import Recipe

RECIPES: dict[str, Recipe] = {
    "cnn": cnn.RECIPE,
    "gan": gan.RECIPE,
    "mlp": mlp.RECIPE,
    "rnn": rnn.RECIPE,
    "transfer": transfer.RECIPE,
}
