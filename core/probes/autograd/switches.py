"""The loss of an example the way it is trained, or with one thing changed that a learner wonders about."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.autograd.modules import Calls, owner, recorded
from core.probes.inside import Inside

SWITCHES = ("none", "no_grad", "detach", "frozen", "twice", "input")
INPUT = "input"  # what the input is called among the parameters, where it has a gradient

Norm = float | str | None  # text where it is not finite, nothing where there is no gradient


@dataclass(frozen=True)
class Attempt:
    """A forward pass up to the loss."""

    loss: Tensor  # ()
    leaves: dict[str, Tensor]  # what gradients may end in: parameters by name, perhaps the input
    calls: Calls
    refused: str | None = None  # what PyTorch said against the switch, word for word


@dataclass(frozen=True)
class Gradients:
    """What a backward pass left."""

    norms: dict[str, Norm]  # |dL/dw| of every leaf
    refused: str | None = None  # PyTorch's error, word for word
    twice: dict[str, Norm] | None = None  # after a second pass through a graph that was kept


def attempt(seen: Inside, switch: str, layer: str = "") -> Attempt:
    """The loss under ``switch``; inside ``seen.opened()``. ``layer``: whose output is detached."""
    inputs, refused = seen.inputs, None
    leaves: dict[str, Tensor] = dict(seen.model.named_parameters())
    if switch == "input":
        try:
            inputs = seen.inputs.detach().clone().requires_grad_()
            leaves = {INPUT: inputs} | leaves
        except RuntimeError as error:  # tokens are whole numbers
            refused = str(error)
    with recorded(_networks(seen)) as calls, _switched(seen.model, switch, layer):
        loss = seen.loss_of(seen.model(inputs))
    return Attempt(loss, leaves, calls, refused)


def gradients(seen: Inside, made: Attempt, switch: str, layer: str = "") -> Gradients:
    """What ``backward()`` leaves in the parameters; the graph of ``made`` is used up."""
    _clear(made)
    refused = _backward(made.loss)
    if switch != "twice":
        return Gradients(_norms(made), refused or made.refused)
    refused = refused or _backward(made.loss)
    again = attempt(seen, switch, layer)
    _clear(again)
    again.loss.backward(retain_graph=True)
    once = _norms(again)
    again.loss.backward()
    return Gradients(once, refused, _norms(again))


def layers(made: Attempt, seen: Inside) -> list[str]:
    """The modules of the network that call no other one, in the order in which they were called."""
    own = {name for name, _module in seen.model.named_modules()}
    return list(dict.fromkeys(call.name for call in made.calls.made if call.leaf and call.name in own))


def chosen_layer(layer: str, names: list[str], seen: Inside) -> str:
    """``layer``, or one in the middle where that is empty. Raises :class:`LiveTorchError` where there is none such."""
    if not layer:
        owners = {owner(name) for name, _parameter in seen.model.named_parameters()}
        middle = [name for name in names if name in owners] or names
        return middle[(len(middle) - 1) // 2] if middle else ""
    if layer not in names:
        raise LiveTorchError(N_("The network has no layer {layer} whose output could be detached."), layer=layer[:40])
    return layer


def _networks(seen: Inside) -> dict[str, nn.Module]:
    """By what is put before the names of their modules: the other networks that the loss goes through have names."""
    names = [part for part in seen.parts if part != seen.part]
    return {"": seen.model} | dict(zip(names, seen.others, strict=False))


@contextmanager
def _switched(model: nn.Module, switch: str, layer: str) -> Iterator[None]:
    if switch == "no_grad":
        with torch.no_grad():
            yield
    elif switch == "detach":
        handle = model.get_submodule(layer).register_forward_hook(lambda _module, _given, made: _detached(made))
        try:
            yield
        finally:
            handle.remove()
    elif switch == "frozen":
        with _frozen(model):
            yield
    else:
        yield


@contextmanager
def _frozen(model: nn.Module) -> Iterator[None]:
    """Only the parameters of the last layer want a gradient inside."""
    named = list(model.named_parameters())
    last = owner(named[-1][0])
    kept = [parameter.requires_grad for _name, parameter in named]
    for name, parameter in named:
        parameter.requires_grad_(owner(name) == last)
    try:
        yield
    finally:
        for (_name, parameter), wanted in zip(named, kept, strict=True):
            parameter.requires_grad_(wanted)


def _detached(made: Any) -> Any:
    """Tensors cut off from what made them, in whatever tuple or dict they come."""
    if isinstance(made, Tensor):
        return made.detach()
    if isinstance(made, dict):
        return {name: _detached(one) for name, one in made.items()}
    if isinstance(made, tuple | list):
        parts = [_detached(one) for one in made]
        return type(made)(*parts) if hasattr(made, "_fields") else type(made)(parts)
    return made


def _backward(loss: Tensor) -> str | None:
    """PyTorch's objection, or nothing."""
    try:
        loss.backward()
    except RuntimeError as error:
        return str(error)
    return None


def _clear(made: Attempt) -> None:
    for leaf in made.leaves.values():
        leaf.grad = None


def _norms(made: Attempt) -> dict[str, Norm]:
    return {
        name: None if leaf.grad is None else told(leaf.grad.double().norm().item())
        for name, leaf in made.leaves.items()
    }


def told(value: float) -> float | str:
    """JSON-ready, what is not finite as text."""
    return value if math.isfinite(value) else repr(value)
