"""torchviz's drawing of a backward graph taken apart into nodes and edges, and put together again with short names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from graphviz import Digraph

EDGE = re.compile(r"\s*(\d+) -> (\d+)(?: \[(.*)\])?\s*", re.DOTALL)
NODE = re.compile(r"\s*(\d+)(?: \[(.*)\])?\s*", re.DOTALL)
ATTRIBUTE = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|[^\s\]]+)', re.DOTALL)

# without it GraphViz takes half a minute and more for a recurrent network, whose steps share their weights
QUICK_LAYOUT = {"splines": "line", "nslimit": "1", "nslimit1": "1", "mclimit": "0.3"}


@dataclass
class Drawn:
    """What a DOT text says. A node named twice has the attributes of both statements, later ones last, as in GraphViz."""

    nodes: dict[str, dict[str, str]] = field(default_factory=dict)  # identity -> attributes, in order of appearance
    edges: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def without(self, gone: Callable[[str], bool]) -> Drawn:
        """The same without some nodes and what leads to them."""
        nodes = {name: said for name, said in self.nodes.items() if not gone(name)}
        return Drawn(nodes, [edge for edge in self.edges if edge[0] in nodes and edge[1] in nodes])


def taken_apart(dot: Digraph) -> Drawn:
    """The statements of ``dot``, whose nodes are named by numbers."""
    drawn = Drawn()
    for statement in dot.body:
        if edge := EDGE.fullmatch(statement):
            drawn.edges.append((edge[1], edge[2], _attributes(edge[3])))
        elif node := NODE.fullmatch(statement):
            drawn.nodes.setdefault(node[1], {}).update(_attributes(node[2]))
    for end in (name for edge in drawn.edges for name in edge[:2]):
        drawn.nodes.setdefault(end, {})
    return drawn


def put_together(drawn: Drawn, names: Mapping[str, str], like: Digraph, quick: bool) -> str:
    """DOT text of ``drawn`` with its nodes renamed, in the style of ``like``; ``quick``: for many shared weights."""
    style = dict(like.graph_attr) | (QUICK_LAYOUT if quick else {})
    made = Digraph(graph_attr=style, node_attr=dict(like.node_attr))
    for name, said in drawn.nodes.items():
        made.node(names[name], **said)
    for tail, head, said in drawn.edges:
        made.edge(names[tail], names[head], **said)
    return str(made.source)


def _attributes(text: str | None) -> dict[str, str]:
    return {name: _unquoted(value) for name, value in ATTRIBUTE.findall(text or "")}


def _unquoted(value: str) -> str:
    return value[1:-1].replace('\\"', '"') if value.startswith('"') else value
