"""A small classifier of real pictures, trained here, that says what generated ones show."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.datasets import load_dataset

EXAMPLES = 12_000  # that it learns from at most
HELD = 2_000  # real pictures it is tried on at most


@dataclass(frozen=True)
class Judge:
    """The classifier, on the CPU and in evaluation mode."""

    model: nn.Module
    accuracy: float  # on real pictures it has not seen
    seconds: float  # that its training took

    def probabilities(self, pictures: Tensor) -> Tensor:
        """(n, classes) float32 on the CPU for pictures (n, C, H, W) from -1 to 1 on any device."""
        with torch.no_grad():
            scores: Tensor = self.model(pictures.cpu())
        return scores.softmax(1)


def train_judge(pictures: Tensor, labels: Tensor, classes: int) -> nn.Module:
    """A classifier of ``pictures`` (n, C, H, W) float32 from -1 to 1; always the same, and no random number is used up.

    About 12 passes over 1,437 pictures, fewer over more, with Adam.
    """
    epochs, channels, height = max(2, 18_000 // len(pictures)), pictures.shape[1], pictures.shape[2]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = nn.Sequential(
            nn.Conv2d(channels, 16, 3, stride=1 if height < 16 else 2, padding=1),
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.LazyLinear(64),
            nn.ReLU(),
            nn.Linear(64, classes),
        )
        model(pictures[:2])  # tells the first dense layer its size
        optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
        for _epoch in range(epochs):
            for batch in torch.randperm(len(pictures)).split(64):
                loss = F.cross_entropy(model(pictures[batch]), labels[batch])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
    return model.eval()


@lru_cache(maxsize=2)
def judge(dataset: str) -> Judge:
    """The judge of a data set; trained once in a process and remembered. Raises :class:`ConfigError` without its files."""
    data = load_dataset(dataset)
    began = time.perf_counter()
    with torch.enable_grad():
        model = train_judge(
            data.train_images[:EXAMPLES].float() / data.scale * 2 - 1, data.train_labels[:EXAMPLES], len(data.classes)
        )
    made = Judge(model, 0.0, time.perf_counter() - began)
    held = data.validation_images[:HELD].float() / data.scale * 2 - 1
    right = (made.probabilities(held).argmax(1) == data.validation_labels[:HELD]).double().mean().item()
    return Judge(model, right, made.seconds)
