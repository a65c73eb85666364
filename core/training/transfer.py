"""The visitor's pictures in, their classes out: the task of the transfer page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from core.backbones.fits import origin
from core.config.transfer import TransferRunConfig
from core.models.transfer import TransferNet, make_network
from core.training.assessment import looking
from core.training.breaks import breathe
from core.training.changing import change
from core.training.checksum import checksum
from core.training.events import Edit, Started
from core.training.losses import LOSSES
from core.training.optimizers import make_optimizer, set_rate
from core.training.precision import autocast
from core.training.schedules import Plateau
from core.training.seeing import right_answers
from core.training.shuffled import Shuffled
from core.training.task import versions
from core.training.transfer_data import TransferData, load_transfer
from core.training.transfer_features import features_of, trained_on
from core.training.updates import UpdateMeter

PICTURES_AT_ONCE = 32  # through the whole network, when it is only asked


class Transfer(Shuffled):
    """A head on a frozen backbone, whose embeddings are computed once; or a network of which more than the head learns.

    ``model`` is what a step goes through: the head alone, or the whole network ``net``.
    """

    config: TransferRunConfig

    def __init__(self, config: TransferRunConfig) -> None:
        """Look at the pictures where that is done once, and build everything else.

        Raises :class:`ConfigError` for pictures or weights that are not here.
        """
        self.config, self.step = config, 0
        self.data: TransferData = load_transfer(config)
        self.classes = self.data.classes
        if config.mode != "head":
            self.data.keeps = len(self.data.labels)  # every epoch reads them all
        self.net = first_network(config, self.data)
        self.features = features_of(config, self.data) if config.looks_first else None
        self.inputs, self.places = self._examples()
        self.labels = self.data.labels[self.places].to(config.device)
        self.net.to(config.device)
        self.model: nn.Module = self.net.head if config.mode == "head" else self.net
        self.start = checksum(self.net)
        self.optimizer = make_optimizer(self.net.groups(config.decay), config.optimizer)
        self.plateau = Plateau(config.schedule)
        self.meter = UpdateMeter(learning_layers(self.model))
        self.mix, self.augmenter = self._disturbing()
        self.learned: Tensor | None = None  # the labels of the last step
        self.said: tuple[int, Tensor] | None = None  # step, and the probabilities of the validation pictures then
        self.begin_order()
        if config.mode == "head":
            torch.set_num_threads(1)  # a head is too small to be shared; on a busy machine threads wait for each other

    def _examples(self) -> tuple[Tensor | None, Tensor]:
        """Embeddings that are trained on, where they are, and the position of the picture of each example."""
        if self.features is None:
            return None, self.data.train
        rows, places = trained_on(self.config, self.data, self.features)
        standard: Any = self.net.head[0]
        standard.see(rows)
        if self.config.mode != "head":
            return None, self.data.train
        return rows.to(self.config.device), places

    def _disturbing(self) -> tuple[Any, Any]:
        """What mixes a batch, and what disturbs its pictures, where they go through the whole network."""
        if self.config.mode == "head" or self.config.recipe.empty:
            return None, None
        from core.augmentation.pipeline import Augmenter, mixer

        recipe, side = self.config.recipe, self.data.spec.side
        return mixer(recipe, len(self.classes)), Augmenter(recipe, (side, side)) if recipe.active else None

    @property
    def examples(self) -> int:
        """Training pictures, their disturbed versions among them."""
        return len(self.places)

    def started(self) -> Started:
        """Sizes of the run."""
        side = self.data.spec.side
        return Started(
            parameters=sum(value.numel() for value in self.net.parameters() if value.requires_grad),
            samples=self.examples,
            validation_samples=len(self.data.validation),
            total_steps=self.steps_left(),
            batch_size=self.config.batch_size,
            device=self.config.device,
            threads=self.config.threads,
            precision=self.config.precision,
            start=self.start,
            shape=(3, side, side),
            classes=self.data.classes,
            versions=versions() | {"torchvision": torchvision_version()} | origin(self.config),
        )

    def seen_by(self, batch: Tensor) -> tuple[Tensor, Tensor]:
        """What a step reads at the positions ``batch`` of the examples: embeddings or pictures, and labels.

        After MixUp or CutMix the labels are the classes' shares.
        """
        labels = self.labels[batch]
        if self.inputs is not None:
            return self.inputs[batch], labels
        pixels = self.stored(batch).to(self.config.device)
        if self.augmenter is not None:
            pixels = self.augmenter(pixels)
        images = self.data.normalised(pixels)
        if self.mix is not None:
            images, labels = self.mix(images, labels)
        return images, labels

    def stored(self, batch: Tensor) -> Tensor:
        """The pictures of the examples at ``batch``, (B, 3, S, S) uint8, undisturbed, on the CPU."""
        return self.data.stored(self.places[batch.cpu()].tolist())

    def training_step(self, batch: Tensor) -> dict[str, float]:
        """One optimiser step on one batch; loss and accuracy are those before the update."""
        rate = self.learning_rate
        set_rate(self.optimizer, rate)
        inputs, labels = self.seen_by(batch)
        self.learned = labels
        with autocast(self.config):
            logits = self.model(inputs)  # (B, classes)
        loss = LOSSES[self.config.loss.name](logits.float(), labels, self.config.loss.label_smoothing)
        self.optimizer.zero_grad()
        loss.backward()
        found = [loss.detach(), right_answers(logits, labels).float()]
        if self.config.clip_norm > 0:
            learning = [value for group in self.optimizer.param_groups for value in group["params"]]
            found.append(nn.utils.clip_grad_norm_(learning, self.config.clip_norm))
        with self.meter.measuring(self.step + 1):
            self.optimizer.step()
        self.step += 1
        total, correct, *norm = torch.stack(found).tolist()
        values = {"loss": total, "accuracy": correct / len(batch), "learning_rate": rate}
        return values | {"gradient_norm": norm[0]} if norm else values

    def evaluate(self) -> dict[str, float]:
        """Mean loss (without label smoothing) and accuracy over the validation pictures, without dropout."""
        logits = logits_of(self, self.data.validation.tolist(), breathe)
        labels = self.data.labels[self.data.validation]
        self.said = self.step, logits.softmax(1)
        loss = LOSSES[self.config.loss.name](logits, labels, 0.0).item()
        return {"loss": loss, "accuracy": (logits.argmax(1) == labels).sum().item() / len(labels)}

    def weights(self) -> dict[str, Tensor]:
        """The head, and whatever of the backbone has learned."""
        return self.net.state_dict()

    def about(self) -> dict[str, Any]:
        """What must be known to use the weights without this run."""
        return preprocessing(self.data)

    def networks(self) -> Mapping[str, nn.Module]:
        """What a step goes through."""
        return {"model": self.model}

    def optimizers(self) -> dict[str, Optimizer]:
        """One."""
        return {"optimizer": self.optimizer}

    @property
    def version(self) -> tuple[int, ...]:
        """Looks at answers change with every evaluation."""
        return (self.step, self.said[0] if self.said else -1)

    def apply(self, edit: Edit) -> None:
        """What EDITABLE of its config names can change; momentum and second moments are kept."""
        change(self, edit, self.net.head)


def first_network(config: TransferRunConfig, data: TransferData) -> TransferNet:
    """The network of a run before its first step, on the CPU."""
    return make_network(config, len(data.classes))


def logits_of(subject: Any, places: Sequence[int], between: Callable[[], None] = lambda: None) -> Tensor:
    """What the present network says of the pictures at ``places`` of the set, undisturbed: (n, classes) float32 on the CPU.

    ``subject``: a run of this page that is on or over. Embeddings that are known are not computed again.
    ``between`` is called before each batch that goes through the whole network.
    """
    config, net = subject.config, subject.net
    with looking(net):
        if config.mode == "head":
            found: Tensor = net.head(subject.features[list(places)].to(config.device))
            return found.float().cpu()
        said = []
        for at in range(0, len(places), PICTURES_AT_ONCE):
            between()
            said.append(_said(subject, subject.data.stored(places[at : at + PICTURES_AT_ONCE])))
    return torch.cat(said) if said else torch.empty(0, len(subject.data.classes))


def _said(subject: Any, pixels: Tensor) -> Tensor:
    with autocast(subject.config):
        logits: Tensor = subject.net(subject.data.normalised(pixels.to(subject.config.device)))
    return logits.float().cpu()


def learning_layers(model: nn.Module) -> list[tuple[str, nn.Module]]:
    """Names and modules of the layers that own weights which are trained."""
    return [
        (name, module)
        for name, module in model.named_modules()
        if any(value.requires_grad for value in module.parameters(recurse=False))
    ]


def preprocessing(data: TransferData) -> dict[str, Any]:
    """How a picture has to be prepared for the network, JSON-ready."""
    spec = data.spec
    return {
        "backbone": spec.name,
        "resize": spec.resize,
        "crop": spec.side,
        "interpolation": "bicubic" if spec.bicubic else "bilinear",
        "mean": list(spec.mean),
        "std": list(spec.std),
    }


def torchvision_version() -> str:
    """On it, too, the last digits depend."""
    import torchvision

    return str(torchvision.__version__)
