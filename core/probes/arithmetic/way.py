"""The way of one example through a network: every place where numbers come about, in the order of execution."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from core.models.mlp import Hidden
from core.models.residual import Residual
from core.models.unrolled import Pass, one_layer
from core.probes.inside import Inside

INPUT, LOSS = "input", "loss"


@dataclass(frozen=True)
class Station:
    """One place on the way. Tensors have no batch dimension: (C, H, W), (F,), (T, F) or, of tokens, (T,)."""

    key: str  # the module's name in ``named_modules``; with more behind it where a module is opened up
    kind: str  # class in torch.nn, or Input, Add, Select
    module: nn.Module | None
    sources: tuple[str, ...]  # keys of the stations whose numbers it takes
    given: tuple[Tensor, ...]  # what comes in
    made: Tensor
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """All stations by key, in order, and the network's whole answer (B, ...) to the batch they were taken from."""

    stations: dict[str, Station]
    outputs: Tensor
    scores: Tensor | None  # what the other network of a GAN says of a generator's sample


def way_through(seen: Inside, member: int) -> Way:
    """The way of number ``member`` of the batch of ``seen``. Leaves the network as it was."""
    watch = _Watch(member)
    watch.add(Station(INPUT, "Input", None, (), (), seen.inputs[member]), seen.inputs)
    scores: list[Tensor] = []
    with seen.opened(), torch.no_grad(), ExitStack() as hooks:
        for name, module in seen.model.named_modules():
            for hook in _hooks(watch, name, module):
                hooks.enter_context(module.register_forward_hook(hook))
        outputs: Tensor = seen.model(seen.inputs)
        for other in seen.others:
            hooks.enter_context(other.register_forward_hook(lambda _module, _given, said: scores.append(said)))
        if seen.others:
            seen.loss_of(outputs)
    return Way(watch.stations, outputs, scores[0] if scores else None)


Hook = Callable[[nn.Module, tuple[Any, ...], Any], None]


def _hooks(watch: _Watch, name: str, module: nn.Module) -> Iterator[Hook]:
    """What listens to a module. Containers are silent, but for those that add two ways together."""
    if isinstance(module, Residual):
        yield partial(watch.added, name, (module.body, module.shortcut))
    elif isinstance(module, Hidden):
        if module.skip:
            yield partial(watch.added, name, (module.dropout,))
    elif isinstance(module, nn.RNNBase):
        yield partial(watch.recurrent, name)
    elif isinstance(module, nn.Sequential):
        yield watch.passed
    elif _is_leaf(module) and not _does_nothing(module):
        yield partial(watch.layer, name)
        yield watch.passed
    else:
        yield watch.passed


def _is_leaf(module: nn.Module) -> bool:
    """Spectral normalisation hangs modules below the layer whose weight it divides; they belong to it."""
    from torch.nn.utils.parametrize import ParametrizationList

    if isinstance(module, ParametrizationList) or type(module).__name__ == "_SpectralNorm":
        return False
    return not any(name != "parametrizations" for name, _child in module.named_children()) and not isinstance(
        module, nn.ModuleDict | nn.ModuleList
    )


def _does_nothing(module: nn.Module) -> bool:
    return isinstance(module, nn.Identity) or (isinstance(module, nn.Dropout) and module.p == 0)


class _Watch:
    """Listens to one forward pass. Tensors are known by identity, and kept so that none is taken for another."""

    def __init__(self, member: int) -> None:
        self.member = member
        self.stations: dict[str, Station] = {}
        self.makers: dict[int, tuple[str, ...]] = {}  # of a tensor -> stations
        self.ends: dict[nn.Module, Tensor] = {}
        self.kept: list[Tensor] = []

    def add(self, station: Station, whole: Tensor) -> None:
        """``whole``: what was made for all of the batch."""
        self.stations[station.key] = station
        self.makers[id(whole)] = (station.key,)
        self.kept.append(whole)

    def passed(self, module: nn.Module, _given: tuple[Any, ...], made: Any) -> None:
        """Remembers what a module handed on."""
        if isinstance(made, Tensor):
            self.ends[module] = made

    def layer(self, name: str, module: nn.Module, given: tuple[Any, ...], made: Any) -> None:
        """A module that computes something."""
        if not isinstance(made, Tensor):
            return
        x = given[0]
        if id(x) not in self.makers:
            self._selected(x)
        sources = self.makers.get(id(x), ())
        kind = _kind(module)
        self.add(Station(name, kind, module, sources, (x[self.member],), made[self.member]), made)

    def added(
        self, name: str, parts: tuple[nn.Module, ...], module: nn.Module, given: tuple[Any, ...], made: Tensor
    ) -> None:
        """Two ways that meet in a sum: those of ``parts``, or of the one part and what came in."""
        ways = [self.ends[part] for part in parts]
        if len(ways) == 1:
            ways.append(given[0])
        sources = tuple(self.makers.get(id(way), (INPUT,))[0] for way in ways)
        self.add(Station(name, "Add", None, sources, tuple(way[self.member] for way in ways), made[self.member]), made)

    def recurrent(self, name: str, module: nn.RNNBase, given: tuple[Any, ...], made: Any) -> None:
        """Recurrent layers, opened up: a station for each layer and direction."""
        x, states = given[0], made[0]
        sources = self.makers.get(id(x), ())
        below = x[self.member : self.member + 1]
        for number in range(module.num_layers):
            passes: list[Pass] = []
            keys = []
            for reverse in (False, True) if module.bidirectional else (False,):
                one = one_layer(module, below, number, reverse)
                key = f"{name}.l{number}{'_reverse' if reverse else ''}"
                hidden = torch.cat(one.hidden)  # (T, H)
                if number == module.num_layers - 1:  # torch's own numbers
                    size = module.hidden_size
                    hidden = states[self.member, :, size : 2 * size] if reverse else states[self.member, :, :size]
                more = {"layer": number, "reverse": reverse, "pass": one}
                self.stations[key] = Station(key, _kind(module), module, sources, (below[0],), hidden, more)
                passes.append(one)
                keys.append(key)
            sources = tuple(keys)
            below = torch.cat([one.over_time(one.hidden) for one in passes], 2)
        self.makers[id(states)] = sources
        self.kept.append(states)

    def _selected(self, x: Tensor) -> None:
        """``x`` (B, H) or (B, 2 H) is taken out of the states of the last recurrent layer, where each has read all."""
        sources = next((keys for keys in reversed(self.makers.values()) if self.stations[keys[0]].more), ())
        if not sources or x.dim() != 2:
            return
        given = tuple(self.stations[key].made for key in sources)
        self.add(Station("rnn.last", "Select", None, sources, given, x[self.member]), x)


def _kind(module: nn.Module) -> str:
    """Its class in torch.nn; parametrised modules have one made for them."""
    return next(one.__name__ for one in type(module).__mro__ if not one.__name__.startswith("Parametrized"))
