"""The playground's losses, each with what it needs as a target; and how well a network does on a set of points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.config import MLPRunConfig
from core.models.mlp import inputs_of


def squared(outputs: Tensor, target: Tensor) -> Tensor:
    """Regression: half the mean of (output - target)²."""
    return 0.5 * F.mse_loss(outputs, target)


def tanh_squared(outputs: Tensor, target: Tensor) -> Tensor:
    """Half the mean of (tanh(output) - target)², targets -1 and 1 (TensorFlow Playground)."""
    return 0.5 * F.mse_loss(torch.tanh(outputs), target)


def bce(outputs: Tensor, target: Tensor) -> Tensor:
    """-log of the sigmoid's probability of the truth, targets 0 and 1; mean over points and outputs."""
    return F.binary_cross_entropy_with_logits(outputs, target)


def hinge(outputs: Tensor, target: Tensor) -> Tensor:
    """max(0, 1 - target x output), targets -1 and 1; mean over points and outputs (Cortes and Vapnik, 1995)."""
    return F.relu(1 - target * outputs).mean()


def cross_entropy(outputs: Tensor, target: Tensor) -> Tensor:
    """-log of the softmax's probability of the true class (B,)."""
    return F.cross_entropy(outputs, target)


PLANE_LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "squared": squared,
    "tanh_squared": tanh_squared,
    "bce": bce,
    "hinge": hinge,
    "cross_entropy": cross_entropy,
}


def loss_key(config: MLPRunConfig) -> str:
    """Which of PLANE_LOSSES ``config`` means: its squared error depends on the task."""
    if config.loss.name == "mse":
        return "squared" if config.task == "regression" else "tanh_squared"
    return config.loss.name


def target_of(config: MLPRunConfig, targets: Tensor) -> Tensor:
    """What the loss is given of class numbers or values (n,): labels (n,) or one number for each output (n, outputs)."""
    if config.task == "regression":
        return targets[:, None]
    labels = targets.long()
    if config.loss.name == "cross_entropy":
        return labels
    ones = targets[:, None] if config.outputs == 1 else F.one_hot(labels, config.outputs).float()
    return ones if config.loss.name == "bce" else 2 * ones - 1


def penalty(linears: list[nn.Linear], l1: float, l2: float) -> Tensor | float:
    """L1 x sum of |w| + L2 / 2 x sum of w², over weights and not biases."""
    cost: Tensor | float = 0.0
    for linear in linears:
        if l1 > 0:
            cost = cost + l1 * linear.weight.abs().sum()
        if l2 > 0:
            cost = cost + l2 / 2 * linear.weight.square().sum()
    return cost


@dataclass(frozen=True)
class Part:
    """Points that are trained or tested on, as the network and its loss take them; on the run's device."""

    inputs: Tensor  # (n, features)
    target: Tensor  # as target_of gives it
    labels: Tensor | None  # (n,) int64; nothing in regression

    def __len__(self) -> int:
        return len(self.inputs)


def part_of(config: MLPRunConfig, points: Tensor, targets: Tensor) -> Part:
    """Points (n, 2) and their targets (n,) on the device of ``config``."""
    inputs = inputs_of(points, config.features).to(config.device)
    labels = None if config.task == "regression" else targets.long().to(config.device)
    return Part(inputs, target_of(config, targets).to(config.device), labels)


def predicted(outputs: Tensor) -> Tensor:
    """The most probable class of each row: by the sign of a single output, else the largest of several."""
    return (outputs[:, 0] > 0).long() if outputs.shape[1] == 1 else outputs.argmax(1)


def measured(config: MLPRunConfig, model: nn.Module, part: Part) -> dict[str, float]:
    """Loss without penalties and, for classes, accuracy of ``model`` (in evaluation mode) over ``part``."""
    outputs = model(part.inputs)
    values = {"loss": PLANE_LOSSES[loss_key(config)](outputs, part.target).item()}
    if part.labels is not None:
        values["accuracy"] = (predicted(outputs) == part.labels).sum().item() / len(part)
    return values
