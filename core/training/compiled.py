"""The playground's step as one compiled program (torch.compile): gradients and, for plain SGD, the update.

Guards are left out, since their checks would take as long as the step: a program is only called with what it was made
for, and made anew when the batch size or what it computes changes.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import torch
from torch import Tensor

from core.errors import ConfigError
from core.i18n import N_
from core.training.by_hand import Plan, Products, add_penalty, gradients

Step = Callable[..., list[Tensor]]
WIDE = 16  # neurons from which on torch's matrix product is quicker than loops that are fused with their neighbours


class Loops(Products):
    """The three products as multiply and add, which the compiler fuses with what stands around them."""

    @staticmethod
    def forward(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return (x[:, None, :] * weight).sum(2) + bias

    @staticmethod
    def to_inputs(grad: Tensor, weight: Tensor) -> Tensor:
        return (grad[:, :, None] * weight).sum(1)

    @staticmethod
    def to_weight(grad: Tensor, x: Tensor) -> Tensor:
        return (grad[:, :, None] * x[:, None, :]).sum(0)


def check_compiler() -> None:
    """Raises :class:`ConfigError` on a machine that has no C++ compiler torch can use."""
    from torch._inductor.cpp_builder import get_cpp_compiler
    from torch._inductor.exc import InvalidCxxCompiler

    try:
        get_cpp_compiler()
    except (InvalidCxxCompiler, RuntimeError, OSError) as error:
        raise ConfigError(
            "mode",
            N_("Compiled steps need a C++ compiler, and this machine has none. Choose the eager mode, or install g++."),
        ) from error


def compiled_step(plan: Plan, widths: tuple[int, ...], penalties: tuple[bool, bool], updates: bool) -> Step:
    """A program ``step(weights, x, target, half, rate, l1, l2)`` that returns the gradients.

    With ``updates`` it also subtracts rate x gradient from the weights. ``rate``, ``l1`` and ``l2`` are tensors.
    """
    products = Loops if max(widths) < WIDE else Products
    with_l1, with_l2 = penalties

    def step(
        weights: list[Tensor], x: Tensor, target: Tensor, half: Tensor, rate: Tensor, l1: Tensor, l2: Tensor
    ) -> list[Tensor]:
        made = gradients(plan, weights, x, target, half, products)
        add_penalty(made, weights, l1 if with_l1 else None, l2 if with_l2 else None)
        if not updates:
            return made
        for weight, grad in zip(weights, made, strict=True):
            weight.sub_(rate * grad)
        return []

    import torch._inductor.config as inductor

    inductor.compile_threads = 1  # no pool of processes beside the run's own
    # programs are kept by code object; without guards each needs one of its own
    own = FunctionType(step.__code__.replace(co_name="step"), step.__globals__, "step", None, step.__closure__)
    options: dict[str, Any] = {
        "guard_filter_fn": torch.compiler.skip_all_guards_unsafe,
        "size_asserts": False,  # shapes are those it was made for
    }
    made: Step = torch.compile(own, fullgraph=True, dynamic=False, options=options)
    return made
