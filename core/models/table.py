"""The layer table of a config, asked by the page: shapes as torch computes them, nothing allocated."""

from __future__ import annotations

import os
from typing import Any

from core.config import RunConfig, load
from core.datasets import DATASETS
from core.errors import ConfigError
from core.i18n import N_
from core.models.cnn import LayerSpec, build, layer_specs

MAX_PARAMETERS = 10_000_000  # Adam keeps about 16 bytes for each


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
            N_("The network would have {count:,} parameters; {limit:,} are allowed here. Most of them are in {layer}: make it or the picture before it smaller."),
            count=count,
            limit=limit,
            layer=largest.name,
        )
    return layers


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
