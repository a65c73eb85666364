"""The layer table of a config, asked by the page, and the limits a network must keep. Nothing is allocated."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import Any

from core.config import CNNRunConfig, load_as
from core.datasets import sizes, spec_of
from core.errors import ConfigError
from core.i18n import N_
from core.models.cnn import layer_specs
from core.models.layers import LayerSpec, leaves

MAX_PARAMETERS = 10_000_000  # Adam keeps about 16 bytes for each
RUN_MEMORY_MB = 4096
EVALUATION_BATCH = 128  # pictures evaluated at once; what fits the CPU's cache is twice as quick as 1024


def checked_layers(config: CNNRunConfig) -> list[LayerSpec]:
    """The layers of ``config``; raises :class:`ConfigError` for a network that is impossible, too large or untrainable."""
    spec = spec_of(config)
    layers = layer_specs(config.model, spec.shape, len(spec.classes))
    limit = int(os.environ.get("LIVETORCH_MAX_PARAMETERS") or MAX_PARAMETERS)
    count = sum(layer.parameters for layer in layers)
    if count > limit:
        largest = max(leaves(layers), key=lambda layer: layer.parameters)
        raise ConfigError(
            _field_of(largest),
            N_(
                "The network would have {count:,} parameters; {limit:,} are allowed here. Most of them are in {layer}: make it or the picture before it smaller."
            ),
            count=count,
            limit=limit,
            layer=largest.name,
        )
    _check_statistics(config, layers)
    return layers


def _check_statistics(config: CNNRunConfig, layers: list[LayerSpec]) -> None:
    """Batch normalisation needs two numbers a channel: two pixels, or two pictures in every batch."""
    single = [
        layer.name for layer in leaves(layers) if layer.kind == "BatchNorm2d" and math.prod(layer.output[1:]) == 1
    ]
    pictures = sizes(config)[0]
    if single and 1 in (config.batch_size, pictures % config.batch_size, pictures):
        raise ConfigError(
            "batch_size",
            N_(
                "With {pictures:,} pictures in batches of {batch:,}, the last batch is a single picture, and {layer} normalises over maps of a single pixel: there is nothing to take a mean of. Take another batch size, layer normalisation, or less pooling."
            ),
            pictures=pictures,
            batch=config.batch_size,
            layer=single[0],
        )


def check_memory(config: CNNRunConfig, layers: list[LayerSpec]) -> None:
    """Raise :class:`ConfigError` where main memory cannot hold the feature maps of the network.

    What is counted is the least that torch keeps: one output for each layer with weights in training, the
    largest input and output of a layer in evaluation, in bfloat16 where the run may use it. A run that passes may
    still be ended by the watchdog.
    """
    limit = int(os.environ.get("LIVETORCH_RUN_MEMORY_MB") or RUN_MEMORY_MB)
    pictures, validated = sizes(config)
    width = 2 if config.precision in ("bfloat16", "auto") else 4  # bytes of a number
    kept = sum(math.prod(layer.output) for layer in leaves(layers) if layer.parameters)
    training = width * kept * min(config.batch_size, pictures) // 2**20
    alive = most_alive(layers, math.prod(spec_of(config).shape))
    evaluation = width * alive * min(EVALUATION_BATCH, validated) // 2**20
    if evaluation > limit:
        raise ConfigError(
            "model.blocks",
            N_(
                "Evaluating this network needs at least {needed:,} MB of memory; a run may use {limit:,} MB. Take fewer channels, less padding or earlier pooling."
            ),
            needed=evaluation,
            limit=limit,
        )
    if training > limit:
        raise ConfigError(
            "batch_size",
            N_(
                "A batch of {batch:,} pictures needs at least {needed:,} MB of memory in this network; a run may use {limit:,} MB. Take smaller batches, fewer channels or earlier pooling."
            ),
            batch=config.batch_size,
            needed=training,
            limit=limit,
        )


def most_alive(layers: Sequence[LayerSpec], given: int, waits: bool = False) -> int:
    """The most numbers of one picture that exist at once, of the ``given`` input on; inside a residual it ``waits``."""
    most, before = 0, given
    for place, layer in enumerate(layers):
        after = math.prod(layer.output)
        most = max(most, before + after + (given if waits and place else 0))
        if layer.kind == "Residual":  # the body's result waits for the shortcut's, then for their sum
            most = max(most, most_alive(layer.body, before, waits=True), before + 2 * after)
        before = after
    return most


def _field_of(layer: LayerSpec) -> str:
    head = layer.name.split(".")[0]
    if head.startswith("block"):
        return f"model.blocks.{int(head.removeprefix('block')) - 1}.channels"
    return f"model.hidden.{int(head.removeprefix('dense')) - 1}" if head.startswith("dense") else "model.blocks"


def layer_table(values: dict[str, Any]) -> dict[str, Any]:
    """The network that config ``values`` describe: ``rows`` of :func:`core.models.rows.layer_rows`, input, totals.

    Raises :class:`ConfigError` for an impossible or too large network.
    """
    import torch

    from core.models.rows import layer_rows

    config = load_as(CNNRunConfig, values)
    layers = checked_layers(config)
    if config.device == "cpu" or not torch.cuda.is_available():
        check_memory(config, layers)
    shape = spec_of(config).shape
    rows = layer_rows(layers, shape)
    totals = {name: sum(row[name] for row in rows) for name in ("parameters", "flops", "memory", "weights")}
    return {"rows": rows, "input": list(shape), **totals}
