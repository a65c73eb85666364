"""The optimisers of torch.optim by name, with the constants that belong to each."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch.optim import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop

from core.config import USES_MOMENTUM, OptimizerConfig

Parameters = Iterable[torch.nn.Parameter]


def sgd(parameters: Parameters, config: OptimizerConfig) -> Optimizer:
    """v <- momentum x v + gradient; w <- w - lr x v (Sutskever et al., 2013, as torch writes it)."""
    return SGD(parameters, lr=config.learning_rate, momentum=config.momentum, weight_decay=config.weight_decay)


def adam(parameters: Parameters, config: OptimizerConfig) -> Optimizer:
    """Running means of gradient and squared gradient, bias-corrected (Kingma and Ba, 2015)."""
    return Adam(parameters, lr=config.learning_rate, weight_decay=config.weight_decay)


def adamw(parameters: Parameters, config: OptimizerConfig) -> Optimizer:
    """Adam with decay taken off the weight, not added to the gradient (Loshchilov and Hutter, 2019)."""
    return AdamW(parameters, lr=config.learning_rate, weight_decay=config.weight_decay)


def rmsprop(parameters: Parameters, config: OptimizerConfig) -> Optimizer:
    """Gradient divided by the root of its running mean square (Hinton, lecture 6e, 2012)."""
    return RMSprop(parameters, lr=config.learning_rate, momentum=config.momentum, weight_decay=config.weight_decay)


def adagrad(parameters: Parameters, config: OptimizerConfig) -> Optimizer:
    """Gradient divided by the root of the sum of all its squares (Duchi et al., 2011)."""
    return Adagrad(parameters, lr=config.learning_rate, weight_decay=config.weight_decay)


OPTIMIZERS: dict[str, Callable[[Parameters, OptimizerConfig], Optimizer]] = {
    "sgd": sgd,
    "adam": adam,
    "adamw": adamw,
    "rmsprop": rmsprop,
    "adagrad": adagrad,
}


def set_constants(optimizer: Optimizer, config: OptimizerConfig) -> None:
    """Put the constants of ``config`` into a running optimiser; its state is kept."""
    for group in optimizer.param_groups:
        group["lr"], group["weight_decay"] = config.learning_rate, config.weight_decay
        if config.name in USES_MOMENTUM:
            group["momentum"] = config.momentum
    if isinstance(optimizer, RMSprop) and config.momentum > 0:
        for parameter, state in optimizer.state.items():  # torch makes these buffers at the first step only
            state.setdefault("momentum_buffer", torch.zeros_like(parameter))
