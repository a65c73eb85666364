"""Hidden states and gates of one sequence over time."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from core.errors import LiveTorchError
from core.i18n import N_
from core.models.unrolled import Pass
from core.probes.pictures import tensor_block
from core.probes.rnn.subject import SequenceSubject, example_of, layer_of, numbers, passes

OPEN, CLOSED, SATURATED = 0.9, 0.1, 0.99


def hidden(subject: SequenceSubject, index: Any = 0, layer: Any = 0) -> dict[str, Any]:
    """Hidden states (T, H) of layer ``layer`` over validation sequence ``index``; an LSTM's cells as well."""
    example, number = example_of(subject, index), layer_of(subject, layer)
    forward, *backward = passes(subject, example, number)
    states = forward.over_time(forward.hidden)  # (1, T, H)
    return {
        **_said(subject, index, number, example.axis),
        "hidden": tensor_block(states, signed=True),
        "cell": tensor_block(forward.over_time(forward.cell), signed=True) if forward.cell else None,
        "reverse": tensor_block(backward[0].over_time(backward[0].hidden), signed=True) if backward else None,
        "saturated": (states.abs() > SATURATED).double().mean().item(),
    }


def gates(subject: SequenceSubject, index: Any = 0, layer: Any = 0) -> dict[str, Any]:
    """Each gate of a GRU or LSTM (T, H) over validation sequence ``index``; how many units are open and closed.

    Forward direction. Raises :class:`LiveTorchError` for a plain RNN.
    """
    example, number = example_of(subject, index), layer_of(subject, layer)
    if subject.config.model.cell not in ("gru", "lstm"):
        raise LiveTorchError(N_("A plain RNN has no gates. Choose GRU or LSTM to see some."))
    forward = passes(subject, example, number)[0]
    return {
        **_said(subject, index, number, example.axis),
        "cell": subject.config.model.cell,
        "gates": [_gate(name, forward, values) for name, values in forward.gates.items()],
    }


def _gate(name: str, forward: Pass, values: list[Tensor]) -> dict[str, Any]:
    found = forward.over_time(values)  # (1, T, H)
    return {
        "name": name,
        "block": tensor_block(found, signed=False),
        "mean": numbers(found.mean(2)),
        "open": numbers((found > OPEN).double().mean(2)),
        "closed": numbers((found < CLOSED).double().mean(2)),
    }


def _said(subject: SequenceSubject, index: int, layer: int, axis: list[str]) -> dict[str, Any]:
    return {
        "index": index,
        "count": subject.problem.examples,
        "layer": layer,
        "layers": subject.config.model.layers,
        "units": subject.config.model.hidden,
        "axis": axis,
    }
