"""Try a step on a task that is being trained, and leave no trace: everything is put back, into the same memory.

:func:`core.training.moments.put_back` restores the numbers. A run that is on also holds on to objects: its suspended
epoch to the dict that says how far it is, a CUDA graph to the tensors of the optimiser. They stay the same ones here.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from torch import Tensor
from torch.optim import Optimizer

from core.training.moments import capture, put_back

if TYPE_CHECKING:
    from core.training.task import Task

REMEMBERED = ("history", "meter")  # what a task writes down while it trains; it depends on none of it


@contextmanager
def untouched(task: Task) -> Iterator[None]:
    """Whatever is done to ``task`` inside, steps and evaluations too, is undone at the end."""
    state = capture(task)
    undo = [
        _places(task),
        *(_optimizer(one) for one in task.optimizers().values()),
        *(_records(getattr(task, name)) for name in REMEMBERED if hasattr(task, name)),
        _networks(task),
        _latest(task),
    ]
    held = dict(vars(task))
    try:
        yield
    finally:
        put_back(task, state)
        for back in undo:
            back()
        vars(task).clear()
        vars(task).update(held)


def _places(task: Task) -> Callable[[], None]:
    """Dicts that say how far an epoch is; the suspended iterator reads the very same ones."""
    dicts = [one for name in task.place if isinstance(one := getattr(task, name), dict)]
    kept = [dict(one) for one in dicts]

    def back() -> None:
        for one, values in zip(dicts, kept, strict=True):
            one.clear()
            one.update(values)

    return back


def _optimizer(optimizer: Optimizer) -> Callable[[], None]:
    state, groups = optimizer.state, optimizer.param_groups
    constants = [dict(group) for group in groups]
    tensors = {
        parameter: [
            (name, value, value.detach().clone() if isinstance(value, Tensor) else value) for name, value in one.items()
        ]
        for parameter, one in state.items()
    }

    def back() -> None:
        optimizer.state, optimizer.param_groups = state, groups
        for group, values in zip(groups, constants, strict=True):
            group.clear()
            group.update(values)
        state.clear()
        for parameter, entries in tensors.items():
            for _name, value, number in entries:
                if isinstance(value, Tensor):
                    value.detach().copy_(number)
            state[parameter] = {name: value for name, value, _number in entries}

    return back


def _networks(task: Task) -> Callable[[], None]:
    """Modes and gradients; the weights themselves are put back in place."""
    networks = task.networks().values()
    modes = [(module, module.training) for network in networks for module in network.modules()]
    gradients = [(one, one.grad, one.requires_grad) for network in networks for one in network.parameters()]

    def back() -> None:
        for module, training in modes:
            module.training = training
        for parameter, gradient, wanted in gradients:
            parameter.grad = gradient
            parameter.requires_grad_(wanted)

    return back


def _records(found: Any) -> Callable[[], None]:
    kept = {name: copy.copy(value) for name, value in vars(found).items()}
    return lambda: vars(found).update(kept)


def _latest(task: Task) -> Callable[[], None]:
    """What the last evaluation found, which a problem of the RNN page keeps, and the state that it carries."""
    problem = getattr(task, "problem", None)
    if problem is None:
        return lambda: None
    kept = dict(vars(problem))
    return lambda: vars(problem).update(kept)
