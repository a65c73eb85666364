"""Networks put around the one that is explained, so that they read what is explained and put out scores alone."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from core.models.gan import classes_of, given_to_discriminator


class Joined(nn.Module):
    """A network given only what is explained; the rest of its input (a class it is told) stays as it is."""

    def __init__(self, network: nn.Module, rest: Tensor | None, flat: bool = False) -> None:
        super().__init__()
        self.network, self.rest, self.flat = network, rest, flat

    def forward(self, x: Tensor) -> Tensor:
        """(B, ...) -> what the network says"""
        given = x.flatten(1) if self.flat else x
        if self.rest is not None:
            given = torch.cat([given, self.rest.expand(len(x), *self.rest.shape[1:])], 1)
        said: Tensor = self.network(given)
        return said


class AtStep(nn.Module):
    """A network that answers after every step, asked for one answer."""

    def __init__(self, network: nn.Module, step: int) -> None:
        super().__init__()
        self.network, self.step = network, step

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, ...) -> (B, K)"""
        said: Tensor = self.network(x)[:, self.step]
        return said


class Judged(nn.Module):
    """A generator followed by its discriminator: noise -> the sample's coordinates, in the plane, and its score."""

    def __init__(self, generator: nn.Module, discriminator: nn.Module, config: Any) -> None:
        super().__init__()
        self.generator, self.discriminator, self.config = generator, discriminator, config

    def forward(self, x: Tensor) -> Tensor:
        """(B, latent + classes) -> (B, 3) in the plane, (B, 1) otherwise"""
        made = self.generator(x)
        told = x[:, -classes_of(self.config) :].argmax(1) if classes_of(self.config) else None
        score: Tensor = self.discriminator(given_to_discriminator(self.config, made, told))
        return torch.cat([made, score], 1) if self.config.in_plane else score


class Band(nn.Module):
    """A network given some rows of a picture; the others stay."""

    def __init__(self, model: nn.Module, picture: Tensor, top: int, bottom: int) -> None:
        super().__init__()
        self.model, self.above, self.below = model, picture[:, :, :top], picture[:, :, bottom:]

    def forward(self, band: Tensor) -> Tensor:
        """(B, C, rows, W) -> scores"""
        above, below = (part.expand(len(band), -1, -1, -1) for part in (self.above, self.below))
        said: Tensor = self.model(torch.cat([above, band, below], 2))
        return said
