"""From stored pictures to what a network sees: augmented, normalised, perhaps mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from core.training.augmentation import augment

if TYPE_CHECKING:
    from core.config import CNNRunConfig
    from core.datasets.images import ImageData


class Seeing:
    """The pictures of a run's batches. What a recipe draws comes from torch's global CPU generator."""

    def __init__(self, config: CNNRunConfig, data: ImageData) -> None:
        self.data, self.old = data, config.data.augmentation
        self.on_cpu = not config.recipe.empty  # such draws have no place in a CUDA graph
        self.labels = torch.empty(0, dtype=torch.int64)  # of the last batch, as its loss took them
        self.augmenter: Any = None
        self.mix: Any = None
        if self.on_cpu:
            # imported for those who need it: torchvision costs a run its first second
            from core.augmentation.pipeline import Augmenter, mixer

            height, width = data.train_images.shape[-2:]
            self.augmenter = Augmenter(config.recipe, (height, width)) if config.recipe.active else None
            self.mix = mixer(config.recipe, len(data.classes))

    def disturbed(self, images: Tensor) -> Tensor:
        """Stored pictures (B, C, H, W) after every transform, still in stored units; uint8, or float32 after a recipe."""
        images = augment(images, self.old)
        if self.augmenter is None:
            return images
        made: Tensor = self.augmenter(self.data.pixels(images))
        return made if self.data.scale == 255 else made.float() * (self.data.scale / 255)

    def batch(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Normalised pictures (B, C, H, W) and labels (B,); after MixUp or CutMix the classes' shares (B, classes)."""
        images = self.data.normalised(self.disturbed(images))
        if self.mix is not None:
            images, labels = self.mix(images, labels)
        self.labels = labels
        return images.contiguous(memory_format=torch.channels_last), labels

    def shown(self, images: Tensor) -> Tensor:
        """What a network is given, (B, C, H, W) normalised, as bytes from 0 to 255 again, on the CPU."""
        stored = images.detach().float().cpu() * self.data.std + self.data.mean
        return (stored * (255 / self.data.scale)).round().clamp(0, 255).to(torch.uint8)


def right_answers(logits: Tensor, labels: Tensor) -> Tensor:
    """How many of ``logits`` (B, classes) name their picture's class; of a mixed picture the one with the larger share."""
    true = labels.argmax(1) if labels.dim() == 2 else labels
    return (logits.argmax(1) == true).sum()
