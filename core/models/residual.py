"""A residual unit (He et al., 2015): what its layers make of the input is added to the input."""

from __future__ import annotations

from torch import Tensor, nn


class Residual(nn.Module):
    """y = body(x) + shortcut(x); an empty shortcut passes x on, so gradients have a way without weights."""

    def __init__(self, body: nn.Sequential, shortcut: nn.Sequential) -> None:
        super().__init__()
        self.body = body
        self.shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> what both ways hand on, of equal shape."""
        y: Tensor = self.body(x) + self.shortcut(x)
        return y
