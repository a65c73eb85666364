"""The offline backbone: a small residual network (He et al., 2015) that is trained on pictures made by formula."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn

WIDTHS = (24, 32, 64, 128, 192)  # channels of the stem and of the four blocks behind it
STRIDES = (2, 2, 2, 1)  # of the blocks
POOLED = 3  # so many blocks, from the last, give features
FEATURES = 3 * sum(WIDTHS[-POOLED:])
MIDDLE = 0.4  # deviation of the bell that weighs a picture's middle, as a share of half its side
EPSILON = 1e-4  # the root of a variance of nought has no slope
MEAN, STD = (0.45, 0.45, 0.45), (0.25, 0.25, 0.25)  # pictures (0 to 1) are normalised with these


class FormulaBlock(nn.Module):
    """Two 3 x 3 convolutions and a shortcut around them; ``stride`` 2 halves the sides."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """(B, inputs, H, W) -> (B, outputs, H / stride, W / stride)."""
        inner = torch.relu_(self.norm1(self.conv1(x)))
        return torch.relu_(self.norm2(self.conv2(inner)) + self.shortcut(x))


def middle_weights(rows: int, columns: int, like: Tensor) -> Tensor:
    """Weights (rows, columns) of a bell around the middle, which sum to 1, on the device of ``like``."""
    bells = [
        torch.exp(-0.5 * (torch.linspace(-1, 1, count, device=like.device, dtype=like.dtype) / MIDDLE) ** 2)
        for count in (rows, columns)
    ]
    down, across = (bell / bell.sum() for bell in bells)
    return down[:, None] * across


class FormulaNet(nn.Module):
    """Stem (stride 2) and four residual blocks, which put a picture into 1/16 of its sides; 0.88 million weights."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, WIDTHS[0], 3, 2, 1, bias=False), nn.BatchNorm2d(WIDTHS[0]), nn.ReLU(inplace=True)
        )
        self.blocks = nn.ModuleList(
            FormulaBlock(inputs, outputs, stride)
            for (inputs, outputs), stride in zip(pairwise(WIDTHS), STRIDES, strict=True)
        )
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")

    def maps(self, images: Tensor) -> list[Tensor]:
        """What each of the four blocks makes of pictures (B, 3, S, S), the last one (B, 192, S / 16, S / 16)."""
        x, outputs = self.stem(images), []
        for block in self.blocks:
            x = block(x)
            outputs.append(x)
        return outputs

    def features(self, images: Tensor) -> Tensor:
        """Normalised pictures (B, 3, S, S) of any side from 17 -> (B, F).

        Of the last three blocks' maps: means over the places, means that count the middle more, where a photo mostly
        has its thing, and how much a map varies over the places.
        """
        return self.pooled(self.maps(images))

    def pooled(self, maps: list[Tensor]) -> Tensor:
        """Features (B, F) of the maps of all blocks, in single precision."""
        maps = [block.float() for block in maps[-POOLED:]]
        means = [block.mean((2, 3)) for block in maps]
        middles = [(block * middle_weights(block.shape[2], block.shape[3], block)).sum((2, 3)) for block in maps]
        varied = [(block.var((2, 3), correction=0) + EPSILON).sqrt() for block in maps]
        return torch.cat([*means, *middles, *varied], 1)

    def forward(self, images: Tensor) -> Tensor:
        """The same as :meth:`features`."""
        return self.features(images)

    def stages(self) -> list[list[nn.Module]]:
        """Modules that are unfrozen together in fine-tuning, from the output to the input."""
        return [*([block] for block in reversed(cast(list[nn.Module], list(self.blocks)))), [self.stem]]
