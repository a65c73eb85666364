"""How far the next real step of a task moves each layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import torch

from core.probes.gradients.layers import layers_of, length
from core.probes.inside import inside

if TYPE_CHECKING:
    from core.training.task import Task


def update_norms(task: Task, part: str = "") -> dict[str, float]:
    """|w after - w before| of every layer in the step that ``task`` takes next, by the layer's name.

    The step is a real one, on the batch that comes next, with the optimiser's state, clipping and weight decay (of a
    GAN: a round, with all its updates). ``task`` is a copy that is thrown away afterwards: it has taken the step.
    """
    layers = layers_of(inside(task, part, 0, 1, "train").model)
    before = [[parameter.detach().clone() for parameter in layer.parameters] for layer in layers]
    take_step(task)
    with torch.no_grad():
        return {
            layer.name: length([now - was for now, was in zip(layer.parameters, old, strict=True)]).item()
            for layer, old in zip(layers, before, strict=True)
        }


def take_step(task: Task) -> None:
    """One optimiser step on the next batch of the running epoch, or of the next one where it is over."""
    task.single = True
    for batch in _batches(task):
        task.training_step(batch)
        return


def _batches(task: Task) -> Iterator[Any]:
    running = task.epoch if task.open else task.epoch + 1
    for epoch in (running, running + 1):
        yield from task.batches(epoch)
