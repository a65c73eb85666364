"""A run of the transfer page: a network that somebody trained on other pictures is taught the visitor's own classes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from core.config.augmentation import RecipeConfig
from core.config.rnn import SHA256
from core.config.run import OPTIMIZER_EDITS, STOP_EDITS, RunConfig
from core.config.training import OPTIMIZERS, LossConfig, OptimizerConfig
from core.errors import ConfigError
from core.i18n import N_
from core.settings import setting, validate

# name -> title, of core.backbones.registry, which stands above this package; a test holds them together
BACKBONES = {
    "mobilenet_v2": "MobileNetV2",
    "mobilenet_v3_small": "MobileNetV3 small",
    "squeezenet1_0": "SqueezeNet 1.0",
    "squeezenet1_1": "SqueezeNet 1.1",
    "resnet18": "ResNet-18",
    "resnet50": "ResNet-50",
    "efficientnet_b0": "EfficientNet-B0",
    "convnext_tiny": "ConvNeXt tiny",
    "vit_b_16": "ViT-B/16",
    "densenet121": "DenseNet-121",
    "googlenet": "GoogLeNet",
    "alexnet": "AlexNet",
    "vgg11_bn": "VGG-11 with batch norm",
    "formula": N_("Formula pictures (offline)"),
}
MODES = {
    "head": N_("Frozen: only a new head"),
    "finetune": N_("Fine-tuned: the last blocks too"),
    "scratch": N_("From scratch: everything, from random weights"),
}


@dataclass(frozen=True)
class HeadConfig:
    """What is put behind the backbone to tell the classes apart."""

    hidden: int = setting(
        0,
        N_("Hidden units"),
        N_(
            "Units of a hidden layer with ReLU between the backbone and the classes; 0: none, so the head is linear. Linear: logits = W x + b. Typical: 0; 32-256 where classes mix."
        ),
        minimum=0,
        maximum=1024,
        step=16,
    )
    dropout: float = setting(
        0.0,
        N_("Dropout"),
        N_(
            "Share of the numbers before the last layer that are set to 0 at random in each step. The others are divided by 1 - p. Typical: 0; 0.2-0.5 with few pictures."
        ),
        minimum=0.0,
        maximum=0.9,
        step=0.05,
    )

    def __post_init__(self) -> None:
        validate(self)


@dataclass(frozen=True)
class SplitConfig:
    """Which pictures are held back to check on."""

    validation_share: float = setting(
        0.25,
        N_("Held-out share"),
        N_(
            "Share of the pictures of each class that are not trained on, to check on. Held out: round(share x pictures), at least one of each class. Typical: 0.2-0.3."
        ),
        minimum=0.05,
        maximum=0.8,
        step=0.05,
    )
    seed: int = setting(
        0,
        N_("Split"),
        N_(
            "Which pictures are held out. Another number, another choice; a picture whose class is mended stays on its side. Copies of one picture are always on the same side. Any whole number."
        ),
        minimum=0,
        maximum=2**31 - 1,
        step=1,
    )

    def __post_init__(self) -> None:
        validate(self)


@dataclass(frozen=True)
class TransferRunConfig(RunConfig):
    """A classifier of the visitor's own pictures on top of a backbone."""

    EDITABLE: ClassVar[tuple[str, ...]] = (
        *OPTIMIZER_EDITS,
        "batch_size",
        "clip_norm",
        "loss.label_smoothing",
        "model.dropout",
        *STOP_EDITS,
    )

    page: str = setting("transfer", N_("Page"), N_("The page that made this run."), choices={"transfer": "Transfer"})
    pictures: str = setting(
        "",
        N_("Pictures"),
        N_(
            "Fingerprint of the labelled pictures the network learns from; without one, the drawn shapes that come along."
        ),
    )
    backbone: str = setting(
        "mobilenet_v2",
        N_("Backbone"),
        N_(
            "The network that turns a picture into numbers, trained by others on 1.3 million photos of 1,000 things (ImageNet), or by us on pictures made by formula. Typical: MobileNetV2, which is small and quick."
        ),
        choices=BACKBONES,
    )
    pretrained: bool = setting(
        True,
        N_("Pretrained weights"),
        N_(
            "Begin with what the backbone has learned from other pictures. Off: with random weights, to see what that is worth. Typical: on."
        ),
    )
    mode: str = setting(
        "head",
        N_("What is trained"),
        N_(
            "Frozen: the backbone looks at each picture once, then a new head learns in seconds. Fine-tuned: the last blocks learn too, at lower rates. From scratch: all weights begin random, as if nobody had trained before. Typical: frozen; fine-tuned for the last per cent."
        ),
        choices=MODES,
    )
    blocks: int = setting(
        1,
        N_("Blocks that learn too"),
        N_(
            "How many blocks of the backbone, counted from its output, are trained with the head when it is fine-tuned. Typical: 1-3."
        ),
        minimum=1,
        maximum=16,
        step=1,
    )
    decay: float = setting(
        0.1,
        N_("Rate from block to block"),
        N_(
            "What the learning rate is multiplied by for each block further from the output: the first layers see edges, which need little change. Rate of block i: lr x decay^i. Typical: 0.1-0.5."
        ),
        minimum=0.001,
        maximum=1.0,
        step=0.05,
    )
    draws: int = setting(
        4,
        N_("Versions of each picture"),
        N_(
            "With a frozen backbone and an augmentation recipe: how many disturbed versions of each training picture it looks at, beside the picture itself. Each takes as long as a picture. Typical: 2-8."
        ),
        minimum=1,
        maximum=16,
        step=1,
    )
    data: SplitConfig = field(default_factory=SplitConfig)
    recipe: RecipeConfig = setting(  # noqa: RUF009 - frozen, so one default serves all
        RecipeConfig(),
        N_("Augmentation recipe"),
        N_(
            "Transforms of torchvision that disturb the training pictures; validation pictures stay as they are. Built on the augmentation page. Typical: flips, crops and colour for photos."
        ),
    )
    model: HeadConfig = field(default_factory=HeadConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    optimizer: OptimizerConfig = field(default_factory=lambda: OptimizerConfig(learning_rate=0.001, weight_decay=0.05))
    batch_size: int = setting(
        16,
        N_("Batch size"),
        N_(
            "Pictures per optimiser step. Steps per epoch: ceil(pictures / batch size). Small is noisy, large is smooth. Typical: 8-64."
        ),
        minimum=1,
        maximum=512,
        step=1,
    )
    epochs: int = setting(
        30,
        N_("Epochs"),
        N_(
            "How often all training pictures are seen. Steps: epochs x steps per epoch. Typical: 20-50 frozen, 5-10 fine-tuned."
        ),
        minimum=1,
        maximum=200,
        step=1,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.pictures and not (isinstance(self.pictures, str) and SHA256.fullmatch(self.pictures)):
            raise ConfigError("pictures", N_("The link names pictures that cannot be. Choose the pictures again."))
        if self.mode == "head" and self.recipe.batch != "none":
            raise ConfigError(
                "mode",
                N_(
                    "MixUp and CutMix mix the pictures of a batch, but a frozen backbone looks at each picture once, before the training. Take them out of the recipe, or fine-tune."
                ),
            )

    @property
    def looks_first(self) -> bool:
        """Whether the backbone looks at all pictures before the first step."""
        return self.mode != "scratch"

    @property
    def title(self) -> str:
        """``MobileNetV2 frozen, Adam 0.003``."""
        mode = {"head": "frozen", "finetune": f"{self.blocks} blocks tuned", "scratch": "from scratch"}[self.mode]
        random = "" if self.pretrained or self.mode == "scratch" else " random"
        return f"{BACKBONES[self.backbone]}{random} {mode}, {OPTIMIZERS[self.optimizer.name]} {self.optimizer.learning_rate:g}"
