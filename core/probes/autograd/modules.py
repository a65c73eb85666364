"""Which module's forward pass made a node of the backward graph.

PyTorch numbers the nodes of a thread in the order in which they are made. What is made between entering a module and
leaving it belongs to that module, or to one inside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn


@dataclass(frozen=True)
class Call:
    """One forward pass through one module: the nodes numbered from ``first`` to below ``end``."""

    name: str  # as in ``named_modules()``
    kind: str  # its class
    first: int
    end: int
    leaf: bool  # no other module was called inside


@dataclass
class Calls:
    """All calls of a forward pass, in the order in which they ended."""

    made: list[Call] = field(default_factory=list)
    open: list[tuple[int, int]] = field(default_factory=list)  # first node, calls that had ended before

    def enter(self) -> None:
        """A module begins."""
        self.open.append((next_number(), len(self.made)))

    def leave(self, name: str, module: nn.Module) -> None:
        """The module that began last is done."""
        first, before = self.open.pop()
        self.made.append(Call(name, type(module).__name__, first, next_number(), len(self.made) == before))

    def maker(self, node: Any) -> str | None:
        """The innermost module that made ``node``; ``None`` for what belongs to none, as the loss does."""
        number = node._sequence_nr() if hasattr(node, "_sequence_nr") else -1
        around = [call for call in self.made if call.first <= number < call.end]
        return min(around, key=lambda call: call.end - call.first).name if around else None

    @property
    def kinds(self) -> dict[str, str]:
        """The class of every module that was called."""
        return {call.name: call.kind for call in self.made}


def next_number() -> int:
    """What the next node of this thread will be numbered."""
    return int(torch.autograd._get_sequence_nr())  # type: ignore[attr-defined]  # there, but not exported


@contextmanager
def recorded(networks: Mapping[str, nn.Module]) -> Iterator[Calls]:
    """Calls of all modules of ``networks`` inside; the key of each is put before the names of its modules."""
    calls = Calls()
    handles = []
    for prefix, network in networks.items():
        for name, module in network.named_modules(prefix=prefix):
            if ".parametrizations" in name:  # e.g. spectral normalisation: part of the layer whose weight it makes
                continue
            handles.append(module.register_forward_pre_hook(lambda *_given: calls.enter()))
            handles.append(module.register_forward_hook(lambda one, _in, _out, name=name: calls.leave(name, one)))
    try:
        yield calls
    finally:
        for handle in handles:
            handle.remove()


def owner(parameter: str) -> str:
    """Name of the layer that holds a parameter, e.g. of ``conv1.weight`` or ``conv1.parametrizations.weight.original``."""
    return (
        parameter.partition(".parametrizations.")[0]
        if ".parametrizations." in parameter
        else parameter.rpartition(".")[0]
    )
