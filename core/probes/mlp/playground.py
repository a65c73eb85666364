"""Everything the playground's stage draws: a map of every neuron, links with their weights, the map of the answer."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.models.mlp import feature_names, inputs_of
from core.probes.arguments import flag, whole
from core.probes.mlp.subject import (
    PlaneSubject,
    grid,
    layer_activation,
    layer_name,
    packed,
    signed_block,
    squashed,
)
from core.probes.pictures import numbers
from core.training.assessment import looking
from core.training.plane_losses import PLANE_LOSSES, loss_key, penalty

SIDES, DETAILS = (8, 60), (16, 120)


def playground(subject: PlaneSubject, *, side: int = 24, detail: int = 60, gradients: bool = False) -> dict[str, Any]:
    """Maps of inputs and neurons on a grid of ``side``, of the answer on one of ``detail`` (0: none), and all weights.

    With ``gradients`` also those of loss and penalties over the whole training set, without dropout.
    """
    whole("side", side, *SIDES)
    flag("gradients", gradients)
    if detail != 0:
        whole("detail", detail, *DETAILS)
    config, model = subject.config, subject.model
    inputs = inputs_of(grid(side).to(config.device), config.features)
    with looking(model):
        layers = model.activations(inputs)
    layers[-1] = squashed(config, layers[-1])
    answer = {
        "points_version": subject.points_version,
        "inputs": feature_names(config.features),
        "layers": _layers(subject, gradients),
        "maps": {"inputs": signed_block(inputs.T, side), "layers": [signed_block(one.T, side) for one in layers]},
    }
    return answer | ({"output": _answer(subject, detail)} if detail else {})


def _layers(subject: PlaneSubject, gradients: bool) -> list[dict[str, Any]]:
    """Weights and biases of each layer, with their gradients where they are wanted."""
    config, linears = subject.config, subject.model.linears
    slopes = gradients_of(subject) if gradients else []
    made = []
    for place, linear in enumerate(linears):
        layer: dict[str, Any] = {
            "name": layer_name(config, place),
            "activation": layer_activation(config, place),
            "skip": place < len(linears) - 1 and subject.model.skips[place],
            "weights": [numbers(row) for row in linear.weight.tolist()],
            "biases": numbers(linear.bias.tolist()),
        }
        if gradients:
            weight, bias = slopes[2 * place : 2 * place + 2]
            layer |= {
                "weight_gradients": [numbers(row) for row in weight.tolist()],
                "bias_gradients": numbers(bias.tolist()),
            }
        made.append(layer)
    return made


def gradients_of(subject: PlaneSubject) -> list[Tensor]:
    """Gradients by weight and bias of each linear layer in turn; nothing is left in the network."""
    config, model, part = subject.config, subject.model, subject.train
    wanted = [parameter for linear in model.linears for parameter in (linear.weight, linear.bias)]
    with looking(model), torch.enable_grad():
        loss = PLANE_LOSSES[loss_key(config)](model(part.inputs), part.target)
        loss = loss + penalty(model.linears, config.penalty.l1, config.penalty.l2)
        return list(torch.autograd.grad(loss, wanted))


def _answer(subject: PlaneSubject, side: int) -> dict[str, Any]:
    """What the network says of every place of the plane."""
    config, model = subject.config, subject.model
    with looking(model):
        outputs = model(inputs_of(grid(side).to(config.device), config.features))
    values = squashed(config, outputs)
    if config.classes <= 2:
        return {"kind": "value", "block": signed_block(values[:, -1:].T, side, 1.0)}
    surest = ((values + 1) / 2).nan_to_num(0.0).max(1)
    return {
        "kind": "classes",
        "side": side,
        "classes": packed(surest.indices.to(torch.uint8).cpu()),
        "confidence": packed((surest.values.clamp(0, 1) * 255).round().to(torch.uint8).cpu()),
    }
