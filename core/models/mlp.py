"""The playground's network: features of a point in, through hidden layers, to one output or one for each class."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import torch
from torch import Tensor, nn

from core.config import MLPRunConfig, load_as
from core.config.plane import FeaturesConfig
from core.models.initialization import initialise
from core.models.layers import ACTIVATION_LAYERS


class Hidden(nn.Module):
    """Linear, perhaps normalisation, activation, dropout; with ``skip`` the input is added in the end."""

    def __init__(self, inputs: int, neurons: int, activation: str, config: MLPRunConfig) -> None:
        super().__init__()
        norms = {"batch": nn.BatchNorm1d, "layer": nn.LayerNorm}
        self.linear = nn.Linear(inputs, neurons)
        self.normalization = norms[config.model.normalization](neurons) if config.model.normalization in norms else None
        self.activation = nn.Identity() if activation == "none" else getattr(nn, ACTIVATION_LAYERS[activation])()
        self.dropout = nn.Dropout(config.model.dropout)
        self.name = activation
        self.skip = config.model.skip and inputs == neurons

    def forward(self, x: Tensor) -> Tensor:
        """(B, inputs) -> (B, neurons)"""
        made: Tensor = self.linear(x)
        if self.normalization is not None:
            made = self.normalization(made)
        made = self.dropout(self.activation(made))
        return made + x if self.skip else made


class MLP(nn.Module):
    """Hidden layers, then a linear one."""

    def __init__(self, config: MLPRunConfig) -> None:
        super().__init__()
        widths = config.widths
        self.hidden = nn.ModuleList(
            Hidden(inputs, layer.neurons, layer.activation, config)
            for inputs, layer in zip(widths, config.model.layers, strict=False)
        )
        self.output = nn.Linear(widths[-2], widths[-1])

    def forward(self, x: Tensor) -> Tensor:
        """(B, inputs) -> (B, outputs), without a final activation."""
        for layer in self.hidden:
            x = layer(x)
        made: Tensor = self.output(x)
        return made

    def activations(self, x: Tensor) -> list[Tensor]:
        """What every layer hands on, the output layer last: (B, neurons) each."""
        made = []
        for layer in self.hidden:
            x = layer(x)
            made.append(x)
        return [*made, self.output(x)]

    @property
    def linears(self) -> list[nn.Linear]:
        """The layers with weights, in order; the output layer last."""
        return [*(layer.linear for layer in self.layers), self.output]

    @property
    def layers(self) -> list[Hidden]:
        """The hidden layers."""
        return list(self.hidden)  # type: ignore[arg-type]

    @property
    def skips(self) -> list[bool]:
        """Whether each hidden layer adds its input."""
        return [layer.skip for layer in self.layers]


def build_mlp(config: MLPRunConfig) -> MLP:
    """The network of ``config`` with its initial weights, drawn from torch's global generator."""
    model = MLP(config)
    initialise(model, config.model.initialization)
    return model


def feature_names(features: FeaturesConfig) -> list[str]:
    """The inputs that are on, in the order of the network's first layer."""
    return [one.name for one in fields(features) if getattr(features, one.name)]


def inputs_of(points: Tensor, features: FeaturesConfig) -> Tensor:
    """The features (n, inputs) of points (n, 2)."""
    x1, x2 = points[:, 0], points[:, 1]
    made = {
        "x1": lambda: x1,
        "x2": lambda: x2,
        "x1_squared": lambda: x1 * x1,
        "x2_squared": lambda: x2 * x2,
        "product": lambda: x1 * x2,
        "sin_x1": lambda: x1.sin(),
        "sin_x2": lambda: x2.sin(),
    }
    return torch.stack([made[name]() for name in feature_names(features)], 1)


def network_table(values: dict[str, Any]) -> dict[str, Any]:
    """The network of config ``values``: a row a layer, inputs, parameters, points. Raises :class:`ConfigError`."""
    from core.training.compiled import check_compiler

    config = load_as(MLPRunConfig, values)
    if config.mode == "compiled":
        check_compiler()
    model = MLP(config)
    kinds = [*(layer.activation for layer in config.model.layers), "none"]
    layers = [*model.hidden, model.output]
    rows = [
        {
            "name": f"hidden{place + 1}" if place < len(layers) - 1 else "output",
            "inputs": config.widths[place],
            "outputs": config.widths[place + 1],
            "activation": kinds[place],
            "parameters": sum(parameter.numel() for parameter in layer.parameters()),
        }
        for place, layer in enumerate(layers)
    ]
    trained, tested = config.parts
    return {
        "rows": rows,
        "inputs": feature_names(config.features),
        "parameters": sum(row["parameters"] for row in rows),
        "train": trained,
        "test": tested,
    }
