"""Where the way back begins: the loss at one answer of the network, and its derivative, with numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from core.probes.step.true import Taken
from core.training.plane_losses import loss_key
from core.training.sequence_forecast import Forecast
from core.training.sequence_memory import Adding, Copy

MOST_OUTPUTS = 12
Slope = Callable[[Tensor, Tensor], Tensor]  # (outputs, target) of one answer -> derivative, but for the mean's share


@dataclass(frozen=True)
class Loss:
    """Formulas of a loss with z the output, y the target and N the numbers the mean is taken over."""

    formula: str
    delta: str
    slope: Slope | None
    squash: Callable[[Tensor], Tensor] | None = None
    squashed: str = ""  # what that is called


def softmax(z: Tensor) -> Tensor:
    """Of one answer (K,)."""
    return z.softmax(0)


LOSSES: dict[str, Loss] = {
    "cross_entropy": Loss(
        "L = −(1/N) Σ y·log p,  p = softmax(z)", "δ = (p − y) / N", lambda z, y: z.softmax(0) - y, softmax, "p"
    ),
    "brier": Loss(
        "L = (1/N) Σ (p − y)²,  p = softmax(z)", "δ = Σⱼ 2·(pⱼ − yⱼ)/N · pⱼ·([j = k] − pₖ)", None, softmax, "p"
    ),
    "squared": Loss("L = 1/(2N) Σ (z − y)²", "δ = (z − y) / N", lambda z, y: z - y),
    "mse": Loss("L = (1/N) Σ (z − y)²", "δ = 2·(z − y) / N", lambda z, y: 2 * (z - y)),
    "tanh_squared": Loss(
        "L = 1/(2N) Σ (tanh z − y)²",
        "δ = (tanh z − y)·(1 − tanh² z) / N",
        lambda z, y: (z.tanh() - y) * (1 - z.tanh().square()),
        torch.tanh,
        "tanh z",
    ),
    "bce": Loss(
        "L = −(1/N) Σ (y·log σ(z) + (1 − y)·log(1 − σ(z)))",
        "δ = (σ(z) − y) / N",
        lambda z, y: z.sigmoid() - y,
        torch.sigmoid,
        "σ(z)",
    ),
    "hinge": Loss(
        "L = (1/N) Σ max(0, 1 − y·z)", "δ = −y / N where y·z < 1, else 0", lambda z, y: torch.where(y * z < 1, -y, 0.0)
    ),
    "score_bce": Loss(
        "L = −(1/N) Σ log σ(z) on real − (1/N) Σ log(1 − σ(z)) on generated",
        "δ = (σ(z) − y) / N",
        lambda z, y: z.sigmoid() - y,
        torch.sigmoid,
        "σ(z)",
    ),
    "score_squared": Loss("L = 1/(2N) Σ (z − y)²", "δ = (z − y) / N", lambda z, y: z - y),
    "score_hinge": Loss(
        "L = (1/N) Σ max(0, 1 − y·z)", "δ = −y / N where y·z < 1, else 0", lambda z, y: torch.where(y * z < 1, -y, 0.0)
    ),
    "score_mean": Loss("L = −(1/N) Σ y·z", "δ = −y / N", lambda z, y: -y),
    "made_minimax": Loss(
        "L = (1/N) Σ log(1 − σ(z))", "δ = −σ(z) / N", lambda z, y: -z.sigmoid(), torch.sigmoid, "σ(z)"
    ),
    "made_non_saturating": Loss(
        "L = −(1/N) Σ log σ(z)", "δ = (σ(z) − 1) / N", lambda z, y: z.sigmoid() - 1, torch.sigmoid, "σ(z)"
    ),
}
OF_DISCRIMINATOR = {
    "minimax": ("score_bce", 0.0),
    "non_saturating": ("score_bce", 0.0),
    "least_squares": ("score_squared", 0.0),
    "hinge": ("score_hinge", -1.0),
    "wgan_clip": ("score_mean", -1.0),
    "wgan_gp": ("score_mean", -1.0),
}  # loss -> its formulas, and y of what is generated
OF_GENERATOR = {"minimax": "made_minimax", "non_saturating": "made_non_saturating", "least_squares": "score_squared"}


@dataclass(frozen=True)
class Answer:
    """One answer of the network and what is wanted; ``over``: N of its loss."""

    key: str
    z: Tensor  # (K,)
    y: Tensor  # (K,)
    delta: Tensor  # (K,) recorded
    over: int


def told(taken: Taken, example: int, step: int | None) -> dict[str, Any]:
    """The loss of the batch, and what it makes of ``example`` (at ``step`` of a sequence), JSON-ready."""
    answer = answer_of(taken, example, step)
    loss = LOSSES[answer.key]
    squashed = loss.squash(answer.z) if loss.squash else None
    order = _worth_showing(answer)
    names = _names(taken, len(answer.z))
    return {
        "key": answer.key,
        "formula": loss.formula,
        "delta": loss.delta,
        "value": taken.loss,
        "over": answer.over,
        "squashed": loss.squashed,
        "outputs": len(answer.z),
        "rows": [
            {
                "name": names[at],
                "output": float(answer.z[at]),
                "squashed": None if squashed is None else float(squashed[at]),
                "target": float(answer.y[at]),
                "delta": float(answer.delta[at]),
            }
            for at in order
        ],
    }


def _worth_showing(answer: Answer) -> list[int]:
    """All outputs, or those with the largest gradients in their own order."""
    if len(answer.z) <= MOST_OUTPUTS:
        return list(range(len(answer.z)))
    return sorted(answer.delta.abs().argsort(descending=True)[:MOST_OUTPUTS].tolist())


def answer_of(taken: Taken, example: int, step: int | None) -> Answer:
    """The answer to ``example`` of the batch with its target and the recorded gradient, float64 on the CPU."""
    last = [
        call for call in taken.calls if call.name == taken.calls[-1].name and call.network == taken.calls[-1].network
    ]
    size = len(last[0].made)
    call, row = last[min(example // size, len(last) - 1)], example % size
    z, gradient = call.made.detach()[row], call.gradient
    delta = torch.zeros_like(z) if gradient is None else gradient[row]
    if z.dim() > 1:  # answers at every step
        at = len(z) - 1 if step is None else min(step, len(z) - 1)
        z, delta = z[at], delta[at]
    else:
        at = None
    key, y, over = _wanted(taken, call.made, last.index(call), row, at)
    exact = [one.detach().double().cpu().reshape(-1) for one in (z, y, delta)]
    return Answer(key, exact[0], exact[1], exact[2], over)


def _wanted(taken: Taken, made: Tensor, number: int, row: int, step: int | None) -> tuple[str, Tensor, int]:
    """Which loss it is, the target in the shape of one answer, and N."""
    config = taken.task.config
    if config.page == "gan":
        return _score(taken, made, number, row)
    if config.page == "mlp":
        return _plane(taken, made, row)
    if config.page == "rnn":
        return _sequence(taken, made, row, step)
    smoothing, classes = config.loss.label_smoothing, made.shape[1]
    target = target_of(taken)[row]
    one_hot = target if target.dim() else F.one_hot(target, classes)  # mixed pictures have shares of classes
    hot = one_hot.double() * (1 - smoothing) + smoothing / classes
    if config.loss.name == "cross_entropy":
        return "cross_entropy", hot, len(made)
    return "brier", hot, made.numel()


def _score(taken: Taken, made: Tensor, number: int, row: int) -> tuple[str, Tensor, int]:
    config, size = taken.task.config, len(made)
    if taken.part == "generator":
        return OF_GENERATOR.get(config.loss.name, "score_mean"), torch.ones(1), size
    key, fake = OF_DISCRIMINATOR[config.loss.name]
    real = config.loss.real_label if fake == 0 else 1.0
    if taken.after is None:  # real and generated samples went through it together
        size //= 2
        return key, torch.tensor([real if row < size else fake]), size
    return key, torch.tensor([real if number == 0 else fake]), size


def _plane(taken: Taken, made: Tensor, row: int) -> tuple[str, Tensor, int]:
    key, target = loss_key(taken.task.config), target_of(taken)
    if key == "cross_entropy":
        return key, F.one_hot(target[row], made.shape[1]), len(made)
    return key, target[row], made.numel()


def _sequence(taken: Taken, made: Tensor, row: int, step: int | None) -> tuple[str, Tensor, int]:
    problem, target = taken.task.problem, target_of(taken)
    if isinstance(problem, Adding):
        return "mse", target[row], len(made)
    if isinstance(problem, Forecast):
        assert step is not None
        return "mse", target[row, step], made.numel()
    classes = made.shape[-1]
    if step is None:
        return "cross_entropy", F.one_hot(target[row], classes), len(made)
    skipped = made.shape[1] - target.shape[1] if isinstance(problem, Copy) else 0
    hot = torch.zeros(classes) if step < skipped else F.one_hot(target[row, step - skipped], classes)
    return "cross_entropy", hot, target.numel()


def target_of(taken: Taken) -> Tensor:
    """The targets of the batch as its loss takes them. For families that have any."""
    if taken.target is not None:
        return taken.target
    targets: Tensor = taken.batch.targets
    return targets


def _names(taken: Taken, outputs: int) -> list[str]:
    names = list(taken.task.classes)
    problem = getattr(taken.task, "problem", None)
    if problem is not None:
        names = list(problem.classes or problem.vocabulary)
    return names if len(names) == outputs and taken.task.config.page != "gan" else [""] * outputs
