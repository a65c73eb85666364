"""From a network's answer to the loss it is trained with: softmax and cross-entropy, and the others, with numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from core.probes.arithmetic.numbers import exact

MOST_ROWS = 16  # classes that are shown one by one


def cross_entropy(logits: Tensor, label: int | None, names: Sequence[str], smoothing: float = 0.0) -> dict[str, Any]:
    """Softmax of ``logits`` (K,) and -sum of q log p, where q is 1 for the true class, less with smoothing."""
    found = _softmax(logits)
    logs = logits.detach().double().cpu().log_softmax(0)
    wanted = _wanted(label, len(logits), smoothing)
    terms = None if wanted is None else torch.where(wanted == 0, 0.0, -wanted * logs)
    rows = _rows(found, wanted, terms, names, label)
    return rows | {
        "loss": "cross_entropy",
        "label": label,
        "smoothing": smoothing,
        "value": None if terms is None else exact(terms.sum()),
    }


def brier(logits: Tensor, label: int | None, names: Sequence[str], smoothing: float = 0.0) -> dict[str, Any]:
    """Softmax of ``logits`` (K,) and the mean of (p - q)²."""
    found = _softmax(logits)
    wanted = _wanted(label, len(logits), smoothing)
    terms = None if wanted is None else (found["p"] - wanted).square()
    value = None if terms is None else exact(terms.mean())
    return _rows(found, wanted, terms, names, label) | {
        "loss": "brier",
        "label": label,
        "smoothing": smoothing,
        "value": value,
    }


def _softmax(logits: Tensor) -> dict[str, Tensor]:
    """e^(z - max) and its share of their sum; the largest is taken off so that nothing overflows."""
    z = logits.detach().double().cpu()
    raised = (z - z.max()).exp()
    return {"z": z, "exp": raised, "p": raised / raised.sum()}


def _wanted(label: int | None, classes: int, smoothing: float) -> Tensor | None:
    if label is None:
        return None
    one = F.one_hot(torch.tensor(label), classes).double()
    return one * (1 - smoothing) + smoothing / classes


def _rows(
    found: dict[str, Tensor], wanted: Tensor | None, terms: Tensor | None, names: Sequence[str], label: int | None
) -> dict[str, Any]:
    """The likeliest classes and the true one, in the order of the classes; the others together."""
    order = found["z"].argsort(descending=True, stable=True).tolist()
    chosen = order[:MOST_ROWS]
    if label is not None and label not in chosen:
        chosen[-1] = label
    chosen = sorted(chosen)
    rest = [place for place in order if place not in chosen]
    rows = [
        {"index": place, "name": names[place] if place < len(names) else str(place)}
        | {name: exact(values[place]) for name, values in found.items()}
        | ({} if wanted is None or terms is None else {"q": exact(wanted[place]), "term": exact(terms[place])})
        for place in chosen
    ]
    more: dict[str, Any] = {
        "count": len(rest),
        "exp": exact(found["exp"][rest].sum()),
        "p": exact(found["p"][rest].sum()),
    }
    if terms is not None:
        more["term"] = exact(terms[rest].sum())
    return {
        "kind": "softmax",
        "rows": rows,
        "more": more,
        "largest": exact(found["z"].max()),
        "sum": exact(found["exp"].sum()),
    }


Term = Callable[[float, float], float]


def _bce(z: float, target: float) -> float:
    return float(F.binary_cross_entropy_with_logits(_one(z), _one(target)))


def _one(value: float) -> Tensor:
    return torch.tensor(value, dtype=torch.float64)


# loss -> what squashes an output first, the term of one output, what its mean is multiplied with
ELEMENTWISE: dict[str, tuple[str, Term, float]] = {
    "squared": ("", lambda z, t: (z - t) ** 2, 0.5),
    "mse": ("", lambda z, t: (z - t) ** 2, 1.0),
    "tanh_squared": ("tanh", lambda z, t: (math.tanh(z) - t) ** 2, 0.5),
    "bce": ("sigmoid", _bce, 1.0),
    "hinge": ("", lambda z, t: max(0.0, 1 - t * z), 1.0),
}
SQUASHES: dict[str, Callable[[float], float]] = {
    "tanh": math.tanh,
    "sigmoid": lambda z: float(_one(z).sigmoid()),
    "": lambda z: z,
}


def elementwise(loss: str, outputs: Tensor, target: Tensor | None, names: Sequence[str]) -> dict[str, Any]:
    """One term for each of ``outputs`` (K,), and their mean times a factor."""
    squash, term, factor = ELEMENTWISE[loss]
    values = outputs.detach().double().cpu().tolist()
    wanted = [None] * len(values) if target is None else target.detach().double().cpu().tolist()
    rows, terms = [], []
    for place, (z, t) in enumerate(zip(values, wanted, strict=True)):
        row: dict[str, Any] = {"index": place, "name": names[place] if place < len(names) else "", "z": exact(z)}
        if squash:
            row["p"] = exact(SQUASHES[squash](z))
        if t is not None:
            terms.append(term(z, t))
            row |= {"t": exact(t), "term": exact(terms[-1])}
        rows.append(row)
    value = factor * sum(terms) / len(terms) if terms else None
    return {
        "kind": "elementwise",
        "loss": loss,
        "squash": squash,
        "factor": factor,
        "rows": rows,
        "value": None if value is None else exact(value),
    }


def _softplus(z: float) -> float:
    return float(F.softplus(_one(z)))


Side = Callable[[float, float], float]  # score, real label -> term

# loss -> of D on a real sample, of D on a generated one, of G
ADVERSARIAL: dict[str, tuple[Side, Side, Side]] = {
    "minimax": (_bce, lambda s, _l: _softplus(s), lambda s, _l: -_softplus(s)),
    "non_saturating": (_bce, lambda s, _l: _softplus(s), lambda s, _l: _softplus(-s)),
    "least_squares": (
        lambda s, label: 0.5 * (s - label) ** 2,
        lambda s, _l: 0.5 * s**2,
        lambda s, _l: 0.5 * (s - 1) ** 2,
    ),
    "hinge": (lambda s, _l: max(0.0, 1 - s), lambda s, _l: max(0.0, 1 + s), lambda s, _l: -s),
    "wgan_clip": (lambda s, _l: -s, lambda s, _l: s, lambda s, _l: -s),
    "wgan_gp": (lambda s, _l: -s, lambda s, _l: s, lambda s, _l: -s),
}


def adversarial(loss: str, part: str, scores: Tensor, label: float) -> dict[str, Any]:
    """What a player's loss is made of: D's of a real and a generated sample, G's of the generated one.

    ``scores``: of the real sample and the generated one, (2,), or of the generated one alone, (1,).
    """
    on_real, on_fake, of_generator = ADVERSARIAL[loss]
    values = scores.detach().double().cpu().flatten().tolist()
    sides = (("real", on_real), ("generated", on_fake)) if part == "discriminator" else (("generated", of_generator),)
    rows, total = [], 0.0
    for (name, term), score in zip(sides, values, strict=True):
        rows.append(
            {"name": name, "z": exact(score), "p": exact(_one(score).sigmoid()), "term": exact(term(score, label))}
        )
        total += term(score, label)
    return {
        "kind": "adversarial",
        "loss": loss,
        "part": part,
        "probability": loss in ("minimax", "non_saturating"),
        "real_label": label,
        "rows": rows,
        "value": exact(total),
    }
