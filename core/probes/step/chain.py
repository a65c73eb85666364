"""The chain rule at one place of one layer: how the gradient comes back to it from the layers behind, link by link."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.probes.step.products import batch_normalized
from core.probes.step.record import Call, Weights

MOST_TERMS = 8
LONGEST = 80  # links
Place = tuple[int, ...]  # in the output of a layer
Link = dict[str, Any]
Followed = tuple[Link, Place | None]  # the link, and where the way goes on in the next layer's output

ELEMENTWISE: dict[type[nn.Module], str] = {
    nn.ReLU: "z > 0 ? 1 : 0",
    nn.LeakyReLU: "z > 0 ? 1 : slope",
    nn.ELU: "z > 0 ? 1 : eᶻ",
    nn.SiLU: "σ(z)·(1 + z·(1 − σ(z)))",
    nn.GELU: "Φ(z) + z·φ(z)",
    nn.Tanh: "1 − tanh²(z)",
    nn.Sigmoid: "σ(z)·(1 − σ(z))",
}


def route(calls: Sequence[Call], weights: Weights, start: Call, place: Place) -> list[Link]:
    """From the output of ``start`` at ``place`` to the loss, link by link.

    Each link has the ``layer`` it leads through, what it is multiplied with and, as ``value``, the gradient before
    that layer, at ``place`` of what the layer is given. Up to the first sum over weights the links explain the whole
    gradient; from there on the largest product is followed. It ends at the loss, or where the way cannot be told.
    """
    links: list[Link] = []
    at, here = start, place
    while len(links) < LONGEST:
        following = [call for call in calls if call.inputs[0] is at.made]
        gradient = _number(at.gradient, here)
        if len(following) != 1:
            ends = not following and (at.name, at.network) == (calls[-1].name, calls[-1].network)
            return [*links, _end(at, here, gradient, "loss" if ends else "other")]
        call = following[0]
        follow = next((one for kinds, one in FOLLOWED if isinstance(call.module, kinds)), _other)
        link, on = follow(call, weights, here)
        if not _explains(link, gradient, 1e-3 if at.made.dtype == torch.float32 else 3e-2):
            return [
                *links,
                _end(at, here, gradient, "other"),
            ]  # it comes by another way as well, such as a skip connection
        links.append(_where(call, here, gradient) | link)
        if on is None and link["kind"] == "sum" and link["terms"]:
            on = _largest_term(here, link, call.made.dim())
        if on is None:
            return links
        at, here = call, on
    return links


def _where(call: Call, place: Place, gradient: float | None) -> Link:
    return {"layer": call.name, "network": call.network, "place": list(place[1:]), "value": gradient}


def _end(at: Call, place: Place, gradient: float | None, kind: str) -> Link:
    return {"kind": kind} | _where(at, place, gradient)


def _largest_term(here: Place, link: Link, dimensions: int) -> Place:
    """The place behind that the largest product of a sum comes from."""
    found: list[int] = link["terms"][0]["place"]
    return (*here[: dimensions - len(found)], *found)


def _explains(link: Link, value: float | None, tolerance: float) -> bool:
    """Whether what the link says comes to ``value``; what is not finite says nothing."""
    found: float | None = link.get("total")
    if found is None and link.get("derivative") is not None and link.get("gradient") is not None:
        found = link["derivative"] * link["gradient"]
    if found is None or value is None or not math.isfinite(found) or not math.isfinite(value):
        return True
    off: float = abs(found - value)
    return off <= tolerance * max(abs(found), abs(value)) + 1e-9


def _number(numbers: Tensor | None, place: Place) -> float | None:
    return None if numbers is None else float(numbers[place])


def _elementwise(call: Call, _weights: Weights, place: Place) -> Followed:
    z = call.given.detach()[place].double().requires_grad_()
    with torch.enable_grad():
        slope = torch.autograd.grad(call.module(z), z)[0]
    formula = next(text for kind, text in ELEMENTWISE.items() if isinstance(call.module, kind))
    found = {"kind": "activation", "function": type(call.module).__name__, "formula": formula}
    return found | _through(call, place, float(z.detach()), float(slope)), place


def _dropout(call: Call, _weights: Weights, place: Place) -> Followed:
    assert isinstance(call.module, nn.Dropout)
    given, made = float(call.given.detach()[place]), float(call.made.detach()[place])
    share = 1 / (1 - call.module.p) if call.training and call.module.p < 1 else 1.0
    return {"kind": "dropout"} | _through(call, place, given, share if made or not call.training else 0.0), place


def _through(call: Call, place: Place, given: float, slope: float) -> Link:
    return {"input": given, "derivative": slope, "gradient": _number(call.gradient, place)}


def _reshaped(call: Call, _weights: Weights, place: Place) -> Followed:
    flat = torch.zeros(call.given.shape[1:], dtype=torch.int64).flatten()
    number = int(torch.arange(len(flat)).view(call.given.shape[1:])[place[1:]])
    on = torch.arange(len(flat)).view(call.made.shape[1:]) == number
    there = (place[0], *(int(one) for one in on.nonzero()[0]))
    return {"kind": "reshape", "gradient": _number(call.gradient, there)}, there


def _largest(call: Call, _weights: Weights, place: Place) -> Followed:
    """Only the largest value of a window gets the window's gradient."""
    module = call.module
    assert isinstance(module, nn.MaxPool2d)
    maps = call.given.detach()[place[0], place[1]][None]
    _values, where = F.max_pool2d(maps, module.kernel_size, module.stride, module.padding, return_indices=True)
    mine = place[2] * maps.shape[2] + place[3]
    found = (where[0] == mine).nonzero()
    size = module.kernel_size if isinstance(module.kernel_size, int) else module.kernel_size[0]
    said: Link = {"kind": "max", "size": size, "input": float(call.given.detach()[place])}
    if len(found) != 1:
        return said | {"derivative": float(len(found)), "gradient": None}, None
    there = (place[0], place[1], int(found[0, 0]), int(found[0, 1]))
    return said | {"derivative": 1.0, "gradient": _number(call.gradient, there)}, there


def _averaged(call: Call, _weights: Weights, place: Place) -> Followed:
    """Every value of a window gets an equal share."""
    rows, columns = (call.given.shape[at] // call.made.shape[at] for at in (2, 3))
    there = (place[0], place[1], place[2] // rows, place[3] // columns)
    if there[2] >= call.made.shape[2] or there[3] >= call.made.shape[3]:
        return {"kind": "average", "derivative": 0.0, "gradient": None}, None
    share = 1 / (rows * columns)
    return {"kind": "average", "derivative": share, "gradient": _number(call.gradient, there)}, there


def _summed(found: Tensor, delta: Tensor, places: list[Place]) -> Followed:
    """Over everything behind: ``found`` weights and ``delta`` gradients (n,), the largest products first."""
    weight, gradient = found.detach().double().cpu(), delta.double().cpu()
    made = weight * gradient
    order = made.abs().argsort(descending=True)[:MOST_TERMS].tolist()
    terms = [
        {
            "place": list(places[at]),
            "weight": float(weight[at]),
            "delta": float(gradient[at]),
            "product": float(made[at]),
        }
        for at in order
    ]
    return {"kind": "sum", "terms": terms, "count": len(made), "total": float(made.sum())}, None


def _weight_of(call: Call, weights: Weights) -> Tensor:
    return call.weight if call.weight is not None else weights[call.network][f"{call.name}.weight".lstrip(".")]


def _dense(call: Call, weights: Weights, place: Place) -> Followed:
    """Every neuron behind, by the weight that leads to it."""
    assert call.gradient is not None
    delta = call.gradient[place[:-1]]
    return _summed(_weight_of(call, weights)[:, place[-1]], delta, [(unit,) for unit in range(len(delta))])


def _convolved(call: Call, weights: Weights, place: Place) -> Followed:
    """Every place behind whose window this one lay in, in every channel."""
    module, gradient = call.module, call.gradient
    assert isinstance(module, nn.Conv2d) and gradient is not None
    example, channel, row, column = place
    inputs, outputs = module.in_channels // module.groups, module.out_channels // module.groups
    first = channel // inputs * outputs
    weight = _weight_of(call, weights)[first : first + outputs, channel % inputs]
    parts, deltas = [], []
    places: list[Place] = []
    (down, right), (high, wide) = module.stride, (int(pad) for pad in module.padding)
    for i in range(module.kernel_size[0]):
        for j in range(module.kernel_size[1]):
            (y, over), (x, beyond) = divmod(row + high - i, down), divmod(column + wide - j, right)
            if over or beyond or not (0 <= y < gradient.shape[2] and 0 <= x < gradient.shape[3]):
                continue
            parts.append(weight[:, i, j])
            deltas.append(gradient[example, first : first + outputs, y, x])
            places += [(first + unit, y, x) for unit in range(outputs)]
    return _summed(torch.cat(parts or [weight[:0, 0, 0]]), torch.cat(deltas or [gradient[0, :0, 0, 0]]), places)


def _grown(call: Call, weights: Weights, place: Place) -> Followed:
    """Every place that the kernel wrote to from here, in every channel."""
    module, gradient = call.module, call.gradient
    assert isinstance(module, nn.ConvTranspose2d) and gradient is not None
    example, channel, row, column = place
    weight = _weight_of(call, weights)[channel]  # (out, k, k)
    parts, deltas = [], []
    places: list[Place] = []
    for i in range(module.kernel_size[0]):
        for j in range(module.kernel_size[1]):
            y, x = (
                row * module.stride[0] + i - int(module.padding[0]),
                column * module.stride[1] + j - int(module.padding[1]),
            )
            if not (0 <= y < gradient.shape[2] and 0 <= x < gradient.shape[3]):
                continue
            parts.append(weight[:, i, j])
            deltas.append(gradient[example, :, y, x])
            places += [(unit, y, x) for unit in range(len(weight))]
    return _summed(torch.cat(parts), torch.cat(deltas), places)


def _normalized(call: Call, weights: Weights, place: Place) -> Followed:
    """γ/s x (g - mean g - x̂ x mean(g x̂)): the batch's mean and deviation depend on this value, too."""
    module = call.module
    if not call.training or call.gradient is None:
        return _other(call, weights, place)
    x, gradient = call.given.detach().double().cpu(), call.gradient.double().cpu()
    hat = batch_normalized(module, x, call.training)
    channel = place[1]
    mine, theirs = hat[:, channel], gradient[:, channel]
    assert isinstance(module, nn.modules.batchnorm._BatchNorm)
    deviation = (x[:, channel].var(correction=0) + module.eps).sqrt()
    scale = weights[call.network][f"{call.name}.weight"][channel] if module.affine else torch.ones(())
    return {
        "kind": "normalization",
        "scale": float(scale),
        "deviation": float(deviation),
        "gradient": float(gradient[place]),
        "mean": float(theirs.mean()),
        "normalized": float(hat[place]),
        "product": float((theirs * mine).mean()),
    }, place


def _other(call: Call, _weights: Weights, place: Place) -> Followed:
    return {"kind": "layer", "function": type(call.module).__name__}, None


FOLLOWED: list[tuple[tuple[type[nn.Module], ...], Callable[[Call, Weights, Place], Followed]]] = [
    (tuple(ELEMENTWISE), _elementwise),
    ((nn.Dropout,), _dropout),
    ((nn.Flatten, nn.Unflatten), _reshaped),
    ((nn.MaxPool2d,), _largest),
    ((nn.AvgPool2d, nn.AdaptiveAvgPool2d), _averaged),
    ((nn.Linear,), _dense),
    ((nn.Conv2d,), _convolved),
    ((nn.ConvTranspose2d,), _grown),
    ((nn.modules.batchnorm._BatchNorm,), _normalized),
]
