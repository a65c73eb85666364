"""One update, explained: the very next optimiser step of a run with its true numbers, down to one chosen weight."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from core.config import OPTIMIZERS
from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import one_of, whole
from core.probes.inside import inside
from core.probes.step.batch import batch, names_of
from core.probes.step.chain import route
from core.probes.step.forward import forward
from core.probes.step.layers import maps, neurons, rows
from core.probes.step.loss import told
from core.probes.step.optimizer import lines
from core.probes.step.products import EXAMPLE, STEP, Products, Spot, laid, products
from core.probes.step.record import Call
from core.probes.step.recurrent import gate_of
from core.probes.step.true import Taken, alone, chosen_player, taken, task_of

MOST_TERMS = 8
MOST_SUMS = 256  # examples or steps of which the part of the gradient is sent
AGREES = 1e-6  # relative; formulas are worked out in float64, torch rounds to float32


def update(
    subject: Any,
    part: str = "",
    layer: str = "",
    parameter: str = "",
    unit: int = -1,
    source: int = -1,
    place: int = -1,
    term: int = 0,
    example: int = -1,
) -> dict[str, Any]:
    """The next update of network ``part`` and of one of its weights; everything is put back.

    ``layer``: a module with weights; ``parameter`` of it (its first one); ``unit`` and ``source``: what the weight
    belongs to and listens to, ``place`` in its kernel. -1: the weight of the layer with the largest gradient. ``term``:
    which of the largest products is followed back, from 0. ``example``: -1 for the batch of the step, else what
    that validation example alone would give. Raises :class:`LiveTorchError` for what there is not.
    """
    task = task_of(subject)
    name, _found = chosen_player(task, part)
    whole("term", term, 0, MOST_TERMS - 1)
    whole("example", example, -1, 10**9)
    found = taken(task, name) if example == -1 else alone(task, name, example)
    table = rows(found)
    row = _layer(table, layer)
    parameter = one_of("parameter", parameter or row["parameters"][0], row["parameters"])
    calls = [call for call in found.calls if call.network == found.part and call.name == row["id"]]
    full = f"{row['id']}.{parameter}".lstrip(".")
    spot = _spot(calls[0].module, parameter, found.raw[full], unit, source, place)
    explained = _explained(found, calls, spot, full, term)
    return {
        "part": found.part,
        "parts": list(found.parts),
        "example": example,
        "examples": inside(task, found.part).examples,
        "step": task.step,
        "rule": found.player.rule,
        "optimizer": OPTIMIZERS[found.player.rule],
        "constants": _constants(found),
        "batch": batch(found),
        "layers": table,
        "chosen": _chosen(row, parameter, calls[0].module, spot),
        "maps": maps(found, calls[0].module, full, spot),
    } | explained


def _chosen(row: dict[str, Any], parameter: str, module: nn.Module, spot: Spot) -> dict[str, Any]:
    """Which weight is looked at, and what else of its layer there is to choose."""
    return {
        "layer": row["id"],
        "title": row["title"],
        "kind": row["kind"],
        "parameter": parameter,
        "parameters": row["parameters"],
        "unit": spot.unit,
        "source": spot.source,
        "place": spot.place,
        "bias": spot.is_bias,
        "gate": gate_of(module, spot.unit) if isinstance(module, nn.RNNBase) else "",
    }


def _layer(table: list[dict[str, Any]], layer: Any) -> dict[str, Any]:
    own = {row["id"]: row for row in table if row["own"] and row["parameters"]}
    if not own:
        raise LiveTorchError(
            N_("No weight of this network got a gradient in this update, so there is nothing to explain.")
        )
    return own[one_of("layer", layer or next(iter(own)), own)]


def _spot(module: nn.Module, parameter: str, gradient: Tensor, unit: int, source: int, place: int) -> Spot:
    """The weight that is meant; where a number is left open, the largest gradient among what it leaves."""
    numbers = laid(module, gradient).abs().nan_to_num(0.0)
    chosen: list[int] = []
    for name, asked, size in zip(("unit", "source", "place"), (unit, source, place), numbers.shape, strict=True):
        chosen.append(whole(name, asked, -1, size - 1))
    for dimension, asked in enumerate(chosen):
        if asked >= 0:
            only = torch.zeros_like(numbers)
            only.select(dimension, asked).fill_(1)
            numbers = torch.where(only > 0, numbers, -1.0)
    at = torch.unravel_index(numbers.argmax(), numbers.shape)
    return Spot(parameter, *(int(one) for one in at))


def _explained(found: Taken, calls: list[Call], spot: Spot, full: str, term: int) -> dict[str, Any]:
    """Gradient, way back, optimiser and new weight of ``spot``."""
    module = calls[0].module
    index = (spot.unit, spot.source, spot.place)

    def at(numbers: Tensor) -> float:
        return float(laid(module, numbers)[index])

    made = products(calls, spot)
    where = None if made is None else _places(made, term)
    raw, given, before = at(found.raw[full]), at(found.given[full]), at(found.before[full])
    said = {
        "gradient": raw,
        "products": None if made is None else _told(made),
        "followed": None if where is None else where,
        "extras": _extras(found, calls, spot, before, raw, made),
        "clip": _clip(found),
        "given": given,
        "before": before,
    }
    example, step = (0, None) if where is None else (where.get(EXAMPLE, 0), where.get(STEP))
    said["names"] = _names(found, example)
    said["loss"] = told(found, example, step)
    said["neurons"] = neurons(found, example)
    if made is not None and made.outputs and where is not None:
        size = len(calls[0].made)
        call, here = calls[example // size], _output(made, where, spot, example % size)
        said["forward"] = forward(call, found.weights, here)
        said["route"] = route(found.calls, found.weights, call, here)
    if spot.is_bias or isinstance(module, nn.modules.batchnorm._NormBase | nn.GroupNorm | nn.LayerNorm):
        said["forward"] = None
    return said | _moved(found, full, at, before, given)


def _output(made: Products, where: dict[str, int], spot: Spot, example: int) -> tuple[int, ...]:
    """The place in the layer's output that a product belongs to."""
    rest = [where[axis] for axis in made.outputs if axis != EXAMPLE]
    return (example, spot.unit, *rest) if len(made.outputs) == 3 else (example, *rest, spot.unit)


def _places(made: Products, term: int) -> dict[str, int]:
    """Where the product of rank ``term`` lies."""
    sizes = (made.delta * made.value).abs().nan_to_num(0.0)
    order = sizes.flatten().topk(min(MOST_TERMS, sizes.numel())).indices
    at = torch.unravel_index(order[min(term, len(order) - 1)], sizes.shape)
    return {axis: int(one) for axis, one in zip(made.axes, at, strict=True)}


def _told(made: Products) -> dict[str, Any]:
    """The sum with its largest terms, and what each example and each step adds to it."""
    terms = made.delta * made.value
    order = terms.abs().nan_to_num(0.0).flatten().topk(min(MOST_TERMS, terms.numel())).indices.tolist()
    places = [torch.unravel_index(torch.tensor(one), terms.shape) for one in order]
    by_example = terms.flatten(1).sum(1) if terms.dim() > 1 else terms
    found: dict[str, Any] = {
        "terms": [
            {axis: int(one) for axis, one in zip(made.axes, at, strict=True)}
            | {"delta": float(made.delta[at]), "value": float(made.value[at]), "product": float(terms[at])}
            for at in places
        ],
        "count": terms.numel(),
        "nonzero": int((terms != 0).sum()),
        "total": float(terms.sum()),
        "axes": list(made.axes),
        "by_example": by_example[:MOST_SUMS].tolist(),
    }
    if STEP in made.axes:
        found["by_step"] = terms.sum(0)[:MOST_SUMS].tolist()
    return found


def _extras(
    found: Taken, calls: list[Call], spot: Spot, weight: float, raw: float, made: Products | None
) -> list[dict[str, Any]]:
    """What else the gradient is made of: penalties, and a weight that is computed from the parameter."""
    config = found.task.config
    if config.page == "mlp" and not spot.is_bias and isinstance(calls[0].module, nn.Linear):
        l1, l2 = config.penalty.l1, config.penalty.l2
        sign = (weight > 0) - (weight < 0)
        both = {"l1": l1 * sign, "l2": l2 * weight}
        return [{"name": name, "value": both[name]} for name, one in (("l1", l1), ("l2", l2)) if one]
    if made is None or found.part != "discriminator":
        return []
    rest = raw - float((made.delta * made.value).sum())
    if calls[0].weight is not None and not spot.is_bias:
        return [{"name": "spectral", "value": rest}]
    if found.after is not None and config.loss.name == "wgan_gp":
        return [{"name": "gradient_penalty", "value": rest}]
    return []


def _clip(found: Taken) -> dict[str, float] | None:
    """The length of the whole gradient and what it is multiplied by, where the run clips."""
    limit = float(found.task.config.clip_norm)
    if not limit:
        return None
    norm = math.hypot(*(float(torch.linalg.vector_norm(one.double())) for one in found.raw.values()))
    return {"limit": limit, "norm": norm, "factor": min(1.0, limit / (norm + 1e-6))}


def _moved(found: Taken, full: str, at: Any, before: float, given: float) -> dict[str, Any]:
    """The optimiser's lines and the new weight: torch's own, where a step was taken."""
    state = _numbers(found.state.get(full, {}), at)
    after_state = None if found.state_after is None else _numbers(found.state_after.get(full, {}), at)
    made = lines(found.player.rule, before, given, state, found.group_of(full))
    formula = made[-1].value
    said = [line.said(state, after_state) for line in made]
    limit = (
        found.task.config.loss.clip
        if found.part == "discriminator" and found.task.config.loss.name == "wgan_clip"
        else 0
    )
    if limit and found.after is not None:
        formula = max(-limit, min(limit, formula))
        said.append(
            {
                "symbol": "w",
                "formula": "min(max(w, −c), c)",
                "filled": f"c = {limit:g}",
                "value": formula,
                "word": "clamped",
                "state": "",
            }
        )
    if found.after is None:
        return {"lines": said, "after": None, "formula": formula, "agrees": True}
    after = at(found.after[full])
    near = abs(formula - after) <= AGREES * max(abs(after), abs(before)) or formula == after
    broken = not math.isfinite(formula) and not math.isfinite(after)
    return {"lines": said, "after": after, "update": after - before, "formula": formula, "agrees": near or broken}


def _numbers(state: dict[str, Tensor], at: Any) -> dict[str, float]:
    return {name: float(one) if one.dim() == 0 else at(one) for name, one in state.items()}


def _names(found: Taken, example: int) -> dict[str, Any]:
    """What the example that is followed is, and how many there are."""
    names = list(found.names) if found.after is None else names_of(found)
    return {"example": names[example] if example < len(names) else "", "all": names[:MOST_SUMS]}


def _constants(found: Taken) -> dict[str, Any]:
    """Of the optimiser, by torch's names, with the rate of this very step."""
    kept = ("lr", "momentum", "nesterov", "betas", "alpha", "rho", "eps", "weight_decay", "momentum_decay")
    group = {name: found.group[name] for name in kept if name in found.group}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in group.items()}
