"""The layers an update goes through: how large their outputs, gradients and updates are; maps of their weights."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from core.models.gan import discriminator_layers, generator_layers
from core.probes.pictures import tensor_block
from core.probes.step.products import Spot, laid
from core.probes.step.record import Call
from core.probes.step.true import Taken

MOST_CELLS = (64, 64)  # of a matrix that is shown
MOST_KERNELS = (16, 8)
MOST_NEURONS = 16  # of each layer, for a network to be drawn neuron by neuron

# kind of layer -> formula of the way forward, and of what it does to the gradient on the way back
FORMULAS: dict[str, tuple[str, str]] = {
    "Linear": ("z = W·x + b", "∂L/∂x = Wᵀ·δ"),
    "Conv2d": ("z = W ∗ x + b", "∂L/∂x = Wᵀ ∗ δ"),
    "ConvTranspose2d": ("z = Wᵀ ∗ x + b", "∂L/∂x = W ∗ δ"),
    "Embedding": ("z = row of W for each symbol", "∂L/∂row = Σ δ where the symbol stands"),
    "ReLU": ("a = max(0, z)", "∂L/∂z = δ·[z > 0]"),
    "LeakyReLU": ("a = z > 0 ? z : slope·z", "∂L/∂z = δ·(z > 0 ? 1 : slope)"),
    "ELU": ("a = z > 0 ? z : eᶻ − 1", "∂L/∂z = δ·(z > 0 ? 1 : eᶻ)"),
    "SiLU": ("a = z·σ(z)", "∂L/∂z = δ·σ(z)·(1 + z·(1 − σ(z)))"),
    "GELU": ("a = z·Φ(z)", "∂L/∂z = δ·(Φ(z) + z·φ(z))"),
    "Tanh": ("a = tanh(z)", "∂L/∂z = δ·(1 − a²)"),
    "Sigmoid": ("a = σ(z)", "∂L/∂z = δ·a·(1 − a)"),
    "Dropout": ("a = z·mask / (1 − p)", "∂L/∂z = δ·mask / (1 − p)"),
    "MaxPool2d": ("a = max of each window", "∂L/∂z = δ at the largest value of a window, else 0"),
    "AvgPool2d": ("a = mean of each window", "∂L/∂z = δ / size of the window"),
    "AdaptiveAvgPool2d": ("a = mean of each map", "∂L/∂z = δ / size of the map"),
    "Flatten": ("the same numbers in a row", "the same numbers as maps"),
    "Unflatten": ("the same numbers as maps", "the same numbers in a row"),
    "BatchNorm1d": ("y = γ·(x − mean) / s + β", "∂L/∂x = γ/s·(δ − mean(δ) − x̂·mean(δ·x̂))"),
    "BatchNorm2d": ("y = γ·(x − mean) / s + β", "∂L/∂x = γ/s·(δ − mean(δ) − x̂·mean(δ·x̂))"),
    "GroupNorm": ("y = γ·(x − mean) / s + β", "∂L/∂x: the same, over the group of each example"),
    "LayerNorm": ("y = γ·(x − mean) / s + β", "∂L/∂x: the same, over each example"),
    "RNN": ("hₜ = f(W·xₜ + b + U·hₜ₋₁ + b′)", "δₜ = f′(aₜ)·(∂L/∂hₜ + Uᵀ·δₜ₊₁)"),
    "LSTM": ("cₜ = f·cₜ₋₁ + i·g,  hₜ = o·tanh(cₜ)", "∂L/∂cₜ = ∂L/∂hₜ·o·(1 − tanh²(cₜ)) + f·∂L/∂cₜ₊₁"),
    "GRU": ("hₜ = (1 − z)·n + z·hₜ₋₁", "∂L/∂hₜ₋₁ = z·∂L/∂hₜ + what comes through the gates"),
}


def rows(taken: Taken) -> list[dict[str, Any]]:
    """A row for every layer the loss went through, in order. Sizes are root mean squares or Euclidean lengths."""
    titles = {network: titles_of(taken.task, network) for network in taken.weights}
    grouped: dict[tuple[str, str], list[Call]] = {}
    for call in taken.calls:
        grouped.setdefault((call.network, call.name), []).append(call)
    return [_row(taken, calls, titles[network].get(name, name)) for (network, name), calls in grouped.items()]


def _row(taken: Taken, calls: list[Call], title: str) -> dict[str, Any]:
    call, kind = calls[0], type(calls[0].module).__name__
    own = call.network == taken.part
    names = [name for name, _one in call.module.named_parameters()] if own else []
    full = [f"{call.name}.{name}".lstrip(".") for name in names]
    gradients = [one.gradient for one in calls if one.gradient is not None]
    forward, backward = FORMULAS.get(kind, ("", ""))
    found = {
        "id": call.name,
        "network": call.network,
        "title": title or kind,
        "kind": kind,
        "shape": list(call.made.shape),
        "own": own,
        "parameters": [name for name, one in zip(names, full, strict=True) if one in taken.raw],
        "count": sum(taken.before[one].numel() for one in full),
        "rms": _rms(one.made for one in calls),
        "zeros": _zeros(calls),
        "gradient_rms": _rms(gradients) if gradients else None,
        "forward": forward,
        "backward": backward,
    }
    if not found["parameters"]:
        return found
    before = [taken.before[one] for one in full]
    weight = _norm(before)
    moved = None if taken.after is None else _norm(taken.after[one] - taken.before[one] for one in full)
    return found | {
        "gradient_norm": _norm(taken.raw[one] for one in full if one in taken.raw),
        "weight_norm": weight,
        "update_norm": moved,
        "ratio": None if moved is None or not weight else moved / weight,
    }


def titles_of(task: Any, network: str) -> dict[str, str]:
    """Names of layers as the page that trains shows them, by their names in ``named_modules()``."""
    config = task.config
    if config.page == "gan":
        layers = generator_layers(config) if network == "generator" else discriminator_layers(config)
        return {str(number): layer.name for number, layer in enumerate(layers)}
    if config.page == "cnn":
        shown = {module: name for name, module in task._named_layers()}
        return {name: shown[module] for name, module in task.model.named_modules() if module in shown}
    return {name: _counted(name) for name, _module in task.model.named_modules()} if config.page == "mlp" else {}


def _counted(name: str) -> str:
    """``hidden.0.linear`` as ``hidden1.linear``, as the playground counts its layers."""
    parts = name.split(".")
    return ".".join([f"{parts[0]}{int(parts[1]) + 1}", *parts[2:]]) if len(parts) > 1 and parts[1].isdecimal() else name


def _zeros(calls: list[Call]) -> float:
    made = sum(one.made.numel() for one in calls)
    return sum(int((one.made == 0).sum()) for one in calls) / max(1, made)


def _rms(tensors: Iterable[Tensor]) -> float:
    total, count = 0.0, 0
    for one in tensors:
        total += float(torch.linalg.vector_norm(one.detach(), dtype=torch.float64)) ** 2
        count += one.numel()
    return math.sqrt(total / max(1, count))


def _norm(tensors: Iterable[Tensor]) -> float:
    return math.hypot(*(float(torch.linalg.vector_norm(one.detach().double())) for one in tensors))


def maps(taken: Taken, module: nn.Module, parameter: str, spot: Spot) -> dict[str, Any]:
    """The weights around ``spot`` before and after, their gradients and their updates; one scale for both weights."""
    before, gradient = laid(module, taken.before[parameter]), laid(module, taken.raw[parameter])
    units, sources, places = before.shape
    most = MOST_KERNELS if places > 1 else MOST_CELLS
    rows, columns = (
        _window(at, most[side], size) for side, (at, size) in enumerate(((spot.unit, units), (spot.source, sources)))
    )
    found = {"before": before, "gradient": gradient}
    if taken.after is not None:
        after = laid(module, taken.after[parameter])
        found |= {"after": after, "update": after - before}
    tall = module.kernel_size[0] if isinstance(module, nn.Conv2d | nn.ConvTranspose2d) and places > 1 else 1
    blocks = {name: _block(one[rows[0] : rows[1], columns[0] : columns[1]], tall) for name, one in found.items()}
    return {
        "rows": rows,
        "columns": columns,
        "units": units,
        "sources": sources,
        "kernel": [tall, places // tall],
    } | blocks


def _window(at: int, most: int, size: int) -> list[int]:
    """The part of ``size`` that is shown: the page of ``most`` that ``at`` lies on."""
    first = min(at // most * most, max(0, size - most))
    return [first, min(size, first + most)]


def _block(numbers: Tensor, tall: int) -> dict[str, Any]:
    units, sources, places = numbers.shape
    if places == 1:
        return tensor_block(numbers[None, :, :, 0], signed=True)
    return tensor_block(numbers.reshape(units * sources, tall, places // tall), signed=True)


def neurons(taken: Taken, example: int) -> dict[str, Any] | None:
    """The network neuron by neuron for one example, where it is small and all its weights are dense."""
    owned = [call for call in taken.calls if call.network == taken.part and list(call.module.parameters(recurse=False))]
    dense = [call for call in owned if isinstance(call.module, nn.Linear)]
    widths = [dense[0].given.shape[-1], *(call.made.shape[-1] for call in dense)] if dense else []
    if len(dense) != len(owned) or not dense or max(widths) > MOST_NEURONS or dense[0].given.dim() != 2:
        return None
    if len({call.name for call in dense}) != len(dense):
        return None  # it was used more than once
    layers = []
    for number, call in enumerate(dense):
        name = f"{call.name}.weight"
        values = dense[number + 1].given[example] if number + 1 < len(dense) else call.made[example]
        layers.append(
            {
                "id": call.name,
                "values": _list(values),
                "deltas": None if call.gradient is None else _list(call.gradient[example]),
                "weights": _list(taken.before[name]),
                "gradients": _list(taken.raw[name]),
                "updates": None if taken.after is None else _list(taken.after[name] - taken.before[name]),
            }
        )
    return {"inputs": _list(dense[0].given[example]), "layers": layers}


def _list(numbers: Tensor) -> list[Any]:
    found: list[Any] = numbers.detach().float().cpu().tolist()
    return found
