"""Running a traced network with its present weights: values of chosen operations, gradients of the loss, FLOPs, times."""

from __future__ import annotations

import time
from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.utils.flop_counter import FlopCounterMode

from core.probes.graph.trace import Trace
from core.probes.inside import Inside

RECURRENT = ("lstm", "gru", "rnn_tanh", "rnn_relu")
TIMED = 3  # passes of which the quickest counts


class Pass(fx.Interpreter):
    """One forward pass that keeps the values of ``wanted`` fx nodes as they were handed on.

    What works in place is given a copy, so that the value before is kept too; later readers get the changed one.
    """

    def __init__(
        self, graph: fx.GraphModule, wanted: Collection[str], clock: bool = False, count: bool = False
    ) -> None:
        super().__init__(graph)
        self.wanted, self.clock = wanted, clock
        self.values: dict[str, Tensor] = {}
        self.seconds: dict[str, float] = {}
        self.flops: dict[str, int] = {}
        self.counter = FlopCounterMode(display=False) if count else None

    def run_node(self, n: fx.Node) -> Any:
        """See :class:`torch.fx.Interpreter`."""
        before = time.perf_counter() if self.clock else 0.0
        counted = self.counter.get_total_flops() if self.counter else 0
        made = self._changed(n) if _changes_its_input(n) else super().run_node(n)
        if self.clock:
            if isinstance(made, Tensor) and made.is_cuda:
                torch.cuda.synchronize()
            self.seconds[n.name] = time.perf_counter() - before
        if self.counter:
            self.flops[n.name] = self.counter.get_total_flops() - counted
        if n.name in self.wanted and isinstance(made, Tensor):
            if made.is_leaf and not made.requires_grad and made.is_floating_point() and torch.is_grad_enabled():
                made = made.detach().requires_grad_()  # what comes in, so that the loss can be differentiated for it
            self.values[n.name] = made
        return made

    def _changed(self, n: fx.Node) -> Any:
        args, kwargs = self.fetch_args_kwargs_from_env(n)
        made = n.target(args[0].clone(), *args[1:], **kwargs)  # type: ignore[operator]
        if n.args[0] in self.env:
            self.env[n.args[0]] = made  # type: ignore[index]
        return made


def _changes_its_input(node: fx.Node) -> bool:
    schema = getattr(node.target, "_schema", None)
    return bool(
        schema and schema.arguments and schema.arguments[0].alias_info and schema.arguments[0].alias_info.is_write
    )


@dataclass
class Passed:
    """What a pass left: values and gradients by fx node, the loss."""

    values: dict[str, Tensor]
    gradients: dict[str, Tensor | None]
    loss: float


def passed(found: Trace, seen: Inside, model: nn.Module, wanted: Collection[str], gradients: bool) -> Passed:
    """Run ``found`` with the weights of ``model`` on what is seen; call inside ``seen.opened()``. Fills ``found.flops``.

    ``gradients``: also of the trained loss with respect to each wanted value.
    """
    run = Pass(found.graph, wanted, count=not found.flops)
    with nullcontext() if gradients else torch.no_grad():
        with run.counter or nullcontext():
            outputs = run.run(*arguments(found, seen, model))[0]
        loss = seen.loss_of(outputs)
    if not found.flops:
        found.flops = run.flops | _recurrent_flops(found)
    back: dict[str, Tensor | None] = {}
    if gradients and loss.requires_grad:
        names = [name for name, value in run.values.items() if value.requires_grad]
        found_gradients = (
            torch.autograd.grad(loss, [run.values[name] for name in names], allow_unused=True) if names else ()
        )
        back = dict(zip(names, found_gradients, strict=True))
    return Passed({name: value.detach() for name, value in run.values.items()}, back, float(loss.detach()))


def arguments(found: Trace, seen: Inside, model: nn.Module) -> list[Any]:
    """What the traced graph takes: parameters and buffers of ``model`` as they are now, constants, the input."""
    held: dict[str, Any] = dict(model.named_parameters(remove_duplicate=False))
    held |= dict(model.named_buffers(remove_duplicate=False))
    return [
        seen.inputs if kind == "input" else held[name] if kind in ("parameter", "buffer") else found.constants[name]
        for kind, name in found.given.values()
    ]


def _recurrent_flops(found: Trace) -> dict[str, int]:
    """A fused recurrent layer may hide its products from the counter: two operations for each weight at each step."""
    shapes = {
        found.given[node.name][1]: node.meta["val"].shape
        for node in found.graph.graph.nodes
        if found.given.get(node.name, ("", ""))[0] == "parameter"
    }
    flops = {}
    for operation in found.operations:
        if operation.target in RECURRENT:
            batch, steps = operation.inputs[0][1][:2]
            weights = sum(shapes[name].numel() for name in operation.parameters if len(shapes[name]) == 2)
            flops[operation.id] = 2 * batch * steps * weights
    return flops


def timed(found: Trace, seen: Inside, model: nn.Module) -> dict[str, float]:
    """Seconds that each fx node takes, the quickest of three passes."""
    given = arguments(found, seen, model)
    best: dict[str, float] = {}
    for _pass in range(TIMED):
        run = Pass(found.graph, (), clock=True)
        with torch.no_grad():
            run.run(*given)
        for name, seconds in run.seconds.items():
            best[name] = min(seconds, best.get(name, seconds))
    return best
