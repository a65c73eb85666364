"""All that a later step depends on, taken from a task and put back: weights, optimisers, random numbers, place in the epoch.

What a task holds beside that follows from its config and from the edits that were made.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from core.training.optimizers import load_state

if TYPE_CHECKING:
    from core.training.task import Task

State = dict[str, Any]  # plain values, tensors and dicts of them

COUNTERS = ("step", "epoch", "open", "edits_made")


def capture(task: Task) -> State:
    """The state of ``task`` between two steps; a copy, on the CPU."""
    return {
        "counters": {name: getattr(task, name) for name in COUNTERS},
        "place": {name: _copied(getattr(task, name)) for name in task.place},
        "networks": {name: _copied(network.state_dict()) for name, network in task.networks().items()},
        "optimizers": {name: _copied(optimizer.state_dict()) for name, optimizer in task.optimizers().items()},
        "generators": {name: draw.get_state() for name, draw in task.generators().items()},
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state() if task.config.device == "cuda" else None,
        "plateau": {"factor": task.plateau.factor, "stall": dict(vars(task.plateau.stall))},
    }


def put_back(task: Task, state: State) -> None:
    """Bring ``task`` back to ``state``; its config must be what it was then (see :mod:`core.training.past`)."""
    for name, network in task.networks().items():
        network.load_state_dict(state["networks"][name])
    for name, optimizer in task.optimizers().items():
        load_state(optimizer, state["optimizers"][name])
    for name, draw in task.generators().items():
        draw.set_state(state["generators"][name])
    torch.set_rng_state(state["torch"])
    if state["cuda"] is not None and task.config.device == "cuda":
        torch.cuda.set_rng_state(state["cuda"])
    task.plateau.factor = state["plateau"]["factor"]
    vars(task.plateau.stall).update(state["plateau"]["stall"])
    for name, value in state["place"].items():
        setattr(task, name, _moved(_copied(value), task.config.device))
    for name, value in state["counters"].items():
        setattr(task, name, value)


def packed(state: State) -> bytes:
    """``state`` as bytes that :func:`unpacked` reads without running anything in them."""
    file = io.BytesIO()
    torch.save(state, file)
    return file.getvalue()


def unpacked(content: bytes) -> State:
    """What :func:`packed` wrote. Raises what ``torch.load`` raises for anything else."""
    found: State = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    return found


def _copied(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.detach().cpu().clone()
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_copied(one) for one in value)
    return value


def _moved(value: Any, device: str) -> Any:
    if isinstance(value, Tensor):
        return value.to(device)
    if isinstance(value, dict):
        return {name: _moved(one, device) for name, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_moved(one, device) for one in value)
    return value
