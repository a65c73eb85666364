"""Backpropagation through time, step by step: torch's own recurrent layers tell only the sum over all steps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.models.unrolled import step_of
from core.probes.step.record import Call, tensors_of

GATES = {"LSTM": ("input", "forget", "candidate", "output"), "GRU": ("reset", "update", "candidate")}
NAMES = re.compile(r"(weight|bias)_(ih|hh)_l(\d+)(_reverse)?")


@dataclass(frozen=True)
class Steps:
    """One layer in one direction. Lists have an entry for each step of time."""

    given: list[Tensor]  # W x + b, (B, gates x H)
    back: list[Tensor]  # U h + b', (B, gates x H)
    before: list[Tensor]  # h that the step began with, (B, H)
    inputs: Tensor  # (B, T, F)
    hidden: list[Tensor]  # h that it ended with


def gate_of(module: nn.RNNBase, unit: int) -> str:
    """The gate that row ``unit`` of a weight matrix belongs to; "" in a plain RNN."""
    gates = GATES.get(module.mode)
    return gates[unit // module.hidden_size] if gates else ""


def recurrent(calls: Sequence[Call], parameter: str, unit: int, source: int) -> tuple[Tensor, Tensor] | None:
    """Gradients by the pre-activation of row ``unit`` and what its weight met: (B, T) each, float64 on the CPU.

    Nothing where it cannot be told: sequences that are packed, or dropout between layers.
    """
    module, found = calls[0].module, NAMES.fullmatch(parameter)
    assert isinstance(module, nn.RNNBase) and found is not None
    if any(isinstance(call.given, nn.utils.rnn.PackedSequence) for call in calls):
        return None
    if module.num_layers > 1 and module.dropout > 0 and calls[0].training:
        return None
    kind, side, layer, reverse = found.groups()
    parts = [
        _one(call, int(layer), reverse is not None, side, unit, None if kind == "bias" else source) for call in calls
    ]
    return torch.cat([delta for delta, _value in parts], 1), torch.cat([value for _delta, value in parts], 1)


def _one(call: Call, layer: int, reverse: bool, side: str, unit: int, source: int | None) -> tuple[Tensor, Tensor]:
    with torch.enable_grad():
        steps, loss = _unrolled(call, layer, reverse)
        wanted = steps.given if side == "ih" else steps.back
        found = torch.autograd.grad(loss, wanted, allow_unused=True)
    empty = torch.zeros_like(wanted[0])
    delta = torch.stack([(empty if one is None else one)[:, unit] for one in found], 1)
    if source is None:
        value = torch.ones_like(delta)
    elif side == "ih":
        value = steps.inputs[:, :, source]
    else:
        value = torch.stack([one[:, source] for one in steps.before], 1)
    return delta.detach().double().cpu(), value.detach().double().cpu()


def _unrolled(call: Call, wanted: int, reverse: bool) -> tuple[Steps, Tensor]:
    """The steps of layer ``wanted``, and a number whose derivatives are those of the loss."""
    module = call.module
    assert isinstance(module, nn.RNNBase)
    x, found = call.given.detach(), None
    both = (False, True) if module.bidirectional else (False,)
    state = (
        [one.detach() for one in tensors_of(call.inputs[1])]
        if len(call.inputs) > 1 and call.inputs[1] is not None
        else []
    )
    ends: list[list[Tensor]] = []
    for layer in range(module.num_layers):
        made = []
        for backwards in both:
            first = [one[len(ends)] for one in state]
            steps, end = _layer(module, x, layer, backwards, first)
            made.append(steps)
            ends.append(end)
            if layer == wanted and backwards == reverse:
                found = steps
        x = torch.cat([torch.stack(steps.hidden, 1) for steps in made], 2)
    assert found is not None
    outputs = [x, *(torch.stack(one) for one in zip(*ends, strict=True))]  # hidden states, h and perhaps c at the end
    return found, sum((outputs[number] * one).sum() for number, one in call.gradients.items()) + 0 * x.sum()


def _layer(module: nn.RNNBase, x: Tensor, layer: int, reverse: bool, first: list[Tensor]) -> tuple[Steps, list[Tensor]]:
    names = f"l{layer}{'_reverse' if reverse else ''}"
    own = {
        name: getattr(module, f"{name}_{names}").detach() for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    }
    step = step_of(module.mode)
    zero = x.new_zeros(len(x), module.hidden_size)
    state = first or [zero] * (2 if module.mode == "LSTM" else 1)
    count = x.shape[1]
    made = Steps([zero] * count, [zero] * count, [zero] * count, x, [zero] * count)
    for time in reversed(range(count)) if reverse else range(count):
        given = x[:, time] @ own["weight_ih"].T + own["bias_ih"]
        back = state[0] @ own["weight_hh"].T + own["bias_hh"]
        given, back = (one if one.requires_grad else one.requires_grad_() for one in (given, back))
        made.given[time], made.back[time], made.before[time] = given, back, state[0]
        _gates, _inner, state = step(given, back, state, module.mode)
        made.hidden[time] = state[0]
    return made, state
