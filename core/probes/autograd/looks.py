"""The graph that ``backward()`` goes through, from the loss that is trained back to every parameter."""

from __future__ import annotations

from typing import Any

from core.probes.arguments import flag, one_of, whole
from core.probes.autograd.graph import Options, Picture, picture
from core.probes.autograd.modules import owner
from core.probes.autograd.switches import (
    INPUT,
    SWITCHES,
    Attempt,
    Gradients,
    attempt,
    chosen_layer,
    gradients,
    layers,
    told,
)
from core.probes.inside import Inside, inside
from core.probes.subject import Subject

MOST_STEPS = 32  # of a sequence; more are no longer a picture
MOST_COMPARED = 5_000_000  # parameters; larger networks go back only once, not without the switch as well


def autograd(
    subject: Subject,
    part: str = "",
    example: Any = 0,
    attributes: Any = False,
    saved: Any = False,
    switch: str = "none",
    parameters: Any = True,
    steps: Any = 8,
    layer: str = "",
) -> dict[str, Any]:
    """torchviz's graph of the loss of ``example``, and the norms of the gradients it leaves.

    ``switch``: what is done differently; ``layer``: whose output is detached. Of a sequence its last ``steps`` are
    drawn, while gradients are those of the whole one. Layers are in evaluation mode.
    """
    seen = inside(subject, part, example)
    options = _options(seen, attributes, saved, parameters)
    one_of("switch", switch, SWITCHES)
    with seen.opened():
        drawn = _shortened(seen, whole("steps", steps, 1, MOST_STEPS))
        plain = attempt(drawn, "none")
        names = layers(plain, drawn)
        layer = chosen_layer(layer if switch == "detach" else "", names, drawn)
        before = picture(plain, options)
        made, graph = plain, before
        if switch != "none":
            made = attempt(drawn, switch, layer)
            graph = picture(made, options)
        loss = made if drawn is seen else attempt(seen, switch, layer)
        usual = _usual(seen, plain if drawn is seen else None) if switch != "none" else None
        found = gradients(seen, loss, switch, layer)
        return _facts(seen, drawn, made) | {
            "loss": told(loss.loss.item()),
            "nodes": graph.nodes,
            "edges": graph.edges,
            "switch": _switch(switch, layer, before, graph, found),
            "gradients": _rows(loss, found, usual),
            "layers": [[name, made.calls.kinds.get(name, "")] for name in names],
        }


def autograd_dot(
    subject: Subject,
    part: str = "",
    example: Any = 0,
    attributes: Any = False,
    saved: Any = False,
    switch: str = "none",
    parameters: Any = True,
    steps: Any = 8,
    layer: str = "",
) -> dict[str, Any]:
    """The same graph as DOT text, for GraphViz."""
    seen = inside(subject, part, example)
    options = _options(seen, attributes, saved, parameters)
    one_of("switch", switch, SWITCHES)
    with seen.opened():
        drawn = _shortened(seen, whole("steps", steps, 1, MOST_STEPS))
        if switch == "detach":
            layer = chosen_layer(layer, layers(attempt(drawn, "none"), drawn), drawn)
        return {"dot": picture(attempt(drawn, switch, layer), options).dot}


def _options(seen: Inside, attributes: Any, saved: Any, parameters: Any) -> Options:
    return Options(
        attributes=flag("attributes", attributes),
        saved=flag("saved", saved),
        parameters=flag("parameters", parameters),
        quick=seen.kind == "sequence",
    )


def _shortened(seen: Inside, steps: int) -> Inside:
    """The last ``steps`` of a sequence; anything else as it is."""
    if seen.ending is None or seen.inputs.shape[1] <= steps:
        return seen
    return seen.ending(steps)


def _facts(seen: Inside, drawn: Inside, made: Attempt) -> dict[str, Any]:
    sequence = seen.ending is not None
    return {
        "part": seen.part,
        "parts": list(seen.parts),
        "example": seen.names[0],
        "examples": seen.examples,
        "kind": seen.kind,
        "steps": seen.inputs.shape[1] if sequence else None,
        "drawn_steps": drawn.inputs.shape[1] if sequence else None,
        "modules": made.calls.kinds,
    }


def _switch(name: str, layer: str, before: Picture, graph: Picture, found: Gradients) -> dict[str, Any]:
    """What a switch did: nodes before and after, how many parameters have a gradient, what PyTorch said against it."""
    norms = {leaf: norm for leaf, norm in found.norms.items() if leaf != INPUT}
    return {
        "name": name,
        "layer": layer if name == "detach" else None,
        "plain_nodes": len(before.nodes),
        "nodes": len(graph.nodes),
        "with": sum(norm is not None for norm in norms.values()),
        "of": len(norms),
        "error": found.refused,
        "left_out": graph.left_out,
    }


def _usual(seen: Inside, made: Attempt | None) -> Gradients | None:
    """The gradients without a switch, of ``made`` where that is the loss; nothing where it would take long."""
    if sum(parameter.numel() for parameter in seen.model.parameters()) > MOST_COMPARED:
        return None
    return gradients(seen, made or attempt(seen, "none"), "none")


def _rows(made: Attempt, found: Gradients, usual: Gradients | None) -> list[dict[str, Any]]:
    """A row a parameter: its gradient, and what it is without the switch or after going back a second time."""
    rows = []
    for name, leaf in made.leaves.items():
        row: dict[str, Any] = {
            "name": name,
            "module": None if name == INPUT else owner(name),
            "shape": list(leaf.shape),
        }
        row["norm"] = found.norms.get(name)
        if usual is not None:
            row["plain"] = usual.norms.get(name)
        if found.twice is not None:
            row["twice"] = found.twice[name]
        rows.append(row)
    return rows
