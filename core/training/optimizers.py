"""The optimisers of torch.optim by name, with the constants that belong to each."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch.optim import SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, NAdam, Optimizer, RAdam, RMSprop

from core.config import FUSED, OptimizerConfig

Parameters = Iterable[torch.nn.Parameter] | Iterable[dict[str, Any]]  # or groups of them

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,  # Sutskever et al., 2013, as torch writes it
    "adam": Adam,  # Kingma and Ba, 2015
    "adamw": AdamW,  # Loshchilov and Hutter, 2019
    "nadam": NAdam,  # Dozat, 2016
    "radam": RAdam,  # Liu et al., 2020
    "adamax": Adamax,  # Kingma and Ba, 2015, section 7.1
    "rmsprop": RMSprop,  # Hinton, lecture 6e, 2012
    "adagrad": Adagrad,  # Duchi et al., 2011
    "adadelta": Adadelta,  # Zeiler, 2012
}
GRAPHED = FUSED  # whose step can be part of a CUDA graph: their one kernel reads the rate from the device

OWN = ("lr", "fused", "foreach", "capturable")  # of a parameter group: where its rate lies, which kernels it calls


def make_optimizer(parameters: Parameters, config: OptimizerConfig, rate_on: str | None = None) -> Optimizer:
    """The optimiser of ``config``, one of :data:`GRAPHED` where ``rate_on`` names a device.

    Then its learning rate is a tensor there: a CUDA graph holds numbers as they were, tensors as they are.
    """
    more: dict[str, Any] = {"fused": True} if config.name in FUSED else {}
    rate: float | torch.Tensor = config.learning_rate
    if rate_on is not None:
        rate = torch.tensor(config.learning_rate, device=rate_on)
        if config.name != "sgd":  # which counts no steps, so there is nothing to keep on the device
            more["capturable"] = True
    make: Callable[..., Optimizer] = OPTIMIZERS[config.name]
    return make(parameters, lr=rate, **config.constants(), **more)


def set_rate(optimizer: Optimizer, rate: float) -> None:
    """Put the learning rate of the next step into every parameter group, times the group's own ``scale`` if it has one."""
    for group in optimizer.param_groups:
        scaled = rate * group.get("scale", 1.0)
        if isinstance(group["lr"], torch.Tensor):
            group["lr"].fill_(scaled)
        else:
            group["lr"] = scaled


def load_state(optimizer: Optimizer, state: dict[str, Any]) -> None:
    """Give ``optimizer`` the ``state`` of one for the same weights, on whatever device that was.

    How it calculates stays its own: ``load_state_dict`` alone would bring the other's kernels, and its rate on the CPU.
    """
    own = [{name: group[name] for name in OWN if name in group} for group in optimizer.param_groups]
    optimizer.load_state_dict(copy.deepcopy(state))
    for group, kept in zip(optimizer.param_groups, own, strict=True):
        rate = float(group["lr"])
        group.update(kept)
        group["lr"] = kept["lr"].fill_(rate) if isinstance(kept["lr"], torch.Tensor) else rate


def set_constants(optimizer: Optimizer, config: OptimizerConfig) -> None:
    """Put the constants of ``config`` into a running optimiser; its state is kept."""
    for group in optimizer.param_groups:
        group.update({"nesterov": False} | config.constants() if "nesterov" in group else config.constants())
    if isinstance(optimizer, RMSprop) and config.momentum > 0:
        for parameter, state in optimizer.state.items():  # torch makes these buffers at the first step only
            state.setdefault("momentum_buffer", torch.zeros_like(parameter))
