"""The settings of the GAN page: two players, so most things exist twice."""

from __future__ import annotations

from core.config import GANRunConfig
from pages.shared.recipes.parts import COMMON, ListOf, Recipe

# the discriminator's optimiser, beside the generator's plain suffixes
THEIRS = {
    f"d_{suffix}": f"discriminator_{path}"
    for suffix, path in COMMON.items()
    if path.startswith("optimizer.") and suffix != "lr"
}

RECIPE = Recipe(
    GANRunConfig,
    {
        "dataset": "dataset",
        "points": "data.points",
        "spread": "data.spread",
        "latent_dimension": "latent.dimension",
        "latent_distribution": "latent.distribution",
        "conditional": "conditional",
        "generator_kind": "generator.kind",
        "generator_channels": "generator.channels",
        "generator_activation": "generator.activation",
        "batch_norm": "generator.batch_norm",
        "discriminator_kind": "discriminator.kind",
        "discriminator_channels": "discriminator.channels",
        "discriminator_activation": "discriminator.activation",
        "spectral_norm": "discriminator.spectral_norm",
        **{suffix: path for suffix, path in COMMON.items() if suffix != "target_accuracy"},  # there is no accuracy
        "lr_d": "discriminator_optimizer.learning_rate",
        **THEIRS,
        "loss": "loss.name",
        "real_label": "loss.real_label",
        "penalty": "loss.penalty",
        "clip": "loss.clip",
        "steps_d": "steps_d",
        "steps_g": "steps_g",
        "players": "players",
    },
    (
        ListOf("generator.hidden", "generator_layers", "generator_layer", "units", new={"": 128}),
        ListOf("discriminator.hidden", "discriminator_layers", "discriminator_layer", "units", new={"": 128}),
    ),
    unlinked=frozenset({"points"}),
    # points have neither pixels nor classes
    company={suffix: {"dataset": "digits"} for suffix in ("generator_kind", "discriminator_kind", "conditional")},
)
