"""The gradient of one weight as the sum it is: over everything the weight took part in, gradient x what it was given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.probes.step.record import Call
from core.probes.step.recurrent import recurrent

EXAMPLE, STEP, ROW, COLUMN = "example", "step", "row", "column"


@dataclass(frozen=True)
class Spot:
    """One weight of a layer: ``unit`` that it belongs to, ``source`` that it listens to, ``place`` in the kernel."""

    parameter: str  # within its layer, e.g. "weight"
    unit: int
    source: int
    place: int

    @property
    def is_bias(self) -> bool:
        """Whether it listens to nothing."""
        return "bias" in self.parameter


@dataclass(frozen=True)
class Products:
    """dL/dw = sum of ``delta`` x ``value``; both float64 on the CPU, of one shape."""

    delta: Tensor  # gradients of the loss by what the weight was multiplied into
    value: Tensor  # what it was multiplied with
    axes: tuple[str, ...]  # what the dimensions are
    outputs: tuple[str, ...] = ()  # dimensions that are also places of the layer's output


def laid(module: nn.Module, numbers: Tensor) -> Tensor:
    """A parameter of ``module``, or its gradient, as (units, sources, places of a kernel)."""
    if numbers.dim() == 1:
        return numbers[:, None, None]
    if isinstance(module, nn.ConvTranspose2d):
        numbers = numbers.transpose(0, 1)
    return numbers.flatten(2) if numbers.dim() > 2 else numbers[..., None]


def products(calls: Sequence[Call], spot: Spot) -> Products | None:
    """The products of ``spot`` in all ``calls`` of its layer; nothing for layers that are not known here."""
    module = calls[0].module
    if isinstance(module, nn.RNNBase):
        found = recurrent(calls, spot.parameter, spot.unit, spot.source)
        return None if found is None else Products(*found, (EXAMPLE, STEP))
    make = next((make for kind, make in MAKERS.items() if isinstance(module, kind)), None)
    if make is None or any(call.gradient is None for call in calls):
        return None
    parts = [make(call, call.gradient, spot) for call in calls if call.gradient is not None]
    delta = torch.cat([part.delta for part in parts])
    return Products(delta, torch.cat([part.value for part in parts]), parts[0].axes, parts[0].outputs)


def _axes(delta: Tensor) -> tuple[str, ...]:
    return {1: (EXAMPLE,), 2: (EXAMPLE, STEP), 3: (EXAMPLE, ROW, COLUMN)}[delta.dim()]


def _exact(numbers: Tensor) -> Tensor:
    return numbers.detach().double().cpu()


def _linear(call: Call, gradient: Tensor, spot: Spot) -> Products:
    delta = _exact(gradient[..., spot.unit])
    value = torch.ones_like(delta) if spot.is_bias else _exact(call.given[..., spot.source])
    return Products(delta, value, _axes(delta), _axes(delta))


def _convolution(call: Call, gradient: Tensor, spot: Spot) -> Products:
    """Every place of the output with the pixel that this number of the kernel lay on."""
    module = call.module
    assert isinstance(module, nn.Conv2d)
    delta = _exact(gradient[:, spot.unit])
    if spot.is_bias:
        return Products(delta, torch.ones_like(delta), _axes(delta), _axes(delta))
    channel = spot.unit // (module.out_channels // module.groups) * (module.in_channels // module.groups) + spot.source
    seen = _window(_exact(call.given[:, channel]), module, spot.place, delta.shape[1:])
    return Products(delta, seen, _axes(delta), _axes(delta))


def _transposed(call: Call, gradient: Tensor, spot: Spot) -> Products:
    """Every pixel of the input with the place of the output that this number of the kernel wrote to."""
    module = call.module
    assert isinstance(module, nn.ConvTranspose2d)
    delta = _exact(gradient[:, spot.unit])
    if spot.is_bias:
        return Products(delta, torch.ones_like(delta), _axes(delta), _axes(delta))
    value = _exact(call.given[:, spot.source])
    return Products(_window(delta, module, spot.place, value.shape[1:]), value, _axes(value))


def _window(maps: Tensor, module: nn.Conv2d | nn.ConvTranspose2d, place: int, size: Sequence[int]) -> Tensor:
    """What number ``place`` of a kernel lies on while it moves over padded ``maps`` (B, H, W): (B, \\*size)."""
    (down, right), (rows, columns) = module.stride, size
    high, wide = (int(pad) for pad in module.padding)
    row, column = divmod(place, module.kernel_size[1])
    padded = F.pad(maps, (wide, wide, high, high))
    last = row + down * (rows - 1) + 1, column + right * (columns - 1) + 1
    return padded[:, row : last[0] : down, column : last[1] : right]


def _normalized(call: Call, gradient: Tensor, spot: Spot) -> Products:
    """The scale of a normalisation meets the normalised value."""
    x, module = _exact(call.given), call.module
    if isinstance(module, nn.LayerNorm):
        hat, dimension = F.layer_norm(x, module.normalized_shape, eps=module.eps), -1
    elif isinstance(module, nn.GroupNorm):
        hat, dimension = F.group_norm(x, module.num_groups, eps=module.eps), 1
    else:
        hat, dimension = batch_normalized(module, x, call.training), 1
    delta = _exact(gradient.select(dimension, spot.unit))
    value = torch.ones_like(delta) if spot.is_bias else hat.select(dimension, spot.unit)
    return Products(delta, value, _axes(delta), _axes(delta))


def batch_normalized(module: nn.Module, x: Tensor, training: bool) -> Tensor:
    """``x`` (B, C, ...) in float64 by the batch's mean and deviation, or by the running ones, without scale and shift."""
    assert isinstance(module, nn.modules.batchnorm._BatchNorm)
    if training or module.running_mean is None or module.running_var is None:
        return F.batch_norm(x, None, None, training=True, eps=module.eps)
    mean, variance = module.running_mean.double().cpu(), module.running_var.double().cpu()
    return F.batch_norm(x, mean, variance, eps=module.eps)


def _embedding(call: Call, gradient: Tensor, spot: Spot) -> Products:
    """The row of a symbol gets the gradients of all places where the symbol stands."""
    read = (call.given.cpu() == spot.unit).double()
    return Products(_exact(gradient[..., spot.source]), read, _axes(read))


MAKERS: dict[type[nn.Module], Callable[[Call, Tensor, Spot], Products]] = {
    nn.Linear: _linear,
    nn.Conv2d: _convolution,
    nn.ConvTranspose2d: _transposed,
    nn.modules.batchnorm._BatchNorm: _normalized,
    nn.GroupNorm: _normalized,
    nn.LayerNorm: _normalized,
    nn.Embedding: _embedding,
}
