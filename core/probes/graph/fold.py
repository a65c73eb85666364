"""Boxes for a traced graph: a box a module, and one for equal blocks in a row, which a page folds and unfolds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.probes.graph.trace import Frame, Operation, Trace

LEAST_IN_A_BLOCK = 2  # operations; equal single layers in a row stay apart


@dataclass
class Box:
    """A call of a module, or (``count`` > 1) several equal ones in a row."""

    id: str
    frame: Frame
    parent: str | None
    items: list[Box | Operation] = field(default_factory=list)  # in the order they are computed
    count: int = 1

    def operations(self) -> Iterator[Operation]:
        """All that lies in it."""
        for item in self.items:
            if isinstance(item, Box):
                yield from item.operations()
            else:
                yield item


@dataclass
class Folded:
    """A graph with its boxes."""

    boxes: dict[str, Box]
    parent: dict[str, str | None]  # operation -> innermost box
    single: set[str]  # operations that are all their innermost module does


def folded(found: Trace) -> Folded:
    """The boxes of a trace, made once."""
    if found.folded is None:
        root = Box("", Frame("", "", ""), None)
        for operation in found.operations:
            _put(root, operation)
        made = Folded({}, {}, set())
        _unwrap(root, made.single)
        _group(root)
        _collect(root, None, made)
        found.folded = made
    return found.folded


def _put(root: Box, operation: Operation) -> None:
    box = root
    for frame in operation.frames:
        last = box.items[-1] if box.items else None
        if not (isinstance(last, Box) and last.frame.call == frame.call):
            # a module whose call is interrupted by others, which no call is, would get a second box
            again = sum(isinstance(item, Box) and item.frame.call == frame.call for item in box.items)
            last = Box(f"m:{frame.call}" + (f"~{again}" if again else ""), frame, box.id)
            box.items.append(last)
        box = last
    box.items.append(operation)


def _unwrap(box: Box, single: set[str]) -> None:
    """A module of a single operation is shown as that operation, one that only holds another one as that one's box."""
    for place, item in enumerate(box.items):
        if not isinstance(item, Box):
            continue
        _unwrap(item, single)
        only = item.items[0] if len(item.items) == 1 else None
        if isinstance(only, Operation):
            box.items[place] = only
            if only.frames[-1] == item.frame:
                single.add(only.id)
        elif only is not None:
            item.items = only.items


def _group(box: Box) -> None:
    """Put equal neighbours into a box of their own."""
    for item in box.items:
        if isinstance(item, Box):
            _group(item)
    grouped: list[Box | Operation] = []
    for run in _runs(box.items):
        first = run[0]
        if len(run) > 1 and isinstance(first, Box):
            grouped.append(Box(f"r:{first.id[2:]}", first.frame, box.id, list(run), len(run)))
        else:
            grouped += run
    box.items = grouped


def _runs(items: list[Box | Operation]) -> Iterator[list[Box | Operation]]:
    run: list[Box | Operation] = []
    kind: Any = None
    for item in items:
        now = (
            _signature(item)
            if isinstance(item, Box) and sum(1 for _one in item.operations()) >= LEAST_IN_A_BLOCK
            else None
        )
        if run and (now is None or now != kind):
            yield run
            run = []
        run.append(item)
        kind = now
    if run:
        yield run


def _signature(item: Box | Operation) -> tuple[Any, ...]:
    """The same for blocks that compute the same with other weights."""
    if isinstance(item, Operation):
        return (item.target, item.shape, item.arguments, len(item.inputs), len(item.parameters))
    return (item.frame.type, tuple(_signature(one) for one in item.items))


def _collect(box: Box, parent: str | None, made: Folded) -> None:
    for item in box.items:
        if isinstance(item, Operation):
            made.parent[item.id] = parent
        else:
            item.parent = parent
            made.boxes[item.id] = item
            _collect(item, item.id, made)


def outputs_of(boxes: Folded, operations: list[Operation]) -> dict[str, Operation]:
    """For each box the operation whose value it hands on: the last one that something outside reads."""
    inside = {name: {one.id for one in box.operations()} for name, box in boxes.boxes.items()}
    readers: dict[str, list[str]] = {}
    for operation in operations:
        for source, _shape in operation.inputs:
            readers.setdefault(source, []).append(operation.id)
    made = {}
    for name, box in boxes.boxes.items():
        held = list(box.operations())
        handed = [one for one in held if any(reader not in inside[name] for reader in readers.get(one.id, []))]
        made[name] = (handed or held)[-1]
    return made
