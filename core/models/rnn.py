"""Recurrent networks: what reads a sequence, and the table of its layers."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from core.config.rnn import RNNConfig

State = Tensor | tuple[Tensor, Tensor]  # h, or (h, c) of an LSTM: (layers x directions, B, hidden) each


def recurrent(config: RNNConfig, inputs: int) -> nn.RNNBase:
    """torch's own recurrent layers as ``config`` wants them, batch first."""
    kind = {"gru": nn.GRU, "lstm": nn.LSTM}.get(config.cell, nn.RNN)
    more = {"nonlinearity": config.cell.removeprefix("rnn_")} if kind is nn.RNN else {}
    between = config.dropout if config.layers > 1 else 0.0  # torch warns where there is nothing between
    made: nn.RNNBase = kind(
        inputs,
        config.hidden,
        config.layers,
        batch_first=True,
        dropout=between,
        bidirectional=config.bidirectional,
        **more,
    )
    if config.cell == "lstm":
        with torch.no_grad():
            for name, bias in made.named_parameters():
                if name.startswith("bias_ih"):  # gates in torch's order: input, forget, cell, output
                    bias[config.hidden : 2 * config.hidden] += config.forget_bias
    return made


class SequenceModel(nn.Module):
    """An embedding where characters are read, recurrent layers, dropout, one linear layer."""

    def __init__(self, config: RNNConfig, inputs: int, outputs: int, tokens: int = 0) -> None:
        """``tokens``: size of the vocabulary; 0 reads vectors of ``inputs`` numbers. Draws from torch's generator."""
        super().__init__()
        self.embedding = nn.Embedding(tokens, config.embedding) if tokens else None
        self.rnn = recurrent(config, config.embedding if tokens else inputs)
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(config.hidden * (2 if config.bidirectional else 1), outputs)

    def vectors(self, inputs: Tensor) -> Tensor:
        """What the first recurrent layer reads: (B, T, features)."""
        return inputs if self.embedding is None else self.embedding(inputs)

    def states(self, inputs: Tensor, state: State | None = None, bptt: int = 0) -> tuple[Tensor, State]:
        """Hidden states of the last layer (B, T, directions x H) and the state after the last step.

        ``inputs``: (B, T, features), or (B, T) int64 tokens. ``bptt``: gradients go back so many steps; 0: all.
        """
        vectors = self.vectors(inputs)
        if not bptt or bptt >= vectors.shape[1]:
            return self.rnn(vectors, state)  # type: ignore[no-any-return]
        parts, first = [], vectors.shape[1] % bptt  # the last piece, where the errors are, is a whole one
        for piece in (vectors[:, :first], *vectors[:, first:].split(bptt, 1)):
            if piece.shape[1]:
                part, state = self.rnn(piece, state if state is None else detached(state))
                parts.append(part)
        assert state is not None
        return torch.cat(parts, 1), state

    def each(self, inputs: Tensor, state: State | None = None, bptt: int = 0) -> tuple[Tensor, State]:
        """An answer after every step, (B, T, outputs), and the state after the last one."""
        states, state = self.states(inputs, state, bptt)
        return self.head(self.dropout(states)), state

    def last(self, inputs: Tensor, lengths: Tensor | None = None, bptt: int = 0) -> Tensor:
        """The answer at the end, (B, outputs). ``lengths``: (B,) on the CPU, where sequences are filled up with zeros."""
        if self.rnn.bidirectional:
            return self.head(self.dropout(self._both_ends(inputs, lengths)))  # type: ignore[no-any-return]
        states, _state = self.states(inputs, None, bptt)
        if lengths is None:
            ends = states[:, -1]
        else:
            ends = states[torch.arange(len(states), device=states.device), lengths.to(states.device) - 1]
        return self.head(self.dropout(ends))  # type: ignore[no-any-return]

    def _both_ends(self, inputs: Tensor, lengths: Tensor | None) -> Tensor:
        """Where each direction of the last layer has read everything: (B, 2 H)."""
        vectors = self.vectors(inputs)
        packed = lengths is not None and pack_padded_sequence(vectors, lengths, batch_first=True, enforce_sorted=False)
        _states, state = self.rnn(packed or vectors)
        hidden = state[0] if isinstance(state, tuple) else state  # (layers x 2, B, H)
        return torch.cat([hidden[-2], hidden[-1]], 1)


def detached(state: State) -> State:
    """The same numbers without their history."""
    return (state[0].detach(), state[1].detach()) if isinstance(state, tuple) else state.detach()
