"""One hidden unit of a recurrent layer at one step: every gate with its products, and the new state."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from core.models.unrolled import Pass
from core.probes.arithmetic.numbers import exact, weighted
from core.probes.arithmetic.place import Place
from core.probes.arithmetic.way import Station

GATES = {  # in torch's order of the weights
    "LSTM": ("input", "forget", "candidate", "output"),
    "GRU": ("reset", "update", "candidate"),
    "RNN": ("candidate",),
}


def cell(station: Station, at: Place, rows: int) -> tuple[dict[str, Any], float]:
    """The unit's gates (Elman, 1990; Hochreiter and Schmidhuber, 1997; Cho et al., 2014), as torch writes them."""
    layer, run = station.module, station.more["pass"]
    assert isinstance(layer, nn.RNNBase) and isinstance(run, Pass)
    before = _before(run.hidden, at.step, station.more["reverse"])
    names = GATES[station.kind]
    gates = {name: _gate(station, at, number * layer.hidden_size, before, rows) for number, name in enumerate(names)}
    found, result = {"LSTM": _lstm, "GRU": _gru, "RNN": _plain}[station.kind](gates, station, at)
    for gate in gates.values():
        gate.update({name: exact(value) for name, value in gate.items() if isinstance(value, float)})
    return {
        "form": "cell",
        "cell": {"LSTM": "lstm", "GRU": "gru"}.get(station.kind, layer.mode.lower()),
        "layer": station.more["layer"],
        "reverse": station.more["reverse"],
        "time": at.step,
        "steps": len(run.hidden),
        "first": _earlier(at.step, station.more["reverse"], len(run.hidden)) is None,
        "unit": at.channel,
        "gates": [{"name": name, **gate} for name, gate in gates.items()],
        "previous": exact(before[at.channel]) if before is not None else 0.0,
        "new": exact(result),
        **found,
    }, result


def _earlier(step: int, reverse: bool, steps: int) -> int | None:
    """The step whose state comes in; nothing before the first one that is read."""
    place = step + 1 if reverse else step - 1
    return place if 0 <= place < steps else None


def _before(states: list[Tensor], step: int, reverse: bool) -> Tensor | None:
    place = _earlier(step, reverse, len(states))
    return None if place is None else states[place][0].detach().double().cpu()


def _gate(station: Station, at: Place, first: int, before: Tensor | None, rows: int) -> dict[str, Any]:
    """W x and U h of one unit of one gate, with both biases."""
    layer: Any = station.module
    name = f"l{station.more['layer']}{'_reverse' if station.more['reverse'] else ''}"
    row = first + at.channel
    x = station.given[0][at.step].detach().double().cpu()
    h = torch.zeros(layer.hidden_size, dtype=torch.float64) if before is None else before
    read, kept = (getattr(layer, f"weight_{which}_{name}")[row].detach().cpu() for which in ("ih", "hh"))
    biases = [float(getattr(layer, f"bias_{which}_{name}")[row]) if layer.bias else 0.0 for which in ("ih", "hh")]
    return {
        "input": weighted(x, read, rows),
        "input_bias": biases[0],
        "state": weighted(h, kept, rows),
        "state_bias": biases[1],
        "_input": float(x @ read.double()) + biases[0],
        "_state": float(h @ kept.double()) + biases[1],
    }


def _sum(gate: dict[str, Any]) -> tuple[float, float]:
    """Both halves of a gate, which then no longer stand in it."""
    return gate.pop("_input"), gate.pop("_state")


def _sigmoid(x: float) -> float:
    return float(torch.tensor(x, dtype=torch.float64).sigmoid())


def _tanh(x: float) -> float:
    return math.tanh(x) if x == x else x


def _squashed(gate: dict[str, Any], squash: str) -> float:
    before = sum(_sum(gate))
    value = _sigmoid(before) if squash == "sigmoid" else _tanh(before)
    gate.update(before=before, value=value, squash=squash)
    return value


def _lstm(gates: dict[str, dict[str, Any]], station: Station, at: Place) -> tuple[dict[str, Any], float]:
    """c' = f c + i g; h' = o tanh(c')."""
    i, f, o = (_squashed(gates[name], "sigmoid") for name in ("input", "forget", "output"))
    g = _squashed(gates["candidate"], "tanh")
    cells = _before(station.more["pass"].cell, at.step, station.more["reverse"])
    old = 0.0 if cells is None else float(cells[at.channel])
    new = f * old + i * g
    return {"previous_cell": exact(old), "new_cell": exact(new), "tanh_cell": exact(_tanh(new))}, o * _tanh(new)


def _gru(gates: dict[str, dict[str, Any]], station: Station, at: Place) -> tuple[dict[str, Any], float]:
    """h' = (1 - z) n + z h, n = tanh(W x + b + r (U h + b'))."""
    r, z = (_squashed(gates[name], "sigmoid") for name in ("reset", "update"))
    read, kept = _sum(gates["candidate"])
    n = _tanh(read + r * kept)
    gates["candidate"].update(before=read + r * kept, value=n, squash="tanh", reset=r)
    states = _before(station.more["pass"].hidden, at.step, station.more["reverse"])
    return {}, (1 - z) * n + z * (0.0 if states is None else float(states[at.channel]))


def _plain(gates: dict[str, dict[str, Any]], station: Station, _at: Place) -> tuple[dict[str, Any], float]:
    """h' = tanh(W x + b + U h + b'), or relu."""
    layer: Any = station.module
    gate = gates["candidate"]
    if layer.mode == "RNN_TANH":
        return {}, _squashed(gate, "tanh")
    before = sum(_sum(gate))
    value = max(before, 0.0) if before == before else before
    gate.update(before=before, value=value, squash="relu")
    return {}, value
