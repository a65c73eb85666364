"""What the layers of a network put out, caught by hooks, and which axis of it counts the units."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import show

PASSED = {"Dropout", "Dropout1d", "Dropout2d", "Identity", "Flatten", "Unflatten", "Permute", "StochasticDepth"}
LAST = (nn.Linear, nn.LayerNorm, nn.Embedding, nn.RNNBase, nn.MultiheadAttention)  # units lie along the last axis


@dataclass(frozen=True)
class Layer:
    """One layer that computes something, in the order in which it is reached."""

    name: str
    kind: str
    shape: tuple[int, ...]  # of what it puts out for one example, units first: (units,), (units, T) or (units, H, W)
    last: bool  # whether units lie along the last axis of the tensor itself

    @property
    def units(self) -> int:
        """Channels of maps, or neurons."""
        return self.shape[0]


class Enough(Exception):
    """The layer that was asked for has answered; nothing after it is needed."""


def first_of(output: Any) -> Tensor:
    """The tensor of a layer that puts out several: a recurrent layer's states."""
    while isinstance(output, tuple | list):
        output = output[0]
    found: Tensor = output
    return found


def units_first(output: Tensor, last: bool) -> Tensor:
    """(B, units, ...) whichever axis counts the units."""
    return output.movedim(-1, 1) if last else output


def layers_of(network: nn.Module, example: Tensor) -> list[Layer]:
    """The leaf layers that ``example`` (1, ...) goes through; a layer that is used twice, once."""
    found: dict[str, Layer] = {}

    def keep(name: str, module: nn.Module) -> Callable[..., None]:
        def hook(_module: nn.Module, _inputs: Any, output: Any) -> None:
            out = first_of(output)
            if name in found or not isinstance(out, Tensor) or out.dim() < 2:
                return
            before = next(reversed(found.values()), None)
            last = isinstance(module, LAST) or out.dim() == 3
            if before is not None and not any(True for _ in module.parameters()) and before.last:
                last = last or (out.dim() == 4 and out.shape[-1] == before.units)  # an activation keeps the order
            shape = tuple(units_first(out, last).shape[1:])
            found[name] = Layer(name, type(module).__name__, shape, last)

        return hook

    with ExitStack() as hooks:
        for name, module in leaves(network):
            hooks.callback(module.register_forward_hook(keep(name, module)).remove)
        with torch.no_grad():
            network(example)
    return list(found.values())


def leaves(network: nn.Module) -> Iterable[tuple[str, nn.Module]]:
    """Layers without layers inside that do more than pass things on."""
    for name, module in network.named_modules():
        whole = isinstance(module, nn.RNNBase | nn.MultiheadAttention) or not any(
            True for child, _ in module.named_children() if child != "parametrizations"
        )
        if name and whole and type(module).__name__ not in PASSED and ".parametrizations" not in f".{name}":
            yield name, module


def outputs_of(network: nn.Module, inputs: Tensor, layers: Iterable[Layer]) -> dict[str, Tensor]:
    """What ``layers`` put out for ``inputs`` (B, ...), each (B, units, ...) float32; taken before anything changes it."""
    found: dict[str, Tensor] = {}
    with ExitStack() as hooks:
        for layer in layers:

            def keep(_module: nn.Module, _inputs: Any, output: Any, layer: Layer = layer) -> None:
                out = first_of(output).detach().float()
                found.setdefault(layer.name, units_first(out, layer.last).clone())

            hooks.callback(network.get_submodule(layer.name).register_forward_hook(keep).remove)
        with torch.no_grad():
            network(inputs)
    return found


def unit_of(network: nn.Module, inputs: Tensor, layer: Layer, unit: int) -> Tensor:
    """What ``unit`` of ``layer`` puts out for ``inputs``: (B, ...), with gradients where they are on. Stops there."""
    found: list[Tensor] = []

    def keep(_module: nn.Module, _inputs: Any, output: Any) -> None:
        found.append(units_first(first_of(output), layer.last)[:, unit].clone())
        raise Enough

    hook = network.get_submodule(layer.name).register_forward_hook(keep)
    try:
        network(inputs)
    except Enough:
        pass
    finally:
        hook.remove()
    return found[0]


def layer_named(layers: list[Layer], labels: dict[str, str], name: Any) -> Layer:
    """The layer of that module name or label. Raises :class:`LiveTorchError` where there is none."""
    for layer in layers:
        if name in (layer.name, labels.get(layer.name)):
            return layer
    raise LiveTorchError(
        N_("This network has no layer {layer} with units to look at. Choose one of its layers above."), layer=show(name)
    )
