"""The playground's optimiser step, by the quickest way that gives the numbers of ``loss.backward(); optimizer.step()``."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from core.config import MLPRunConfig
from core.models.mlp import MLP
from core.training.by_hand import add_penalty, gradients, plan_of
from core.training.compiled import Step, compiled_step
from core.training.optimizers import set_rate
from core.training.plane_losses import PLANE_LOSSES, loss_key, penalty


class Steps:
    """Takes steps of a network; :meth:`follow` lets it know that settings have changed."""

    def __init__(self, config: MLPRunConfig, model: MLP, optimizer: Optimizer) -> None:
        self.model, self.optimizer = model, optimizer
        self.parameters = list(model.parameters())
        self.weights = [parameter.detach() for parameter in self.parameters]  # the same memory, unknown to autograd
        self.half = torch.tensor(0.5, device=config.device)
        self.rate, self.l1, self.l2 = (torch.zeros((), device=config.device) for _ in range(3))
        self.filled = 0.0  # what ``rate`` holds
        self.program: Step | None = None
        self.made_for: tuple[Any, ...] = ()
        self.follow(config)

    def follow(self, config: MLPRunConfig) -> None:
        """Choose the way for ``config``."""
        self.config = config
        l1, l2 = config.penalty.l1, config.penalty.l2
        plain = config.model.normalization == "none" and config.model.dropout == 0
        # autograd adds up three terms in an order of its own
        self.by_hand = plain and not (l1 > 0 and l2 > 0)
        chosen = config.optimizer
        self.plain_sgd = chosen.name == "sgd" and chosen.momentum == chosen.weight_decay == config.clip_norm == 0
        self.plan = plan_of(config)
        self.l1.fill_(l1)
        self.l2.fill_(l2)

    def take(self, x: Tensor, target: Tensor, rate: float) -> None:
        """One step on a batch: x (B, features), target as :func:`core.training.plane_losses.target_of` gives it."""
        if self.config.mode == "compiled" and len(x) == self.config.batch_size:
            self._compiled(x, target, rate)
        elif self.by_hand:
            with torch.no_grad():
                made = gradients(self.plan, self.weights, x, target, self.half)
                l1, l2 = self.config.penalty.l1, self.config.penalty.l2
                if l1 > 0 or l2 > 0:
                    add_penalty(made, self.weights, l1 or None, l2 or None)
            self._update(made, rate)
        else:
            self._update(self.autograd(x, target), rate)

    def autograd(self, x: Tensor, target: Tensor) -> list[Tensor]:
        """Gradients of loss and penalties, by autograd."""
        loss = PLANE_LOSSES[loss_key(self.config)](self.model(x), target)
        loss = loss + penalty(self.model.linears, self.config.penalty.l1, self.config.penalty.l2)
        return list(torch.autograd.grad(loss, self.parameters))

    def _update(self, made: list[Tensor], rate: float) -> None:
        if self.plain_sgd:
            torch._foreach_add_(self.weights, made, alpha=-rate)  # what torch.optim.SGD comes to, without its checks
            return
        for parameter, grad in zip(self.parameters, made, strict=True):
            parameter.grad = grad
        if self.config.clip_norm > 0:
            nn.utils.clip_grad_norm_(self.parameters, self.config.clip_norm)
        set_rate(self.optimizer, rate)
        self.optimizer.step()

    def _compiled(self, x: Tensor, target: Tensor, rate: float) -> None:
        penalties = (self.config.penalty.l1 > 0, self.config.penalty.l2 > 0)
        wanted = (len(x), penalties, self.plain_sgd)
        if self.program is None or self.made_for != wanted:
            self.program = compiled_step(self.plan, self.config.widths, penalties, self.plain_sgd)
            self.made_for = wanted
        if rate != self.filled:
            self.rate.fill_(rate)
            self.filled = rate
        with torch.no_grad():
            made = self.program(self.weights, x, target, self.half, self.rate, self.l1, self.l2)
        if made:
            self._update(made, rate)
