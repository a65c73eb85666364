"""Gradients of a plain network, worked out layer by layer instead of by autograd.

In a network of a few neurons nearly all of a step's time is autograd's bookkeeping. These are the operations that
autograd calls, in its order, so the numbers are the same to the last digit (tests compare them); the exported script
has ``loss.backward()``. Dropout and normalisation are left to autograd.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from core.config import MLPRunConfig
from core.training.plane_losses import loss_key

aten: Any = torch.ops.aten
Backward = Callable[[Tensor, Tensor, Tensor], Tensor]  # (gradient, before the activation, after it)

ACTIVATIONS: dict[str, tuple[Callable[[Tensor], Tensor], Backward]] = {
    "none": (lambda z: z, lambda g, z, y: g),
    "relu": (torch.relu, lambda g, z, y: aten.threshold_backward(g, y, 0)),
    "leaky_relu": (
        lambda z: torch.nn.functional.leaky_relu(z, 0.01),
        lambda g, z, y: aten.leaky_relu_backward(g, z, 0.01, False),
    ),
    "elu": (torch.nn.functional.elu, lambda g, z, y: aten.elu_backward(g, 1.0, 1, 1, False, z)),
    "silu": (torch.nn.functional.silu, lambda g, z, y: aten.silu_backward(g, z)),
    "gelu": (torch.nn.functional.gelu, lambda g, z, y: aten.gelu_backward(g, z)),
    "tanh": (torch.tanh, lambda g, z, y: aten.tanh_backward(g, y)),
    "sigmoid": (torch.sigmoid, lambda g, z, y: aten.sigmoid_backward(g, y)),
}


def _tanh_squared(z: Tensor, target: Tensor, half: Tensor) -> Tensor:
    y = torch.tanh(z)
    return aten.tanh_backward(aten.mse_loss_backward(half, y, target, 1), y)  # type: ignore[no-any-return]


def _bce(z: Tensor, target: Tensor, half: Tensor) -> Tensor:
    return (z.sigmoid() - target) / z.numel()


def _hinge(z: Tensor, target: Tensor, half: Tensor) -> Tensor:
    missing = torch.relu(1 - target * z)
    share = torch.full_like(z, 1.0) / z.numel()
    return aten.threshold_backward(share, missing, 0).neg() * target  # type: ignore[no-any-return]


def _cross_entropy(z: Tensor, target: Tensor, half: Tensor) -> Tensor:
    log = torch.log_softmax(z, 1)
    count = torch.full_like(half, len(z))
    grad = aten.nll_loss_backward(torch.ones_like(half), log, target, None, 1, -100, count)
    return aten._log_softmax_backward_data(grad, log, 1, z.dtype)  # type: ignore[no-any-return]


# loss -> its derivative by the network's outputs (B, outputs); ``half`` is a tensor 0.5 on their device
DELTAS: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "squared": lambda z, target, half: aten.mse_loss_backward(half, z, target, 1),
    "tanh_squared": _tanh_squared,
    "bce": _bce,
    "hinge": _hinge,
    "cross_entropy": _cross_entropy,
}


class Products:
    """The three products of a dense layer, by torch's matrix product."""

    @staticmethod
    def forward(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return torch.addmm(bias, x, weight.t())

    @staticmethod
    def to_inputs(grad: Tensor, weight: Tensor) -> Tensor:
        return torch.mm(grad, weight)

    @staticmethod
    def to_weight(grad: Tensor, x: Tensor) -> Tensor:
        return torch.mm(grad.t(), x)


@dataclass(frozen=True)
class Plan:
    """What :func:`gradients` must know of a network and its loss."""

    layers: tuple[tuple[str, bool], ...]  # of each hidden layer: activation, skip connection
    loss: str


def plan_of(config: MLPRunConfig) -> Plan:
    """The plan of a network without dropout and normalisation."""
    layers = zip(config.model.layers, config.widths, config.widths[1:], strict=False)
    return Plan(
        tuple((layer.activation, config.model.skip and inputs == neurons) for layer, inputs, neurons in layers),
        loss_key(config),
    )


def gradients(
    plan: Plan, weights: Sequence[Tensor], x: Tensor, target: Tensor, half: Tensor, products: type[Products] = Products
) -> list[Tensor]:
    """Gradients of the loss by ``weights`` (weight and bias of each layer in turn), in that order."""
    kept = []
    for place, (name, skip) in enumerate(plan.layers):
        z = products.forward(x, weights[2 * place], weights[2 * place + 1])
        y = ACTIVATIONS[name][0](z)
        kept.append((x, z, y))
        x = y + x if skip else y
    grad = DELTAS[plan.loss](products.forward(x, weights[-2], weights[-1]), target, half)
    made = [grad.sum(0), products.to_weight(grad, x)]  # from the last to the first
    weight, passed = weights[-2], None
    for place in range(len(kept) - 1, -1, -1):
        name, skip = plan.layers[place]
        x, z, y = kept[place]
        above = products.to_inputs(grad, weight)
        if passed is not None:
            above = above + passed
        grad = ACTIVATIONS[name][1](above, z, y)
        made += [grad.sum(0), products.to_weight(grad, x)]
        weight, passed = weights[2 * place], above if skip else None
    return made[::-1]


def add_penalty(
    made: list[Tensor], weights: Sequence[Tensor], l1: float | Tensor | None, l2: float | Tensor | None
) -> None:
    """Add the derivatives of L1 x sum of |w| + L2 / 2 x sum of w² to the gradients of the weights, in place."""
    for place in range(0, len(made), 2):
        if l1 is not None:
            made[place] = made[place] + weights[place].sgn() * l1
        if l2 is not None:
            made[place] = made[place] + (2 * weights[place]) * (l2 / 2)
