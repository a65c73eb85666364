"""One time step in numbers: what comes in, what is made of it, what goes on."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.models.unrolled import Pass, unrolled
from core.probes.arguments import whole
from core.probes.rnn.subject import SequenceSubject, example_of, layer_of, numbers, probabilities
from core.training.assessment import looking

SHOWN, LIKELY = 8, 5
FORMULAS = {  # of the new hidden state, and of each value on the way
    "rnn_tanh": ("h(t) = tanh(a)", {"pre-activation": "a = W x(t) + U h(t-1) + b"}),
    "rnn_relu": ("h(t) = max(0, a)", {"pre-activation": "a = W x(t) + U h(t-1) + b"}),
    "gru": (
        "h(t) = (1 - z) n + z h(t-1)",
        {
            "reset": "r = σ(W x(t) + U h(t-1) + b)",
            "update": "z = σ(W x(t) + U h(t-1) + b)",
            "candidate": "n = tanh(W x(t) + b + r (U h(t-1) + b'))",
        },
    ),
    "lstm": (
        "c(t) = f c(t-1) + i g, h(t) = o tanh(c(t))",
        {
            "input": "i = σ(W x(t) + U h(t-1) + b)",
            "forget": "f = σ(W x(t) + U h(t-1) + b)",
            "output": "o = σ(W x(t) + U h(t-1) + b)",
            "candidate": "g = tanh(W x(t) + U h(t-1) + b)",
        },
    ),
}


def step(subject: SequenceSubject, index: Any = 0, layer: Any = 0, time: Any = None) -> dict[str, Any]:
    """The first eight units of layer ``layer`` at step ``time`` (from 0; the last one by default), forward direction.

    Raises :class:`LiveTorchError` for a sequence, layer or step that is not there.
    """
    example, number = example_of(subject, index), layer_of(subject, layer)
    steps = example.inputs.shape[1]
    now = steps - 1 if time is None else whole("time", time, 0, steps - 1)
    model = subject.model
    with looking(model):
        vectors = model.vectors(example.inputs)
        layers = unrolled(model.rnn, vectors, model.rnn.num_layers - 1)
        given = vectors if number == 0 else _joined(layers[number - 1])
        answer = _answer(subject, _joined(layers[-1]), now)
    found = layers[number][0]
    formula, parts = FORMULAS[subject.config.model.cell]
    values = found.gates | found.inner
    return {
        "index": index,
        "count": subject.problem.examples,
        "layer": number,
        "layers": subject.config.model.layers,
        "time": now,
        "steps": steps,
        "axis": example.axis[now],
        "units": subject.config.model.hidden,
        "shown": min(SHOWN, subject.config.model.hidden),
        "input": _first(given[:, now]),
        "input_size": given.shape[2],
        "previous": _before(found.hidden, now),
        "previous_cell": _before(found.cell, now) if found.cell else None,
        "parts": [{"name": name, "values": _first(values[name][now]), "formula": text} for name, text in parts.items()],
        "new": _first(found.hidden[now]),
        "new_cell": _first(found.cell[now]) if found.cell else None,
        "formula": formula,
        "answer": answer,
    }


def _joined(passes: tuple[Pass, ...]) -> Tensor:
    """What a layer hands on: (1, T, directions x H)."""
    return torch.cat([one.over_time(one.hidden) for one in passes], 2)


def _first(values: Tensor) -> list[float | None]:
    return numbers(values[0, :SHOWN])


def _before(states: list[Tensor], now: int) -> list[float | None]:
    return _first(states[now - 1]) if now else [0.0] * min(SHOWN, states[0].shape[1])


def _answer(subject: SequenceSubject, states: Tensor, now: int) -> dict[str, Any] | None:
    """What the head says after this step; nothing where half of the network has not read to the end."""
    if subject.config.model.bidirectional:
        return None
    problem = subject.problem
    said = subject.model.head(states[:, now])
    names = list(problem.classes) or list(problem.vocabulary if problem.every else "")
    if not names:
        return {"label": "prediction", "values": [["", *numbers(said[0, :1])]]}
    chances = probabilities(said)[0]
    best = chances.topk(min(LIKELY, len(names))).indices.tolist()
    return {"label": "probability", "values": [[names[place], round(chances[place].item(), 4)] for place in best]}
