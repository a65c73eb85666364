"""How much of an error is left when it has gone back through time."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from core.i18n import N_
from core.models.unrolled import one_layer, unrolled
from core.probes.arguments import whole
from core.probes.pictures import numbers
from core.probes.rnn.subject import SequenceSubject
from core.training.assessment import looking
from core.training.sequence_classes import Lines
from core.training.sequence_memory import Adding

SEQUENCES = 16  # of which the gradient is a mean
VANISHED, EXPLODED = 1e-3, 1e3


def gradient(subject: SequenceSubject, index: Any = 0) -> dict[str, Any]:
    """Norm of dL/d state(t) for each step t of the last layer, L the error of the last answer alone.

    The state is h(t), and of an LSTM h(t) and c(t) together. L is the mean over 16 validation sequences from
    ``index`` on (labelled lines and texts shorter than the others: one). Weights and their gradients stay as they are.
    """
    norms = _norms(subject, whole("index", index, 0, subject.problem.examples - 1))
    both = [math.hypot(*parts) for parts in zip(*norms["states"], strict=True)]
    steps = len(both)
    ratio = both[0] / both[-1] if both[-1] > 0 else float("nan")
    verdict, words = _verdict(both, ratio, steps)
    bptt = subject.config.data.bptt
    return {
        "norms": numbers(both),
        "hidden": numbers(norms["states"][0]),
        "cell": numbers(norms["states"][1]) if len(norms["states"]) > 1 else None,
        "sequences": norms["sequences"],
        "from": steps - 1,
        "truncated_at": steps - bptt if 0 < bptt < steps else None,
        "ratio": ratio if math.isfinite(ratio) else None,
        "verdict": verdict,
        "words": words,
        "axis": [str(step + 1) for step in range(steps)],
    }


def _norms(subject: SequenceSubject, index: int) -> dict[str, Any]:
    """|dL/dh(t)| and, of an LSTM, |dL/dc(t)|, a list over time each."""
    problem, model = subject.problem, subject.model
    count = 1 if isinstance(problem, Lines) else min(SEQUENCES, problem.examples - index)
    examples = [problem.example(index + number) for number in range(count)]
    steps = min(example.inputs.shape[1] for example in examples)
    inputs = torch.cat([example.inputs[:, :steps] for example in examples])
    last = model.rnn.num_layers - 1
    with looking(model):
        below = model.vectors(inputs)
        if last:
            found = unrolled(model.rnn, below, last - 1)[-1]
            below = torch.cat([one.over_time(one.hidden) for one in found], 2)
        backward = one_layer(model.rnn, below, last, reverse=True) if model.rnn.bidirectional else None
        with torch.enable_grad():
            forward = one_layer(model.rnn, below, last)
            end = forward.hidden[-1] if backward is None else torch.cat([forward.hidden[-1], backward.hidden[0]], 1)
            loss = _error(
                subject, model.head(end), torch.cat([_wanted(example.targets, steps) for example in examples])
            )
            chains = [forward.hidden, *([forward.cell] if forward.cell else [])]
            gradients = torch.autograd.grad(loss, [state for chain in chains for state in chain], allow_unused=True)
    norms = [0.0 if found is None else found.norm().item() for found in gradients]
    return {"states": [norms[:steps], norms[steps:]][: len(chains)], "sequences": count}


def _wanted(targets: Tensor, steps: int) -> Tensor:
    """What is wanted last, (1,): a class or number of the whole sequence, or the last one after each step."""
    if targets.dim() == 1:
        return targets
    wanted = targets.flatten(1)
    return wanted[:, min(steps, wanted.shape[1]) - 1]


def _error(subject: SequenceSubject, answer: Tensor, wanted: Tensor) -> Tensor:
    """Of the answers (n, outputs)."""
    if subject.config.kind == "forecast" or isinstance(subject.problem, Adding):
        return F.mse_loss(answer[:, 0], wanted)
    return F.cross_entropy(answer, wanted)


def _verdict(norms: list[float], ratio: float, steps: int) -> tuple[str, dict[str, Any]]:
    """What the norms mean, as a template and its values."""
    back = steps - 1
    if not all(math.isfinite(norm) for norm in norms) or ratio > EXPLODED:
        template = N_(
            "The gradient explodes: it grows to {ratio:.1e} times its size on its way back through {steps} steps. Gradient clipping, a smaller learning rate or an LSTM tames it."
        )
        return "explodes", {"template": template, "values": {"ratio": _finite(ratio), "steps": back}}
    if not math.isfinite(ratio):
        template = N_("The last answer has no error, so there is no gradient to follow.")
        return "healthy", {"template": template, "values": {}}
    if ratio < VANISHED:
        gone = next(step for step in range(1, steps) if norms[back - step] < VANISHED * norms[back])
        template = N_(
            "The gradient vanishes: after {gone} steps back less than a thousandth of it is left, after {steps} steps {ratio:.1e} of its size. What stands further back can hardly be learned; an LSTM or GRU keeps more."
        )
        return "vanishes", {"template": template, "values": {"gone": gone, "steps": back, "ratio": ratio}}
    template = N_(
        "The gradient is healthy: {ratio:.2g} times its size is left after {steps} steps back, so the beginning of the sequence can be learned from."
    )
    return "healthy", {"template": template, "values": {"ratio": ratio, "steps": back}}


def _finite(ratio: float) -> float:
    return ratio if math.isfinite(ratio) else 1e38
