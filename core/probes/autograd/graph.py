"""The backward graph of a loss as torchviz draws it, each node with the module that made it and its shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.autograd.dot import Drawn, put_together, taken_apart
from core.probes.autograd.modules import owner
from core.probes.autograd.switches import INPUT, Attempt

KINDS = {"lightblue": "parameter", "orange": "saved", "darkolivegreen1": "output", "darkolivegreen3": "output"}
BACKWARD = re.compile(r"Backward\d*$")
MOST_CHARACTERS = 40  # of an attribute's value
MOST_NODES = 1000  # that are drawn; beyond, what is least needed is left out


@dataclass(frozen=True)
class Options:
    """What of the graph is drawn."""

    attributes: bool = False  # what a function keeps that is no tensor
    saved: bool = False  # tensors that were kept for the backward pass
    parameters: bool = True
    quick: bool = False  # a layout for GraphViz that copes with weights shared by many steps


@dataclass(frozen=True)
class Picture:
    """The graph, JSON-ready, and as DOT text."""

    nodes: list[dict[str, Any]]
    edges: list[list[int]]  # [from, to], places in ``nodes``; and a 1 where ``to`` is a tensor that ``from`` keeps
    dot: str
    left_out: list[str]  # of ``parameters`` and ``saved``, though they were wanted


def picture(made: Attempt, options: Options) -> Picture:
    """The graph behind ``made.loss``, before anything went back through it. Edges lead the way of the forward pass."""
    from torchviz import make_dot  # not needed where nobody looks

    functions = _functions(made.loss)  # held, or what is known by its identity could be another one by now
    try:
        dot = make_dot(made.loss, made.leaves, options.attributes, options.saved, MOST_CHARACTERS)
    except RecursionError as error:
        raise LiveTorchError(
            N_("This graph is too deep to be drawn: an error goes back through more than a thousand operations.")
        ) from error
    ends = {str(id(found.variable)): found for found in functions.values() if hasattr(found, "variable")}
    drawn, left_out = _thinned(taken_apart(dot), options, functions, ends)
    places = {name: place for place, name in enumerate(drawn.nodes)}
    reader = _Reader(made, functions, ends, drawn, {id(leaf): name for name, leaf in made.leaves.items()})
    edges = [[places[tail], places[head], *([1] if "dir" in said else [])] for tail, head, said in drawn.edges]
    names = {name: f"n{place}" for name, place in places.items()}
    return Picture(
        [reader.node(name) for name in places], edges, put_together(drawn, names, dot, options.quick), left_out
    )


def _thinned(
    drawn: Drawn, options: Options, functions: Mapping[str, Any], ends: Mapping[str, Any]
) -> tuple[Drawn, list[str]]:
    """Without what is not wanted, and without what there is no room for; the names of the latter."""
    gatherers = {name for name, found in functions.items() if hasattr(found, "variable")}
    saved = drawn.nodes.keys() - functions.keys() - ends.keys() - set(list(drawn.nodes)[:1])  # the loss comes first
    left_out = []
    for what, wanted, names in (
        ("parameters", options.parameters, ends.keys() | gatherers),
        ("saved", options.saved, saved),
    ):
        if not wanted or len(drawn.nodes) > MOST_NODES:
            left_out += [what] if wanted else []
            drawn = drawn.without(names.__contains__)
    return drawn, left_out


def _functions(loss: Tensor) -> dict[str, Any]:
    """Every backward function behind ``loss`` by its identity as text."""
    found: dict[str, Any] = {}
    waiting = [loss.grad_fn]
    while waiting:
        node: Any = waiting.pop()
        if node is not None and str(id(node)) not in found:
            found[str(id(node))] = node
            waiting += [before for before, _output in node.next_functions]
    return found


@dataclass(frozen=True)
class _Reader:
    """Says of a node of the drawing what it is."""

    made: Attempt
    functions: Mapping[str, Any]
    ends: Mapping[str, Any]  # identity of a leaf -> the function that gathers its gradient
    drawn: Drawn
    leaves: dict[int, str]  # identity -> name

    def node(self, name: str) -> dict[str, Any]:
        if name in self.functions:
            return self.function(self.functions[name], self.drawn.nodes[name].get("label", ""))
        if name in self.ends:
            return self.leaf(self.ends[name].variable)
        label, _break, shape = self.drawn.nodes[name].get("label", "").partition("\n")
        kind = KINDS.get(self.drawn.nodes[name].get("fillcolor", ""), "saved")
        said = {"kind": kind, "label": label, "shape": [int(side) for side in re.findall(r"\d+", shape)]}
        return said | ({"module": self.module_of_saved(name)} if kind == "saved" else {})

    def function(self, node: Any, label: str) -> dict[str, Any]:
        kind, *rows = label.split("\n")
        said: dict[str, Any] = {"kind": "function", "label": kind, "op": BACKWARD.sub("", kind)}
        if hasattr(node, "variable"):
            name = self.leaves.get(id(node.variable), "")
            return said | {"module": None if name == INPUT else owner(name), "shape": list(node.variable.shape)}
        attributes = [_attribute(row) for row in rows[1:]]
        return (
            said
            | {
                "module": self.made.calls.maker(node),
                "shape": _shape(node, 0),
                "gives": [_shape(before, output) for before, output in node.next_functions],
            }
            | ({"attributes": attributes} if attributes else {})
        )

    def leaf(self, variable: Tensor) -> dict[str, Any]:
        name = self.leaves.get(id(variable), "")
        shape = list(variable.shape)
        if name == INPUT:
            return {"kind": "input", "label": name, "shape": shape}
        return {"kind": "parameter", "label": name, "module": owner(name), "shape": shape}

    def module_of_saved(self, name: str) -> str | None:
        """Of the function that keeps it."""
        keeper = next((tail for tail, head, said in self.drawn.edges if head == name and "dir" in said), "")
        return self.made.calls.maker(self.functions[keeper]) if keeper in self.functions else None


def _shape(node: Any, output: int) -> list[int] | None:
    """Of the gradient handed to ``node``; nothing where none is wanted."""
    if node is None:
        return None
    if hasattr(node, "variable"):
        return list(node.variable.shape)
    arriving = getattr(node, "_input_metadata", ())  # of the gradients that come in, so of the forward pass's outputs
    return list(arriving[output].shape) if output < len(arriving) else None


def _attribute(row: str) -> list[str]:
    """Name and value, as torchviz writes them in a row."""
    name, _colon, value = (part.strip() for part in row.partition(":"))
    signed = int(value) - 2**64 if value.isdecimal() and int(value) >= 2**63 else value  # e.g. -100 without its sign
    return [name, str(signed)]
