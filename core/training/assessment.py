"""What a network says of the validation pictures, found without leaving a trace in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.datasets.images import ImageData
from core.models.table import EVALUATION_BATCH


@dataclass(frozen=True)
class Assessment:
    """The answers to all validation pictures at one step. Tensors lie on the CPU."""

    step: int
    predicted: Tensor  # (M,) int64, the most probable class
    confidence: Tensor  # (M,) float32, its probability


@contextmanager
def looking(model: nn.Module) -> Iterator[None]:
    """Evaluation mode and no gradients inside; afterwards every layer is in the mode it was in."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for module, training in modes:
            module.training = training


def probabilities(model: nn.Module, data: ImageData, images: Tensor, device: str) -> Tensor:
    """Probability of each class, (n, classes) float32 on the CPU, for stored pictures (n, C, H, W) uint8.

    Plain float32 whatever the precision of the run: a bfloat16 softmax would show steps of a per cent.
    """
    with looking(model):
        pictures = data.normalised(images.to(device)).contiguous(memory_format=torch.channels_last)
        logits: Tensor = model(pictures)
    return logits.float().softmax(1).cpu()


def assess(model: nn.Module, data: ImageData, device: str, step: int) -> Assessment:
    """The answers of ``model`` (on ``device``) to all validation pictures, taken at ``step``."""
    surest = [
        probabilities(model, data, images, device).max(1) for images in data.validation_images.split(EVALUATION_BATCH)
    ]
    return Assessment(step, torch.cat([part.indices for part in surest]), torch.cat([part.values for part in surest]))
