"""The pictures of a run with what the network says of each, and what is taken for what."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.probes.arguments import one_of, whole
from core.probes.cnn.classes import confusion
from core.probes.pictures import numbers
from core.probes.transfer.doubt import doubts, others_say
from core.probes.transfer.subject import TransferSubject, answers, class_names, losses

ORDERS = ("worst", "doubtful", "unsure", "first")
MOST_PICTURES = 200


def predictions(
    subject: TransferSubject,
    *,
    part: str = "validation",
    order: str = "worst",
    true: int | None = None,
    predicted: int | None = None,
    count: int = 40,
) -> dict[str, Any]:
    """The present answers to ``count`` pictures of ``part``; ``index`` is a picture's position in the set.

    ``order``: "worst" by their loss, the highest first; "doubtful": those first that all others would put into another
    class, which is then in ``others``; "unsure": the least sure first; "first": as they came.
    ``true`` and ``predicted`` keep one cell of the confusion matrix.
    """
    one_of("order", order, ORDERS)
    whole("count", count, 1, MOST_PICTURES)
    names = class_names(subject)
    places, said, step = answers(subject, part)
    labels = subject.data.labels[places]
    surest, loss = said.max(1), losses(said, labels)
    cell = _of("true", true, labels, len(names)) & _of("predicted", predicted, surest.indices, len(names))
    others = others_say(subject)[places] if order == "doubtful" else None
    chosen = _chosen(surest.values, loss, order) if others is None else doubts(others, labels).argsort(descending=True)
    chosen = chosen[cell[chosen]][:count]
    return {
        "part": part,
        "index": places[chosen].tolist(),
        "labels": labels[chosen].tolist(),
        "predicted": surest.indices[chosen].tolist(),
        "confidence": numbers(surest.values[chosen].tolist(), digits=4),
        "loss": numbers(loss[chosen].tolist(), digits=4),
        "classes": names,
        "wrong": int((surest.indices != labels).sum()),
        "total": len(places),
        "assessed": step,
        "others": None if others is None else others[chosen].argmax(1).tolist(),
    }


def _of(name: str, wanted: int | None, classes: Tensor, count: int) -> Tensor:
    """Which of ``classes`` (n,) are the ``wanted`` one of ``count``; all of them where none is named."""
    if wanted is None:
        return torch.ones(len(classes), dtype=torch.bool)
    return classes == whole(name, wanted, 0, count - 1)


def _chosen(confidence: Tensor, loss: Tensor, order: str) -> Tensor:
    """All of them, in the order that was asked for."""
    if order == "worst":
        return loss.nan_to_num(float("inf")).argsort(descending=True, stable=True)
    if order == "unsure":
        return confidence.nan_to_num(0.0).argsort(stable=True)
    return torch.arange(len(loss))


def classes(subject: TransferSubject, *, part: str = "validation") -> dict[str, Any]:
    """The confusion matrix (rows: true, columns: predicted) of ``part``, and each class's accuracy."""
    places, said, step = answers(subject, part)
    names, labels = class_names(subject), subject.data.labels[places]
    matrix = confusion(labels, said.argmax(1), len(names))
    right, total = matrix.diagonal().tolist(), matrix.sum(1).tolist()
    accuracy = [hit / count if count else None for hit, count in zip(right, total, strict=True)]
    return {"classes": names, "matrix": matrix.tolist(), "accuracy": accuracy, "assessed": step}
