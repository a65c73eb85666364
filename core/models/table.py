"""The layer table of a config, asked by the page: shapes as torch computes them, nothing allocated."""

from __future__ import annotations

import math
import os
from itertools import pairwise
from typing import Any

from core.config import RunConfig, load
from core.datasets import DATASETS
from core.errors import ConfigError
from core.i18n import N_
from core.models.cnn import LayerSpec, build, layer_specs

MAX_PARAMETERS = 10_000_000  # Adam keeps about 16 bytes for each
RUN_MEMORY_MB = 4096
EVALUATION_BATCH = 128  # pictures evaluated at once; what fits the CPU's cache is twice as quick as 1024


def checked_layers(config: RunConfig) -> list[LayerSpec]:
    """The layers of ``config``; raises :class:`ConfigError` for an impossible or too large network."""
    spec = DATASETS[config.dataset]
    layers = layer_specs(config.model, spec.shape, len(spec.classes))
    limit = int(os.environ.get("LIVETORCH_MAX_PARAMETERS") or MAX_PARAMETERS)
    count = sum(layer.parameters for layer in layers)
    if count > limit:
        largest = max(layers, key=lambda layer: layer.parameters)
        raise ConfigError(
            _field_of(largest),
            N_(
                "The network would have {count:,} parameters; {limit:,} are allowed here. Most of them are in {layer}: make it or the picture before it smaller."
            ),
            count=count,
            limit=limit,
            layer=largest.name,
        )
    return layers


def check_memory(config: RunConfig, layers: list[LayerSpec]) -> None:
    """Raise :class:`ConfigError` where main memory cannot hold the feature maps of the network.

    What is counted is the least that torch keeps: one output for each layer with weights in training, the
    largest input and output of a layer in evaluation. A run that passes may still be ended by the watchdog.
    """
    limit = int(os.environ.get("LIVETORCH_RUN_MEMORY_MB") or RUN_MEMORY_MB)
    spec = DATASETS[config.dataset]
    sizes = [math.prod(layer.output) for layer in layers]
    kept = sum(size for size, layer in zip(sizes, layers, strict=True) if layer.parameters)
    training = 4 * kept * min(config.batch_size, spec.train_size) // 2**20
    alive = max(before + after for before, after in pairwise([math.prod(spec.shape), *sizes]))
    evaluation = 4 * alive * min(EVALUATION_BATCH, spec.validation_size) // 2**20
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


def _field_of(layer: LayerSpec) -> str:
    head = layer.name.split(".")[0]
    if head.startswith("block"):
        return f"model.blocks.{int(head.removeprefix('block')) - 1}.channels"
    return f"model.hidden.{int(head.removeprefix('dense')) - 1}" if head.startswith("dense") else "model.blocks"


def layer_table(values: dict[str, Any]) -> dict[str, Any]:
    """Rows (name, kind, output shape, parameters, arguments) of the network that config ``values`` describe.

    The network is built on torch's meta device and run once, so the shapes are torch's own.
    Raises :class:`ConfigError` for an impossible or too large network.
    """
    import torch

    config = load(values)
    layers = checked_layers(config)
    if config.device == "cpu" or not torch.cuda.is_available():
        check_memory(config, layers)
    spec = DATASETS[config.dataset]
    with torch.device("meta"):
        model = build(config.model, spec.shape, len(spec.classes))
        x = torch.empty(1, *spec.shape)
    rows = []
    for layer, module in zip(layers, model, strict=True):
        x = module(x)
        rows.append(
            {
                "name": layer.name,
                "kind": layer.kind,
                "output": list(x.shape[1:]),
                "parameters": sum(parameter.numel() for parameter in module.parameters()),
                "arguments": layer.arguments,
            }
        )
    return {"rows": rows, "parameters": sum(row["parameters"] for row in rows), "input": list(spec.shape)}
