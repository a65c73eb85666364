"""Recurrent layers step by step, from the weights of torch's own modules, so that what lies between can be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Pass:
    """What happened in one layer and direction; every list has one (B, H) for each time step, in the order of time."""

    hidden: list[Tensor]
    cell: list[Tensor]  # of an LSTM; else empty
    gates: dict[str, list[Tensor]]  # values after the sigmoid; none in a plain RNN
    inner: dict[str, list[Tensor]]  # other values on the way, e.g. the pre-activation

    def over_time(self, values: list[Tensor]) -> Tensor:
        """(B, T, H)."""
        return torch.stack(values, 1)


def unrolled(rnn: nn.RNNBase, inputs: Tensor, until: int) -> list[tuple[Pass, ...]]:
    """Every layer up to number ``until`` over ``inputs`` (B, T, F), each as forward pass and, perhaps, backward pass.

    Without dropout; the hidden state begins with zeros.
    """
    passes: list[tuple[Pass, ...]] = []
    x = inputs
    for layer in range(until + 1):
        both = (False, True) if rnn.bidirectional else (False,)
        made = tuple(one_layer(rnn, x, layer, reverse) for reverse in both)
        passes.append(made)
        x = torch.cat([found.over_time(found.hidden) for found in made], 2)
    return passes


def one_layer(rnn: nn.RNNBase, x: Tensor, layer: int, reverse: bool = False) -> Pass:
    """One layer in one direction over ``x`` (B, T, F)."""
    names = f"l{layer}{'_reverse' if reverse else ''}"
    weight, bias = getattr(rnn, f"weight_hh_{names}"), getattr(rnn, f"bias_hh_{names}")
    given = x @ getattr(rnn, f"weight_ih_{names}").T + getattr(rnn, f"bias_ih_{names}")  # (B, T, g H)
    step = step_of(rnn.mode)
    state = [x.new_zeros(len(x), rnn.hidden_size)] * (2 if rnn.mode == "LSTM" else 1)
    found = Pass([], [], {}, {})
    times = range(x.shape[1])
    for time in reversed(times) if reverse else times:
        gates, inner, state = step(given[:, time], state[0] @ weight.T + bias, state, rnn.mode)
        for kept, values in ((found.gates, gates), (found.inner, inner)):
            for name, value in values.items():
                kept.setdefault(name, []).append(value)
        found.hidden.append(state[0])
        found.cell.extend(state[1:])
    if reverse:
        for chain in (found.hidden, found.cell, *found.gates.values(), *found.inner.values()):
            chain.reverse()
    return found


Step = tuple[dict[str, Tensor], dict[str, Tensor], list[Tensor]]  # gates, other values, new state


def step_of(mode: str) -> Callable[[Tensor, Tensor, list[Tensor], str], Step]:
    """One step of a cell of ``mode`` (as :class:`torch.nn.RNNBase` names it): W x + b, U h + b', state, mode -> Step."""
    return {"LSTM": _lstm, "GRU": _gru}.get(mode, _plain)


def _plain(given: Tensor, back: Tensor, _state: list[Tensor], mode: str) -> Step:
    """h' = tanh(W x + b + U h + b'), or relu (Elman, 1990)."""
    before = given + back
    return {}, {"pre-activation": before}, [before.tanh() if mode == "RNN_TANH" else before.relu()]


def _lstm(given: Tensor, back: Tensor, state: list[Tensor], _mode: str) -> Step:
    """c' = f c + i g; h' = o tanh(c') (Hochreiter and Schmidhuber, 1997; forget gate: Gers et al., 2000)."""
    i, f, g, o = (given + back).chunk(4, 1)
    gates = {"input": i.sigmoid(), "forget": f.sigmoid(), "output": o.sigmoid()}
    candidate = g.tanh()
    cell = gates["forget"] * state[1] + gates["input"] * candidate
    return gates, {"candidate": candidate}, [gates["output"] * cell.tanh(), cell]


def _gru(given: Tensor, back: Tensor, state: list[Tensor], _mode: str) -> Step:
    """h' = (1 - z) n + z h, n = tanh(W x + b + r (U h + b')) (Cho et al., 2014, as torch writes it)."""
    (gr, gz, gn), (br, bz, bn) = given.chunk(3, 1), back.chunk(3, 1)
    gates = {"reset": (gr + br).sigmoid(), "update": (gz + bz).sigmoid()}
    candidate = (gn + gates["reset"] * bn).tanh()
    return gates, {"candidate": candidate}, [(1 - gates["update"]) * candidate + gates["update"] * state[0]]
