"""A backbone with a head that tells the visitor's classes apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from core.backbones.load import Backbone
from core.config.transfer import HeadConfig, TransferRunConfig

LEAST_DEVIATION = 1e-6  # of a number that tells pictures apart at all


class Standardize(nn.Module):
    """(x - mean) / deviation, number by number, as found over the training pictures; fixed afterwards."""

    mean: Tensor
    std: Tensor

    def __init__(self, features: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("std", torch.ones(features))

    def see(self, features: Tensor) -> None:
        """Take mean and deviation of ``features`` (N, F); a number that is the same for all stays 0."""
        values = features.double()
        deviation = values.std(0, correction=0)
        self.mean.copy_(values.mean(0))
        self.std.copy_(torch.where(deviation > LEAST_DEVIATION, deviation, torch.ones_like(deviation)))

    def forward(self, x: Tensor) -> Tensor:
        """(B, F) -> (B, F)"""
        return (x - self.mean) / self.std


def make_head(config: HeadConfig, features: int, classes: int) -> nn.Sequential:
    """Embeddings (B, features) -> logits (B, classes). Draws its weights from torch's global generator."""
    layers: list[nn.Module] = [Standardize(features)]
    if config.hidden:
        layers += [nn.Linear(features, config.hidden), nn.ReLU()]
    layers += [nn.Dropout(config.dropout), nn.Linear(config.hidden or features, classes)]
    return nn.Sequential(*layers)


class TransferNet(nn.Module):
    """Backbone and head. Its state dict holds what training changes; the rest follows from the backbone's weights.

    Frozen layers stay in evaluation mode, so that batch norms keep what they have learned from millions of pictures;
    those of a fine-tuned block do so, too: a handful of pictures would only spoil it.
    """

    def __init__(self, backbone: Backbone, head: nn.Sequential, mode: str, blocks: int) -> None:
        super().__init__()
        self.backbone, self.head = backbone.model, head
        self.shipped, self.mode = backbone.spec.shipped, mode
        stages = backbone.stages()
        self.blocks = [] if mode == "head" else stages[:blocks] if mode == "finetune" else stages
        learning = {id(parameter) for block in self.blocks for parameter in block}
        for parameter in self.backbone.parameters():
            parameter.requires_grad_(id(parameter) in learning)
        self.kept = {name for name, value in self.named_parameters() if value.requires_grad}
        if mode == "scratch":
            self.kept |= {name for name, _value in self.named_buffers()}
        self.kept |= {f"head.{name}" for name, _value in head.named_buffers()}

    def forward(self, x: Tensor) -> Tensor:
        """Normalised pictures (B, 3, S, S) -> logits (B, classes)"""
        logits: Tensor = self.head(self.embedded(x))
        return logits

    def embedded(self, x: Tensor) -> Tensor:
        """Normalised pictures (B, 3, S, S) -> (B, features)"""
        return self._body(self.backbone)(x)

    def quick_embedder(self) -> Callable[[Tensor], Tensor]:
        """As :meth:`embedded`, of the present weights: a copy that is quicker and cannot be trained."""
        from core.backbones.fused import quick

        return self._body(quick(self.backbone))

    def _body(self, backbone: Any) -> Callable[[Tensor], Tensor]:
        found: Callable[[Tensor], Tensor] = backbone.features if self.shipped else backbone
        return found

    def train(self, mode: bool = True) -> TransferNet:
        """Training mode of the head; of the backbone only where all of it begins at random."""
        super().train(mode)
        if self.mode != "scratch":
            self.backbone.eval()
        return self

    def state_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        """What training changes, by the names of the whole network."""
        whole = super().state_dict(*args, **kwargs)
        return {name: value for name, value in whole.items() if name in self.kept}

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False) -> Any:
        """Takes what :meth:`state_dict` gave. Raises ``RuntimeError`` where names or shapes are others."""
        if strict and set(state_dict) != self.kept:
            raise RuntimeError(f"not the weights of this network: {sorted(set(state_dict) ^ self.kept)[:3]}")
        return super().load_state_dict(state_dict, strict=False, assign=assign)

    def groups(self, decay: float) -> list[dict[str, Any]]:
        """Parameters for an optimiser, from the head to the first block that learns: each at ``decay`` x the rate before."""
        groups = [list(self.head.parameters()), *self.blocks]
        scales = [1.0 if self.mode == "scratch" else decay**depth for depth in range(len(groups))]
        return [{"params": group, "scale": scale} for group, scale in zip(groups, scales, strict=True) if group]


def make_network(config: TransferRunConfig, classes: int) -> TransferNet:
    """The network of a run with its first weights. The head's are drawn from torch's global generator.

    Raises :class:`core.errors.ConfigError` where the backbone's weights are not on this machine.
    """
    from core.backbones.load import load_backbone

    if config.mode == "scratch":
        backbone = load_backbone(config.backbone, pretrained=False, seed=config.seed)
    else:
        backbone = load_backbone(config.backbone, config.pretrained)
    head = make_head(config.model, backbone.spec.features, classes)
    net = TransferNet(backbone, head, config.mode, config.blocks)
    net.train()
    return net
