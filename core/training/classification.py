"""Pictures in, classes out: the task of the CNN page."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.config import RunConfig, check_editable
from core.datasets import DATASETS, load_dataset
from core.errors import ConfigError
from core.i18n import N_
from core.models import MODELS
from core.models.table import EVALUATION_BATCH, check_memory, checked_layers
from core.training.events import Edit, Started
from core.training.optimizers import OPTIMIZERS, set_constants
from core.training.task import versions

Batch = tuple[Tensor, Tensor]  # images (B, C, H, W), labels (B,)


class ImageClassification:
    """A classifier trained with cross-entropy; the whole data set lies on the device."""

    def __init__(self, config: RunConfig) -> None:
        """Build everything from ``config``. Draws the initial weights from torch's global generator."""
        if config.device == "cuda" and not torch.cuda.is_available():
            raise ConfigError("device", N_("This machine has no GPU that PyTorch can use. Choose the CPU."))
        layers = checked_layers(config)
        if config.device == "cpu":
            check_memory(config, layers)
        self.config = config
        self.data = load_dataset(config.dataset)
        # channels last: convolutions find the values of a pixel side by side, and evaluate twice as fast
        self.model = _build(config).to(config.device).to(memory_format=torch.channels_last)
        self.images, self.labels = self.data.train_images.to(config.device), self.data.train_labels.to(config.device)
        self.optimizer = OPTIMIZERS[config.optimizer.name](self.model.parameters(), config.optimizer)
        self.order = torch.Generator().manual_seed(config.seed)
        self.epochs_done, self.seen = 0, 0  # seen: pictures of the running epoch

    def started(self) -> Started:
        """Sizes of the run."""
        return Started(
            parameters=sum(parameter.numel() for parameter in self.model.parameters()),
            samples=len(self.images),
            total_steps=self.steps_left(),
            batch_size=self.config.batch_size,
            device=self.config.device,
            threads=self.config.threads,
            classes=self.data.classes,
            versions=versions(),
        )

    def batches(self, epoch: int) -> Iterator[Batch]:
        """The training set once, shuffled. The batch size may change on the way."""
        left = torch.randperm(len(self.images), generator=self.order)
        while len(left) > 0:
            batch, left = left[: self.config.batch_size], left[self.config.batch_size :]
            self.epochs_done, self.seen = epoch - 1, len(self.images) - len(left)
            yield self.images[batch], self.labels[batch]

    def training_step(self, batch: Batch) -> dict[str, float]:
        """One optimiser step on one batch; loss and accuracy are those before the update."""
        images, labels = batch
        logits = self.model(images)  # (B, classes)
        loss = F.cross_entropy(logits, labels)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        correct = (logits.argmax(1) == labels).sum().item()
        return {"loss": loss.item(), "accuracy": correct / len(labels)}

    @torch.no_grad()
    def evaluate(self) -> dict[str, float]:
        """Mean loss and accuracy over the validation pictures, without dropout."""
        self.model.eval()
        total, correct, count = 0.0, 0, len(self.data.validation_images)
        for start in range(0, count, EVALUATION_BATCH):
            images = self.data.validation_images[start : start + EVALUATION_BATCH].to(self.config.device)
            labels = self.data.validation_labels[start : start + EVALUATION_BATCH].to(self.config.device)
            logits = self.model(images)
            total += F.cross_entropy(logits, labels, reduction="sum").item()
            correct += int((logits.argmax(1) == labels).sum().item())
        self.model.train()
        return {"loss": total / count, "accuracy": correct / count}

    def apply(self, edit: Edit) -> None:
        """What :data:`core.config.EDITABLE` names can change; momentum and second moments are kept."""
        check_editable(self.config, edit.name)
        self.config = self.config.with_value(edit.name, edit.value)
        if edit.name.startswith("optimizer."):
            set_constants(self.optimizer, self.config.optimizer)
        for module in self.model.modules():
            if isinstance(module, nn.Dropout):
                module.p = self.config.model.dropout

    def steps_left(self) -> int:
        """Optimiser steps to the end at the present batch size."""
        size, whole = self.config.batch_size, len(self.images)
        begun = self.epochs_done + (self.seen > 0)
        rest = whole - self.seen if self.seen else 0
        return -(-rest // size) + (self.config.epochs - begun) * -(-whole // size)

    @property
    def progress(self) -> float:
        """Epochs trained so far."""
        return self.epochs_done + self.seen / len(self.images)

    @property
    def learning_rate(self) -> float:
        """The rate the next step will use."""
        return self.config.optimizer.learning_rate


def _build(config: RunConfig) -> torch.nn.Sequential:
    spec = DATASETS[config.dataset]
    module, function = MODELS[config.page].builder.split(":")
    model: torch.nn.Sequential = getattr(importlib.import_module(module), function)(
        config.model, spec.shape, len(spec.classes), editable=True
    )
    return model
