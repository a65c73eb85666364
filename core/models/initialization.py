"""Where learning starts: the ways to draw initial weights."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from torch import Tensor, nn
from torch.nn import init

# Name in core.config.INITIALIZATIONS -> what fills a weight in place; "default" leaves what torch drew.
INITIALIZERS: dict[str, Callable[[Tensor], Any]] = {
    "kaiming": partial(init.kaiming_normal_, mode="fan_in", nonlinearity="relu"),  # He et al., 2015
    "xavier": init.xavier_uniform_,  # Glorot and Bengio, 2010
    "orthogonal": init.orthogonal_,  # Saxe et al., 2013
    "small": partial(init.normal_, std=0.001),
    "large": partial(init.normal_, std=1.0),
    "zero": init.zeros_,
}


def initialise(model: nn.Module, name: str) -> None:
    """Fill the weights of convolutions and dense layers in place and set their biases to 0.

    Draws from torch's global generator, layer by layer. "default" changes nothing.
    """
    if name == "default":
        return
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            INITIALIZERS[name](module.weight)
            if module.bias is not None:
                init.zeros_(module.bias)
