"""A small classifier of real pictures, trained here, that says what generated ones show, or that they show nothing.

Trained on real pictures alone, it would be more than 80 % sure of four in ten pictures of pure noise.
"""

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
        """(n, classes) float32 on the CPU for pictures (n, C, H, W) from -1 to 1 on any device.

        What a row lacks to 1 is the probability that the picture shows nothing.
        """
        with torch.no_grad():
            scores: Tensor = self.model(pictures.cpu())
        return scores.softmax(1)[:, :-1]


def nothing(pictures: Tensor) -> Tensor:
    """As many pictures (n, C, H, W) that show nothing: their pixels in another order, and clouds of noise in turn."""
    count, channels, height, width = pictures.shape
    places = torch.rand(count, 1, height * width).argsort(2).expand(-1, channels, -1)
    mixed = pictures.flatten(2).gather(2, places).view_as(pictures)
    small = torch.randn(count, channels, (height + 1) // 2, (width + 1) // 2)
    clouds = F.interpolate((2 * torch.rand(count, 1, 1, 1) * small).tanh(), (height, width), mode="bilinear")
    return torch.where(torch.arange(count).view(-1, 1, 1, 1) % 2 == 0, mixed, clouds)


def train_judge(pictures: Tensor, labels: Tensor, classes: int) -> nn.Module:
    """A classifier of ``pictures`` (n, C, H, W) float32 from -1 to 1; always the same, and no random number is used up.

    Its last output means that a picture shows nothing. About 12 passes over 1,437 pictures, fewer over more, with Adam;
    with every four pictures one of nothing.
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
            nn.Linear(64, classes + 1),
        )
        model(pictures[:2])  # tells the first dense layer its size
        optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
        for _epoch in range(epochs):
            for batch in torch.randperm(len(pictures)).split(64):
                empty = nothing(pictures[batch[::4]])
                shown = torch.cat([labels[batch], torch.full((len(empty),), classes)])
                loss = F.cross_entropy(model(torch.cat([pictures[batch], empty])), shown)
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
