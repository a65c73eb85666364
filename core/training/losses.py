"""Losses by name: logits (B, classes) in, and labels (B,) or shares of the classes (B, classes); the batch's mean out."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional as F


def cross_entropy(logits: Tensor, labels: Tensor, smoothing: float) -> Tensor:
    """-log of the probability of the true class, or of the smoothed target (Szegedy et al., 2016)."""
    return F.cross_entropy(logits, labels, label_smoothing=smoothing)


def mse(logits: Tensor, labels: Tensor, smoothing: float) -> Tensor:
    """Mean of (probability - target)² over classes, the Brier score of the batch over its number of classes."""
    classes = logits.shape[1]
    one_hot = labels if labels.dim() == 2 else F.one_hot(labels, classes).float()
    target = one_hot * (1 - smoothing) + smoothing / classes
    return F.mse_loss(logits.softmax(1), target)


LOSSES: dict[str, Callable[[Tensor, Tensor, float], Tensor]] = {"cross_entropy": cross_entropy, "mse": mse}
