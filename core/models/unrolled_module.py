"""A recurrent layer as a module with a child for every time step, so that a graph of it shows the steps one by one."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from core.models.unrolled import step_of

MOST_CALLS = 32  # of a cell that are shown one by one


class Step(nn.Module):
    """One time step of one layer. It has no weights of its own: they are the layer's."""

    def __init__(self, mode: str) -> None:
        super().__init__()
        self.mode = mode

    def forward(self, given: Tensor, state: list[Tensor], weight: Tensor, bias: Tensor) -> list[Tensor]:
        """W x + b (B, gates x H) and the state before -> the state after: h (B, H), of an LSTM h and c."""
        return step_of(self.mode)(given, linear(state[0], weight, bias), state, self.mode)[2]


class Unrolled(nn.Module):
    """Answers as the recurrent layer ``rnn`` does in evaluation mode, batch first, from the very same weights.

    Only the last ``steps`` time steps are shown one by one; what is read before them goes through the layer itself,
    which needs a layer that reads in one direction.
    """

    def __init__(self, rnn: nn.RNNBase, steps: int) -> None:
        super().__init__()
        self.rnn, self.steps = rnn, steps
        self.bidirectional = rnn.bidirectional
        self.ways = 2 if rnn.bidirectional else 1
        self.names = [f"l{layer}{way}" for layer in range(rnn.num_layers) for way in ("", "_reverse")[: self.ways]]
        for name in self.names:  # as the layer's weights end
            self.add_module(name, nn.ModuleList(Step(rnn.mode) for _time in range(steps)))

    def forward(self, inputs: Tensor, _state: None = None) -> tuple[Tensor, Tensor | tuple[Tensor, Tensor]]:
        """(B, T, F) -> hidden states (B, T, directions x H) and the last state of each pass."""
        early = inputs.shape[1] - self.steps
        before: list[Tensor] = []
        state: list[Tensor] = []
        if early > 0:
            read, left = self.rnn(inputs[:, :early])
            before, state = [read], list(left) if isinstance(left, tuple) else [left]
        x, last, names = inputs[:, max(early, 0) :] if early > 0 else inputs, [], self.names
        for layer in range(self.rnn.num_layers):
            both = []
            for place in range(layer * self.ways, (layer + 1) * self.ways):
                hidden, left = self._pass(names[place], x, [one[place] for one in state])
                both.append(torch.stack(hidden, 1))
                last.append(left)
            x = torch.cat(both, 2) if len(both) > 1 else both[0]
        stacked = [torch.stack(parts) for parts in zip(*last, strict=True)]
        made = torch.cat([*before, x], 1) if before else x
        return made, (stacked[0], stacked[1]) if len(stacked) > 1 else stacked[0]

    def _pass(self, name: str, x: Tensor, state: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        rnn = self.rnn
        weight, bias = getattr(rnn, f"weight_hh_{name}"), getattr(rnn, f"bias_hh_{name}")
        given = linear(x, getattr(rnn, f"weight_ih_{name}"), getattr(rnn, f"bias_ih_{name}")).unbind(1)
        state = state or [x.new_zeros(len(x), rnn.hidden_size)] * (2 if rnn.mode == "LSTM" else 1)
        hidden, steps = [], list(zip(given, getattr(self, name).children(), strict=True))
        for now, step in reversed(steps) if name.endswith("reverse") else steps:
            state = step(now, state, weight, bias)
            hidden.append(state[0])
        return hidden[::-1] if name.endswith("reverse") else hidden, state


def unrolled_copy(model: nn.Module, length: int) -> nn.Module:
    """``model`` with its recurrent layers step by step over ``length`` steps: a shallow copy that shares all weights.

    Of a long sequence only the last steps are shown; raises ``ValueError`` where it is read from both ends.
    """
    if isinstance(model, nn.RNNBase):
        steps = min(length, max(1, MOST_CALLS // (model.num_layers * (2 if model.bidirectional else 1))))
        if steps < length and model.bidirectional:
            raise ValueError(steps)
        return Unrolled(model, steps)
    made = copy.copy(model)
    made._modules = {
        name: None if child is None else unrolled_copy(child, length) for name, child in model._modules.items()
    }
    return made


def is_recurrent(model: nn.Module) -> bool:
    """Whether there is anything to unroll."""
    return any(isinstance(module, nn.RNNBase) for module in model.modules())
