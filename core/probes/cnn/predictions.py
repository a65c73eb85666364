"""A wall of validation pictures with what the network says they are."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.probes.arguments import one_of, whole
from core.probes.pictures import numbers, sprite
from core.probes.subject import ImageSubject, assessed
from core.training.assessment import Assessment, probabilities

ORDERS = ("first", "wrong", "unsure")
MOST_PICTURES = 200


def predictions(
    subject: ImageSubject,
    *,
    order: str = "first",
    true: int | None = None,
    predicted: int | None = None,
    count: int = 40,
) -> dict[str, Any]:
    """The present answers to ``count`` validation pictures, chosen by the last answers to all of them.

    ``order``: "first" as they come; "wrong": the surest mistakes first, after them what was nearly one;
    "unsure": the least sure first. ``true`` and ``predicted`` keep one cell of the confusion matrix.
    """
    one_of("order", order, ORDERS)
    whole("count", count, 1, MOST_PICTURES)
    for name, value in (("true", true), ("predicted", predicted)):
        if value is not None:
            whole(name, value, 0, len(subject.data.classes) - 1)
    needed = order != "first" or predicted is not None
    known = assessed(subject) if needed else subject.assessment
    index = _chosen(subject.data.validation_labels, known, order, true, predicted)[:count]
    return _shown(subject, index) | _told(subject, known)


def _chosen(labels: Tensor, known: Assessment | None, order: str, true: int | None, predicted: int | None) -> Tensor:
    """Positions of the pictures to show, in their order."""
    index = torch.arange(len(labels))
    if known is not None and order != "first":
        confidence = known.confidence.double().nan_to_num(0.0)  # float64: 2 + p must tell apart what p does
        wrong = torch.where(known.predicted != labels, -2 - confidence, confidence)
        index = (wrong if order == "wrong" else confidence).argsort(stable=True)
    keep = torch.ones(len(labels), dtype=torch.bool)
    if true is not None:
        keep &= labels == true
    if known is not None and predicted is not None:
        keep &= known.predicted == predicted
    return index[keep[index]]


def _shown(subject: ImageSubject, index: Tensor) -> dict[str, Any]:
    images = subject.data.validation_images[index]  # (n, C, H, W)
    found: list[int] = []
    confidence: list[float | None] = []
    if len(index):
        surest = probabilities(subject.evaluated, subject.data, images, subject.config.device).max(1)
        found, confidence = surest.indices.tolist(), numbers(surest.values.tolist(), digits=4)
    return {
        "index": index.tolist(),
        "predicted": found,
        "confidence": confidence,
        "labels": subject.data.validation_labels[index].tolist(),
        "sprite": sprite(subject.data.pixels(images)),
        "classes": list(subject.data.classes),
    }


def _told(subject: ImageSubject, known: Assessment | None) -> dict[str, Any]:
    labels = subject.data.validation_labels
    return {
        "wrong": int((known.predicted != labels).sum()) if known is not None else None,
        "total": len(labels),
        "assessed": known.step if known is not None else None,
    }
