"""A network's forward pass as a list of operations, by ``torch.export``; kept as long as the structure stays the same."""

from __future__ import annotations

import copy
import warnings
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, fx, nn

from core.errors import LiveTorchError
from core.i18n import N_

if TYPE_CHECKING:
    from core.probes.graph.fold import Folded

KEPT = 4  # traces
SELF = "L__self__"


@dataclass(frozen=True)
class Frame:
    """One call of a module that an operation lies in."""

    call: str  # the module's name; "@1" and so on at its end where it is called again
    path: str  # as in ``named_modules``
    type: str  # its class


@dataclass(frozen=True)
class Operation:
    """One operation of the graph that depends on what the network is given."""

    id: str
    target: str  # e.g. "conv2d"; "input" and "output" are what goes in and comes out
    frames: tuple[Frame, ...]  # outermost first; the network itself is not among them
    value: str  # id of the fx node that holds its value: an element where it returns several
    shape: tuple[int, ...]
    inputs: tuple[tuple[str, tuple[int, ...]], ...]  # (id of the operation, shape of what comes from it)
    parameters: tuple[str, ...]  # names of those it reads
    arguments: str = ""  # other arguments, for telling equal operations


@dataclass
class Trace:
    """What was exported. ``graph`` takes parameters, buffers and constants as inputs, so that it can run with any weights."""

    graph: fx.GraphModule
    given: dict[str, tuple[str, str]]  # placeholder -> ("parameter" | "buffer" | "constant" | "input", name)
    constants: dict[str, Any]
    operations: list[Operation]
    flops: dict[str, int] = field(default_factory=dict)  # fx node -> multiplications and additions; by the first pass
    folded: Folded | None = None  # its boxes, once they were made


_traces: OrderedDict[Any, Trace] = OrderedDict()


def trace(model: nn.Module, inputs: Tensor) -> Trace:
    """The operations of ``model`` (in evaluation mode) on ``inputs``; the last few structures are remembered."""
    key = (structure(model), tuple(inputs.shape), inputs.dtype, str(inputs.device))
    if key not in _traces:
        _traces[key] = _exported(model, inputs)
        if len(_traces) > KEPT:
            _traces.popitem(last=False)
    _traces.move_to_end(key)
    return _traces[key]


def structure(module: nn.Module) -> tuple[Any, ...]:
    """What a module computes, but for the values of its weights: classes, settings, shapes, the same of its children."""
    tensors = [
        (name, tuple(one.shape))
        for name, one in (*module._parameters.items(), *module._buffers.items())
        if one is not None
    ]
    settings = [
        (name, _setting(value))
        for name, value in vars(module).items()
        if not name.startswith("_") and name != "training"
    ]
    children = [(name, structure(child)) for name, child in module._modules.items() if child is not None]
    return (type(module).__qualname__, tuple(tensors), tuple(settings), tuple(children))


def _setting(value: Any) -> str:
    if isinstance(value, Tensor):
        return str(value.tolist()) if value.numel() <= 1024 else f"{tuple(value.shape)} {id(value)}"
    return getattr(value, "__qualname__", None) or repr(value)[:200]


def _exported(model: nn.Module, inputs: Tensor) -> Trace:
    """Export a copy of the modules; the weights are shared with it, not copied."""
    shared = {id(one): one for one in (*model.parameters(), *model.buffers())}
    try:
        with warnings.catch_warnings(), torch.no_grad(), _without_stack_traces():
            warnings.simplefilter("ignore")  # that nn.LSTM keeps its weights in a list as well
            program = torch.export.export(copy.deepcopy(model, shared), (inputs.detach(),), strict=False)
    except LiveTorchError:
        raise
    except Exception as error:  # whatever a network does that export does not know
        raise LiveTorchError(
            N_("torch.export cannot follow this network ({kind}), so there is no graph of it."),
            kind=type(error).__name__,
        ) from error
    kinds = {"PARAMETER": "parameter", "BUFFER": "buffer", "CONSTANT_TENSOR": "constant", "USER_INPUT": "input"}
    given = {
        spec.arg.name: (kinds.get(spec.kind.name, "constant"), spec.target or "")
        for spec in program.graph_signature.input_specs
    }
    graph = program.graph_module
    return Trace(graph, given, dict(program.constants), _operations(graph.graph, given))


@contextmanager
def _without_stack_traces() -> Iterator[None]:
    """Where each operation was written is not asked for, and finding it takes a quarter of the time."""
    before = getattr(fx.config, "do_not_emit_stack_traces", None)  # newer than torch 2.11
    if before is not None:
        fx.config.do_not_emit_stack_traces = True
    try:
        yield
    finally:
        if before is not None:
            fx.config.do_not_emit_stack_traces = before


def _operations(graph: fx.Graph, given: dict[str, tuple[str, str]]) -> list[Operation]:
    """What depends on the input, in the order it is computed. Elements of a returned tuple count as the operation."""
    made: dict[fx.Node, Operation] = {}
    source: dict[fx.Node, str] = {}  # node with data -> operation it belongs to
    for node in graph.nodes:
        if node.op == "placeholder":
            if given.get(node.name, ("", ""))[0] == "input":
                made[node] = Operation(node.name, "input", (), node.name, _shape(node), (), ())
                source[node] = node.name
            continue
        feeding = [one for one in node.all_input_nodes if one in source]
        if not feeding:
            continue
        if node.op == "call_function" and _name(node) == "getitem":
            source[node] = source[feeding[0]]
            continue
        inputs = tuple((source[one], _shape(one)) for one in feeding)
        if node.op == "output":
            made[node] = Operation("output", "output", (), feeding[0].name, _shape(feeding[0]), inputs, ())
            continue
        parameters = tuple(
            given[one.name][1] for one in node.all_input_nodes if given.get(one.name, ("", ""))[0] == "parameter"
        )
        value = _value(node)
        made[node] = Operation(
            node.name, _name(node), _frames(node), value.name, _shape(value), inputs, parameters, _arguments(node)
        )
        source[node] = node.name
    return list(made.values())


def _value(node: fx.Node) -> fx.Node:
    """Where an operation returns several tensors, the first one that is used."""
    if isinstance(node.meta.get("val"), Tensor):
        return node
    elements = sorted(
        (user for user in node.users if _name(user) == "getitem"), key=lambda user: (not user.users, user.args[1])
    )
    return elements[0] if elements else node


def _name(node: fx.Node) -> str:
    """``aten.conv2d.default`` is conv2d; what works in place (``relu_``) is called as if it did not."""
    target = node.target
    packet = getattr(target, "overloadpacket", None)
    name = str(getattr(packet or target, "__name__", target))
    return name.rstrip("_") or name


def _shape(node: fx.Node) -> tuple[int, ...]:
    value = node.meta.get("val")
    return tuple(int(side) for side in value.shape) if isinstance(value, Tensor) else ()


def _frames(node: fx.Node) -> tuple[Frame, ...]:
    stack = node.meta.get("nn_module_stack") or {}
    frames = []
    for key, (path, kind) in stack.items():
        call = str(key).removeprefix(SELF)
        name = kind if isinstance(kind, str) else kind.__qualname__
        if path:
            frames.append(Frame(call, path, name.rsplit(".", 1)[-1]))
    return tuple(frames)


def _arguments(node: fx.Node) -> str:
    """Settings of the call, without the tensors."""
    return fx.node.map_arg((node.args, node.kwargs), lambda _one: "·").__repr__()
