"""Which classes the network knows, and which it takes for which."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.probes.subject import ImageSubject, assessed


def classes(subject: ImageSubject) -> dict[str, Any]:
    """The confusion matrix (rows: true, columns: predicted) of the validation part, and each class's accuracy.

    Of this very step where there are few pictures, else of the last validation; ``assessed`` is its step.
    """
    known, names = assessed(subject), list(subject.data.classes)
    matrix = confusion(subject.data.validation_labels, known.predicted, len(names))
    right, total = matrix.diagonal().tolist(), matrix.sum(1).tolist()
    accuracy = [hit / count if count else None for hit, count in zip(right, total, strict=True)]
    return {"classes": names, "matrix": matrix.tolist(), "accuracy": accuracy, "assessed": known.step}


def confusion(true: Tensor, predicted: Tensor, count: int) -> Tensor:
    """How often class r was taken for class c: (count, count) int64, from two (M,) int64."""
    return torch.bincount(true * count + predicted, minlength=count**2).view(count, count)
