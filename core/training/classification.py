"""Pictures in, classes out: the task of the CNN page."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from core.config import CNNRunConfig
from core.datasets import load_data, spec_of
from core.models.cnn import build, layer_specs, named_leaves
from core.models.table import EVALUATION_BATCH, check_memory, checked_layers
from core.training.assessment import Assessment
from core.training.breaks import breathe
from core.training.changing import change
from core.training.checksum import checksum
from core.training.events import Edit, Started
from core.training.graphed import GraphedStep
from core.training.losses import LOSSES
from core.training.optimizers import GRAPHED, make_optimizer, set_rate
from core.training.precision import autocast
from core.training.schedules import Plateau
from core.training.seeing import Seeing, right_answers
from core.training.shuffled import Shuffled
from core.training.task import versions
from core.training.updates import UpdateMeter

GPU_EVALUATION_BATCH = 2048  # a GPU wants large pieces


class ImageClassification(Shuffled):
    """A classifier; the whole data set lies on the device as bytes."""

    config: CNNRunConfig

    def __init__(self, config: CNNRunConfig) -> None:
        """Build everything from ``config``. Draws the initial weights from torch's global generator.

        Raises :class:`ConfigError` for a network or batch that cannot be, and for data that are not there.
        """
        layers = checked_layers(config)
        if config.device == "cpu":
            check_memory(config, layers)
        self.config, self.step = config, 0
        self.data = load_data(config)
        self.classes = self.data.classes
        # channels last: convolutions find the values of a pixel side by side, and evaluate twice as fast
        self.model = _build(config).to(config.device).to(memory_format=torch.channels_last)
        self.start = checksum(self.model)
        self.images, self.labels = self.data.train_images.to(config.device), self.data.train_labels.to(config.device)
        self.seeing = Seeing(config, self.data)
        graphs = config.device == "cuda" and config.optimizer.name in GRAPHED and not self.seeing.on_cpu
        self.graphed = GraphedStep(self) if graphs else None
        rate_on = config.device if self.graphed is not None else None
        self.optimizer = make_optimizer(self.model.parameters(), config.optimizer, rate_on)
        self.averaged = _averaged(self.model, config.ema_decay)
        self.plateau = Plateau(config.schedule)
        self.meter = UpdateMeter(self._named_layers())
        self.assessment: Assessment | None = None
        self.begin_order()

    @property
    def examples(self) -> int:
        """The training pictures."""
        return len(self.images)

    @property
    def evaluated(self) -> nn.Module:
        """The network that validates: the averaged weights where there are any."""
        averaged: nn.Module = self.averaged.module if self.averaged is not None and self.step else self.model
        return averaged

    def started(self) -> Started:
        """Sizes of the run."""
        return Started(
            parameters=sum(parameter.numel() for parameter in self.model.parameters()),
            samples=len(self.images),
            validation_samples=len(self.data.validation_images),
            total_steps=self.steps_left(),
            batch_size=self.config.batch_size,
            device=self.config.device,
            threads=self.config.threads,
            precision=self.config.precision,
            start=self.start,
            shape=spec_of(self.config).shape,
            classes=self.data.classes,
            versions=versions(),
        )

    def pictures(self, batch: Tensor) -> tuple[Tensor, Tensor]:
        """What the network sees at the positions of ``batch``; see :meth:`Seeing.batch`."""
        return self.seeing.batch(self.images[batch], self.labels[batch])

    def training_step(self, batch: Tensor) -> dict[str, float]:
        """One optimiser step on one batch; loss and accuracy are those before the update."""
        rate = self.learning_rate
        set_rate(self.optimizer, rate)
        # a graph has no place to measure in
        take = self.update if self.graphed is None or self.meter.wanted else self.graphed.step
        found = take(batch)
        if self.averaged is not None:
            self.averaged.update_parameters(self.model)
        self.step += 1
        loss, correct, *norm = found.tolist()
        values = {"loss": loss, "accuracy": correct / len(batch), "learning_rate": rate}
        return values | {"gradient_norm": norm[0]} if norm else values

    def update(self, batch: Tensor) -> Tensor:
        """Forward, backward, optimiser step; (loss, right answers, perhaps gradient norm) as one tensor on the device."""
        images, labels = self.pictures(batch)
        with autocast(self.config):
            logits = self.model(images)  # (B, classes)
        loss = LOSSES[self.config.loss.name](logits.float(), labels, self.config.loss.label_smoothing)
        self.optimizer.zero_grad()
        loss.backward()
        found = [loss.detach(), right_answers(logits, labels).float()]
        if self.config.clip_norm > 0:
            found.append(nn.utils.clip_grad_norm_(self.model.parameters(), self.config.clip_norm))
        with self.meter.measuring(self.step + 1):
            self.optimizer.step()
        return torch.stack(found)

    @torch.no_grad()
    def evaluate(self) -> dict[str, float]:
        """Mean loss (without label smoothing) and accuracy over the validation pictures, without dropout."""
        model, loss = self.evaluated, LOSSES[self.config.loss.name]
        model.eval()
        size = EVALUATION_BATCH if self.config.device == "cpu" else GPU_EVALUATION_BATCH
        losses, predicted, confidence = [], [], []
        parts = zip(self.data.validation_images.split(size), self.data.validation_labels.split(size), strict=True)
        for images, labels in parts:
            breathe()
            pictures = self.data.normalised(images.to(self.config.device))
            with autocast(self.config):
                logits = model(pictures.contiguous(memory_format=torch.channels_last)).float()
            losses.append(loss(logits, labels.to(self.config.device), 0.0) * len(labels))
            surest = logits.softmax(1).max(1)
            predicted.append(surest.indices)
            confidence.append(surest.values)
        model.train()
        self.assessment = Assessment(self.step, torch.cat(predicted).cpu(), torch.cat(confidence).cpu())
        count = len(self.data.validation_labels)
        total = torch.stack(losses).double().sum().item() / count
        correct = (self.assessment.predicted == self.data.validation_labels).sum().item()
        return {"loss": total, "accuracy": correct / count}

    def weights(self) -> dict[str, Tensor]:
        """The state of the network that validates."""
        return self.evaluated.state_dict()

    def networks(self) -> dict[str, nn.Module]:
        """The trained network and its running average."""
        return {"model": self.model} | ({"averaged": self.averaged} if self.averaged is not None else {})

    def optimizers(self) -> dict[str, Optimizer]:
        """One."""
        return {"optimizer": self.optimizer}

    @property
    def version(self) -> tuple[int, ...]:
        """Looks at answers change with every assessment."""
        return (self.step, self.assessment.step if self.assessment else -1)

    def apply(self, edit: Edit) -> None:
        """What EDITABLE of its config names can change; momentum and second moments are kept."""
        change(self, edit, self.model)
        if self.graphed is not None and edit.name != "optimizer.learning_rate":
            self.graphed.forget()

    def _named_layers(self) -> list[tuple[str, nn.Module]]:
        spec = spec_of(self.config)
        layers = layer_specs(self.config.model, spec.shape, len(spec.classes), editable=True)
        return named_leaves(self.model, layers)


def _averaged(model: nn.Module, decay: float) -> AveragedModel | None:
    """A running average of the weights (Polyak and Juditsky, 1992; exponential as in Tarvainen and Valpola, 2017)."""
    return AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay)) if decay else None


def _build(config: CNNRunConfig) -> nn.Sequential:
    spec = spec_of(config)
    return build(config.model, spec.shape, len(spec.classes), editable=True)
