"""The two players of a GAN, described as layers that the builder, the page's table and the script all read.

What the class is told goes in with the input: see :func:`joined`.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.config import load_as
from core.config.gan import ROUNDS, GANRunConfig, GeneratorConfig
from core.datasets import DATASETS, check_available
from core.errors import ConfigError
from core.i18n import N_
from core.models.layers import ACTIVATION_LAYERS, LayerSpec, Shape
from core.models.table import MAX_PARAMETERS

if TYPE_CHECKING:
    from torch import Tensor, nn

SLOPE = 0.2  # of LeakyReLU below zero (Radford et al., 2016)


def shape_of(config: GANRunConfig) -> Shape:
    """Of one sample: (2,) or (C, H, W)."""
    return (2,) if config.in_plane else DATASETS[config.dataset].shape


def classes_of(config: GANRunConfig) -> int:
    """How many classes the players are told apart; 0 where they are told none."""
    return len(DATASETS[config.dataset].classes) if config.conditional else 0


def generator_layers(config: GANRunConfig) -> list[LayerSpec]:
    """Noise (latent + classes,) -> a sample; pictures end in tanh, so that they lie between -1 and 1."""
    player, shape = config.generator, shape_of(config)
    inputs = config.latent.dimension + classes_of(config)
    if player.kind == "dcgan":
        return list(_growing(player, inputs, shape))
    layers: list[LayerSpec] = []
    for number, units in enumerate(player.hidden, 1):
        layers.append(_linear(f"dense{number}", inputs, units))
        if player.batch_norm:
            layers.append(_batch_norm(f"dense{number}.norm", 1, (units,)))
        layers.append(_activation(f"dense{number}.activation", player.activation, (units,)))
        inputs = units
    layers.append(_linear("output", inputs, math.prod(shape)))
    if not config.in_plane:
        layers.append(LayerSpec("tanh", "Tanh", (math.prod(shape),)))
        layers.append(LayerSpec("picture", "Unflatten", shape, {"dim": 1, "unflattened_size": shape}))
    return layers


def _growing(player: GeneratorConfig, inputs: int, shape: Shape) -> Iterator[LayerSpec]:
    """A quarter of the side, then twice as wide, then twice as wide again."""
    channels, height, width = shape
    small: Shape = (2 * player.channels, height // 4, width // 4)
    middle: Shape = (player.channels, height // 2, width // 2)
    yield _linear("project", inputs, math.prod(small))
    yield LayerSpec("maps", "Unflatten", small, {"dim": 1, "unflattened_size": small})
    yield from _after("maps", player, small)
    yield _convolution("grow1", "ConvTranspose2d", small[0], middle)
    yield from _after("grow1", player, middle)
    yield _convolution("grow2", "ConvTranspose2d", middle[0], (channels, height, width))
    yield LayerSpec("tanh", "Tanh", shape)


def _after(name: str, player: GeneratorConfig, shape: Shape) -> Iterator[LayerSpec]:
    if player.batch_norm:
        yield _batch_norm(f"{name}.norm", 2, shape)
    yield _activation(f"{name}.activation", player.activation, shape)


def discriminator_layers(config: GANRunConfig) -> list[LayerSpec]:
    """A sample, perhaps with its class -> one number: how real it looks."""
    player, shape, classes = config.discriminator, shape_of(config), classes_of(config)
    layers: list[LayerSpec] = []
    if player.kind == "dcgan":
        channels, height, width = shape
        for number, (units, part) in enumerate(((player.channels, 2), (2 * player.channels, 4)), 1):
            given = channels + classes if number == 1 else player.channels
            maps: Shape = (units, height // part, width // part)
            layers.append(_convolution(f"shrink{number}", "Conv2d", given, maps))
            layers.append(_activation(f"shrink{number}.activation", player.activation, maps))
        inputs = math.prod(layers[-1].output)
        layers.append(LayerSpec("flatten", "Flatten", (inputs,)))
        return [*layers, _linear("score", inputs, 1)]
    inputs = math.prod(shape) + classes
    if not config.in_plane:
        layers.append(LayerSpec("flatten", "Flatten", (inputs,)))
    for number, units in enumerate(player.hidden, 1):
        layers.append(_linear(f"dense{number}", inputs, units))
        layers.append(_activation(f"dense{number}.activation", player.activation, (units,)))
        inputs = units
    return [*layers, _linear("score", inputs, 1)]


def _linear(name: str, inputs: int, units: int) -> LayerSpec:
    return LayerSpec(
        name, "Linear", (units,), {"in_features": inputs, "out_features": units}, parameters=units * (inputs + 1)
    )


def _convolution(name: str, kind: str, inputs: int, shape: Shape) -> LayerSpec:
    """4 x 4 with stride 2: halves the side, or doubles it where it is transposed."""
    sizes = {"in_channels": inputs, "out_channels": shape[0], "kernel_size": 4, "stride": 2, "padding": 1}
    return LayerSpec(name, kind, shape, sizes, parameters=16 * inputs * shape[0] + shape[0])


def _batch_norm(name: str, dimensions: int, shape: Shape) -> LayerSpec:
    return LayerSpec(name, f"BatchNorm{dimensions}d", shape, {"num_features": shape[0]}, parameters=2 * shape[0])


def _activation(name: str, chosen: str, shape: Shape) -> LayerSpec:
    slope = {"negative_slope": SLOPE} if chosen == "leaky_relu" else {}
    return LayerSpec(name, ACTIVATION_LAYERS[chosen], shape, slope)


def build(config: GANRunConfig) -> tuple[nn.Sequential, nn.Sequential]:
    """Generator and discriminator with torch's own initial weights, the generator's drawn first."""
    from torch import nn
    from torch.nn.utils.parametrizations import spectral_norm

    generator, discriminator = (
        nn.Sequential(*(getattr(nn, layer.kind)(**layer.arguments) for layer in layers))
        for layers in (generator_layers(config), discriminator_layers(config))
    )
    if config.discriminator.spectral_norm:
        for module in discriminator:
            if hasattr(module, "weight"):
                spectral_norm(module)
    return generator, discriminator


def joined(x: Tensor, labels: Tensor | None, classes: int) -> Tensor:
    """``x`` (N, k) or (N, C, H, W) with the class (N,) as one-hot: as ``classes`` more numbers, or as constant maps."""
    if labels is None:
        return x
    from torch import cat
    from torch.nn import functional as F

    told = F.one_hot(labels, classes).to(x.dtype)
    if x.dim() == 4:
        told = told[:, :, None, None].expand(-1, -1, x.shape[2], x.shape[3])
    return cat([x, told], 1)


def given_to_discriminator(config: GANRunConfig, x: Tensor, labels: Tensor | None) -> Tensor:
    """What the discriminator is handed: dense layers take a picture's pixels and its class in one row."""
    flat = labels is not None and config.discriminator.kind == "mlp"
    return joined(x.flatten(1) if flat else x, labels, classes_of(config))


def check_players(config: GANRunConfig) -> tuple[list[LayerSpec], list[LayerSpec]]:
    """The layers of both; raises :class:`ConfigError` for players that are too large and data that are not there."""
    if not config.in_plane:
        check_available(config.dataset)
    both = generator_layers(config), discriminator_layers(config)
    limit = int(os.environ.get("LIVETORCH_MAX_PARAMETERS") or MAX_PARAMETERS)
    counts = [sum(layer.parameters for layer in layers) for layers in both]
    if sum(counts) > limit:
        player = N_("generator") if counts[0] >= counts[1] else N_("discriminator")
        kind = getattr(config, player).kind
        raise ConfigError(
            f"{player}.{'channels' if kind == 'dcgan' else 'hidden'}",
            N_(
                "The two networks would have {count:,} parameters; {limit:,} are allowed here. Most of them are in the {player}: take fewer units or channels there."
            ),
            count=sum(counts),
            limit=limit,
            player=player,
        )
    return both


def score_kind(loss: str) -> str:
    """What the discriminator's output means: a probability after the sigmoid, a value around its labels, a bare score."""
    if loss in ("minimax", "non_saturating"):
        return "probability"
    return "value" if loss == "least_squares" else "score"


def equilibrium(config: GANRunConfig) -> tuple[float | None, float | None, float | None]:
    """D of any sample, loss of G, loss of D where generated samples are like the real ones and D does its best.

    From setting the derivative of D's loss to zero for equal densities; nothing where only a difference is fixed.
    """
    label, name = config.loss.real_label, config.loss.name
    best = label / 2
    if name in ("minimax", "non_saturating"):
        of_d = -(label * math.log(best) + (2 - label) * math.log(1 - best))
        return best, math.log(1 - best) if name == "minimax" else -math.log(best), of_d
    if name == "least_squares":
        return best, (best - 1) ** 2 / 2, ((best - label) ** 2 + best**2) / 2
    return None, None, 2.0 if name == "hinge" else 0.0


def epoch_size(config: GANRunConfig) -> int:
    """What an epoch counts: rounds in the plane, pictures shown to the discriminator otherwise."""
    return ROUNDS if config.in_plane else DATASETS[config.dataset].train_size


def round_size(config: GANRunConfig) -> int:
    """How much of an epoch one round is."""
    return 1 if config.in_plane else config.batch_size * config.steps_d


def players_table(values: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of the run that config ``values`` describe. Raises :class:`ConfigError` where it cannot be."""
    config = load_as(GANRunConfig, values)
    layers = check_players(config)
    best, loss, loss_d = equilibrium(config)
    rounds = -(-epoch_size(config) // round_size(config))
    tables = [_table(part) for part in layers]
    return {
        "parameters": sum(table["parameters"] for table in tables),
        "generator": tables[0],
        "discriminator": tables[1],
        "kind": "plane" if config.in_plane else "images",
        "score": score_kind(config.loss.name),
        "equilibrium": best,
        "equilibrium_loss": loss,
        "equilibrium_loss_d": loss_d,
        "modes": {"ring": 8, "grid": 25}.get(config.dataset),
        "rounds": rounds,
        "total_rounds": rounds * config.epochs,
        "samples": None if config.in_plane else epoch_size(config),
    }


def _table(layers: list[LayerSpec]) -> dict[str, Any]:
    rows = [
        {
            "name": layer.name,
            "kind": layer.kind,
            "text": ", ".join(f"{name}={value}" for name, value in layer.arguments.items()),
            "output": list(layer.output),
            "parameters": layer.parameters,
        }
        for layer in layers
    ]
    return {"parameters": sum(layer.parameters for layer in layers), "rows": rows}
