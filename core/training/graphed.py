"""One training step as a CUDA graph: a small network on a GPU waits for kernel launches more than for arithmetic.

After torch's notes on CUDA graphs ("whole-network capture"). What a graph holds is fixed: the batch size and
every constant but the learning rate, which is a tensor. Steps that do not fit it run as they would without.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from core.training.classification import ImageClassification

log = logging.getLogger("livetorch.graphed")

WARM_UP_STEPS = 3  # real steps on a side stream, in which libraries choose their kernels and make their workspaces


class GraphedStep:
    """Takes steps of ``task``: the first ones eagerly, later ones by replaying their graph."""

    def __init__(self, task: ImageClassification) -> None:
        self.task = task
        self.stream = torch.cuda.Stream()
        self.refused = False
        self.forget()

    def forget(self) -> None:
        """Something that the graph holds has changed: warm up and capture anew."""
        self.graph: torch.cuda.CUDAGraph | None = None
        self.batch: Tensor | None = None  # (B,) positions, where the graph reads them
        self.found: Tensor | None = None  # what the graph writes
        self.warm = 0

    def step(self, batch: Tensor) -> Tensor:
        """One step on ``batch``; returns what :meth:`ImageClassification.update` does."""
        if self.refused or len(batch) != min(self.task.config.batch_size, len(self.task.images)):
            return self.task.update(batch)  # the last batch of an epoch is smaller
        if self.warm < WARM_UP_STEPS:
            self.warm += 1
            return self._aside(batch)
        if self.graph is None:
            self._capture(batch)
        if self.graph is None or self.batch is None or self.found is None:
            return self.task.update(batch)
        self.batch.copy_(batch)
        self.graph.replay()
        return self.found.clone()

    def _aside(self, batch: Tensor) -> Tensor:
        self.stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self.stream):
            found = self.task.update(batch)
        torch.cuda.current_stream().wait_stream(self.stream)
        return found

    def _capture(self, batch: Tensor) -> None:
        """Record a step without taking it. A network that cannot be recorded is trained without a graph."""
        graph, held = torch.cuda.CUDAGraph(), batch.clone()
        self.task.optimizer.zero_grad()  # so that the gradients are made in the graph's own memory
        try:
            with torch.cuda.graph(graph):
                found = self.task.update(held)
        except RuntimeError:
            log.warning("this step cannot be a CUDA graph; it runs without", exc_info=True)
            self.refused = True
            return
        self.graph, self.batch, self.found = graph, held, found
