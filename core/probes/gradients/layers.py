"""The layers of a network as far as gradients are concerned: what is updated together, and what it hands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from core.models.unrolled import unrolled

PARAMETRIZED = ".parametrizations."  # where torch keeps what a weight is made of, e.g. for spectral normalisation
NONLINEAR = (nn.ReLU, nn.LeakyReLU, nn.ELU, nn.SiLU, nn.GELU, nn.Tanh, nn.Sigmoid)
WEIGHTED = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d, nn.RNNBase)
PLAIN = {"RNN_TANH": "Tanh", "RNN_RELU": "ReLU"}  # mode of an nn.RNN -> its activation


@dataclass(frozen=True)
class Layer:
    """Parameters that belong together: those of a module, or one weight matrix of a recurrent one with its bias."""

    name: str  # of the module, or of the matrix: "rnn.weight_ih_l0"
    module: str
    kind: str
    parameters: tuple[nn.Parameter, ...]
    weight: nn.Parameter  # the largest of them

    @property
    def count(self) -> int:
        """Numbers that are learned."""
        return sum(parameter.numel() for parameter in self.parameters)


@dataclass(frozen=True)
class Handed:
    """What a layer hands on, after the activation function that follows it: (n, units), and how it came about."""

    values: Tensor
    activation: str  # class in torch.nn; "" where none follows
    gates: Tensor | None = None  # (n, gates x units) of an LSTM or GRU, each from 0 to 1


@dataclass
class Traces:
    """What went through the leaf modules, in the order in which they ran."""

    ran: list[tuple[str, nn.Module, Tensor]] = field(default_factory=list)
    read: dict[str, Tensor] = field(default_factory=dict)  # by recurrent module: its input (B, T, features)


def layers_of(model: nn.Module) -> list[Layer]:
    """All layers of ``model`` that have parameters, in the order of its modules."""
    modules = dict(model.named_modules())
    groups: dict[str, list[nn.Parameter]] = {}
    owners: dict[str, str] = {}
    for path, parameter in model.named_parameters():
        module = path.split(PARAMETRIZED)[0] if PARAMETRIZED in path else path.rpartition(".")[0]
        recurrent = isinstance(modules[module], nn.RNNBase)
        name = path.replace(".bias_", ".weight_") if recurrent else module
        groups.setdefault(name, []).append(parameter)
        owners[name] = module
    return [
        Layer(name, owners[name], _kind(modules[owners[name]]), tuple(held), max(held, key=lambda one: one.numel()))
        for name, held in groups.items()
    ]


def _kind(module: nn.Module) -> str:
    """Its class; torch puts a class of its own over a module with a parametrised weight."""
    return type(module).__name__.removeprefix("Parametrized")


@contextmanager
def tracing(model: nn.Module) -> Iterator[Traces]:
    """Keeps what goes through ``model`` while it runs inside."""
    traces = Traces()
    with ExitStack() as hooks:
        for name, module in model.named_modules():
            leaf = next((False for part, _one in module.named_children() if part != "parametrizations"), True)
            if leaf and PARAMETRIZED.strip(".") not in name:
                hooks.callback(module.register_forward_hook(_keep(traces, name)).remove)
        yield traces


def _keep(traces: Traces, name: str) -> Callable[[nn.Module, tuple[object, ...], object], None]:
    def hook(module: nn.Module, given: tuple[object, ...], made: object) -> None:
        if isinstance(module, nn.RNNBase):
            read = given[0]
            read = pad_packed_sequence(read, batch_first=True)[0] if isinstance(read, PackedSequence) else read
            assert isinstance(read, Tensor)
            traces.read[name] = read.detach()
        traces.ran.append((name, module, made.detach() if isinstance(made, Tensor) else torch.empty(0)))

    return hook


def handed_on(layers: Sequence[Layer], traces: Traces, lengths: Tensor | None = None) -> dict[str, Handed]:
    """What each layer handed on, by its name. ``lengths``: (B,) of sequences that were filled up."""
    by_module = {}
    for place, (name, module, made) in enumerate(traces.ran):
        if not isinstance(module, nn.RNNBase):
            by_module[name] = _after(traces, place) if isinstance(module, WEIGHTED) else Handed(units(made), "")
    found = {layer.name: by_module[layer.module] for layer in layers if layer.module in by_module}
    for name, module, _made in traces.ran:
        if isinstance(module, nn.RNNBase):
            found |= _recurrent(name, module, traces.read[name], lengths)
    return found


def _after(traces: Traces, place: int) -> Handed:
    """The output of the activation function before the next layer with weights, else the layer's own."""
    for _name, module, made in traces.ran[place + 1 :]:
        if isinstance(module, WEIGHTED):
            break
        if isinstance(module, NONLINEAR):
            return Handed(units(made), type(module).__name__)
    return Handed(units(traces.ran[place][2]), "")


@torch.no_grad()
def _recurrent(name: str, module: nn.RNNBase, read: Tensor, lengths: Tensor | None) -> dict[str, Handed]:
    """Hidden states over all steps, step by step from torch's own weights, for each weight matrix."""
    found: dict[str, Handed] = {}
    for layer, both in enumerate(unrolled(module, read, module.num_layers - 1)):
        for one, end in zip(both, ("", "_reverse"), strict=False):
            hidden = _within(one.over_time(one.hidden), lengths)
            gates = [_within(one.over_time(values), lengths) for values in one.gates.values()]
            handed = Handed(hidden, PLAIN.get(module.mode, ""), torch.cat(gates, 1) if gates else None)
            found |= {f"{name}.weight_{which}_l{layer}{end}": handed for which in ("ih", "hh")}
    return found


def _within(states: Tensor, lengths: Tensor | None) -> Tensor:
    """(B, T, H) -> (n, H), without what comes after a sequence's end."""
    if lengths is None:
        return states.flatten(0, 1)
    steps = torch.arange(states.shape[1], device=states.device)
    return states[steps < lengths.to(states.device)[:, None]]


def units(made: Tensor) -> Tensor:
    """Maps (B, C, H, W) as (B H W, C); anything else (..., units) as (n, units)."""
    return made.movedim(1, -1).flatten(0, -2) if made.dim() == 4 else made.reshape(-1, made.shape[-1])


def length(tensors: Sequence[Tensor]) -> Tensor:
    """Euclidean length of all values together, in float64: squares of a diverged float32 would overflow."""
    lengths = [torch.linalg.vector_norm(tensor, dtype=torch.float64) for tensor in tensors]
    together: Tensor = torch.linalg.vector_norm(torch.stack(lengths))
    return together
