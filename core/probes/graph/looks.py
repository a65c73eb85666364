"""The computation graph of a network: its operations and boxes, values and gradients of those in view, one in detail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import LiveTorchError
from core.i18n import N_
from core.models.unrolled_module import is_recurrent, unrolled_copy
from core.probes.arguments import flag, one_of, show, whole
from core.probes.graph.fold import Box, Folded, folded, outputs_of
from core.probes.graph.run import passed, timed
from core.probes.graph.source import source_of
from core.probes.graph.stats import described, drawn
from core.probes.graph.trace import Operation, Trace, trace
from core.probes.inside import Inside, inside
from core.probes.layer_labels import layer_labels
from core.probes.pictures import numbers
from core.probes.subject import Subject
from core.probes.zoo.subject import ZooSubject

COLOURS = ("activation", "gradient", "parameters", "flops", "time")
MOST_NODES = 800  # whose values are asked for at once
RANGES = re.compile(r"(\d{1,6}(-\d{1,6})?(,\d{1,6}(-\d{1,6})?)*)?")


@dataclass
class Opened:
    """A network that is being looked at, in evaluation mode."""

    seen: Inside
    model: nn.Module  # the network, or a copy of it that shows time steps and shares its weights
    found: Trace


@contextmanager
def opened(subject: Subject, part: Any, example: Any, unrolled: Any) -> Iterator[Opened]:
    """The traced network ``part`` with one example. Raises :class:`LiveTorchError` for what there is not."""
    flag("unrolled", unrolled)
    seen = inside(subject, part, example)
    with seen.opened():
        model = seen.model
        if unrolled:
            try:
                model = unrolled_copy(model, seen.inputs.shape[1])
            except (ValueError, IndexError):
                template = N_(
                    "{steps} steps read from both ends are too many to be drawn one by one. Take a shorter sequence."
                )
                raise LiveTorchError(template, steps=seen.inputs.shape[1] if seen.inputs.dim() > 1 else 0) from None
        yield Opened(seen, model, trace(model, seen.inputs))


def graph(subject: Subject, part: Any = "", example: Any = 0, unrolled: Any = False) -> dict[str, Any]:
    """Operations in the order they are computed, and the boxes they lie in. It changes with the structure alone.

    ``unrolled``: recurrent layers step by step instead of as one operation.
    """
    with opened(subject, part, example, unrolled) as network:
        seen, found = network.seen, network.found
        sizes = {name: one.numel() for name, one in network.model.named_parameters(remove_duplicate=False)}
    boxes, place = folded(found), {one.id: number for number, one in enumerate(found.operations)}
    outputs = outputs_of(boxes, found.operations)
    return {
        "part": seen.part,
        "parts": list(seen.parts),
        "example": example,
        "examples": seen.examples,
        "kind": seen.kind,
        "names": list(seen.names),
        "labels": {
            name: label for name, label in layer_labels(subject, seen.part, seen.model).items() if name != label
        },
        "weights": subject.weights if isinstance(subject, ZooSubject) else "",
        "recurrent": is_recurrent(seen.model),
        "unrolled": unrolled,
        "operations": [_operation(one, boxes, place, sizes) for one in found.operations],
        "boxes": [_box(box, outputs[box.id], place, sizes) for box in boxes.boxes.values()],
        "parameters": sum(one.numel() for one in seen.model.parameters()),
    }


def _operation(one: Operation, boxes: Folded, place: dict[str, int], sizes: dict[str, int]) -> dict[str, Any]:
    single = one.id in boxes.single
    return {
        "op": one.target,
        "box": boxes.parent[one.id],
        "module": one.frames[-1].path if one.frames else "",
        "type": one.frames[-1].type if single else "",
        "shape": list(one.shape),
        "inputs": [[place[source], list(shape)] for source, shape in one.inputs],
        "parameters": sum(sizes.get(name, 0) for name in dict.fromkeys(one.parameters)),
    }


def _box(box: Box, output: Operation, place: dict[str, int], sizes: dict[str, int]) -> dict[str, Any]:
    held = [place[one.id] for one in box.operations()]
    names = dict.fromkeys(name for one in box.operations() for name in one.parameters)
    return {
        "id": box.id,
        "parent": box.parent,
        "type": box.frame.type,
        "module": box.frame.path,
        "count": box.count,
        "first": min(held),
        "last": max(held),
        "output": place[output.id],
        "parameters": sum(sizes.get(name, 0) for name in names),
    }


def graph_values(
    subject: Subject,
    part: Any = "",
    example: Any = 0,
    nodes: Any = "",
    colour: Any = "activation",
    unrolled: Any = False,
) -> dict[str, Any]:
    """Numbers of the operations ``nodes`` (places in the order of :func:`graph`, as in "0-3,7"), as the weights are now.

    ``colour``: "gradient" gives gradients of the loss as well, "time" the seconds of every operation. ``flops``: of
    every operation, as torch counts them for matrix products, convolutions and attention.
    """
    one_of("colour", colour, COLOURS)
    with opened(subject, part, example, unrolled) as network:
        found, seen = network.found, network.seen
        chosen = {number: found.operations[number] for number in places(nodes, len(found.operations))}
        wanted = {one.value for one in chosen.values()}
        done = passed(found, seen, network.model, wanted, colour == "gradient")
        seconds = timed(found, seen, network.model) if colour == "time" else {}
    told: dict[str, Any] = {}
    for number, one in chosen.items():
        told[str(number)] = {"value": described(done.values.get(one.value))}
        if colour == "gradient":
            told[str(number)]["gradient"] = described(done.gradients.get(one.value))
    flops = [found.flops.get(one.id, 0) for one in found.operations]
    answer = {"loss": done.loss, "nodes": told, "names": list(seen.names), "flops": flops}
    if seconds:
        answer["seconds"] = numbers((seconds.get(one.id, 0.0) for one in found.operations), 3)
    return answer


def places(text: Any, count: int) -> list[int]:
    """The numbers below ``count`` that "0-3,7" names. Raises :class:`LiveTorchError` for anything else."""
    if not isinstance(text, str) or len(text) > 8000 or not RANGES.fullmatch(text):
        raise LiveTorchError(N_("nodes is {value}; it must be numbers such as 0-3,7."), value=show(text))
    found: dict[int, None] = {}
    for span in filter(None, text.split(",")):
        first, _dash, last = span.partition("-")
        numbers_in_it = range(int(first), min(int(last or first), count - 1) + 1)
        found |= dict.fromkeys(numbers_in_it)
    return [number for number in found if number < count][:MOST_NODES]


def graph_node(
    subject: Subject, part: Any = "", example: Any = 0, node: Any = 0, unrolled: Any = False
) -> dict[str, Any]:
    """One operation in detail: its value and its gradient as pictures and histograms, its parameters, its line of code."""
    with opened(subject, part, example, unrolled) as network:
        found, seen = network.found, network.seen
        one = found.operations[whole("node", node, 0, len(found.operations) - 1)]
        done = passed(found, seen, network.model, {one.value}, True)
        parameters = dict(network.model.named_parameters(remove_duplicate=False))
        module = dict(network.model.named_modules()).get(one.frames[-1].path) if one.frames else None
    value, gradient = done.values.get(one.value), done.gradients.get(one.value)
    return {
        "op": one.target,
        "module": one.frames[-1].path if one.frames else "",
        "type": one.frames[-1].type if one.frames else "",
        "shape": list(one.shape),
        "dtype": str(value.dtype).removeprefix("torch.") if value is not None else "",
        "names": list(seen.names),
        "loss": done.loss,
        "value": _shown(value),
        "gradient": _shown(gradient),
        "parameters": [_parameter(name, parameters[name]) for name in dict.fromkeys(one.parameters)],
        "source": source_of(subject, seen.part, one.frames[-1].path if one.frames else "", module),
    }


def _shown(value: Tensor | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"numbers": described(value), **drawn(value)}


def _parameter(name: str, values: Tensor) -> dict[str, Any]:
    return {"name": name, "shape": list(values.shape), "finite": bool(torch.isfinite(values).all())}
