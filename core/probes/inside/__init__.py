"""What every view into a network needs, whatever the family: the network, an example of its data, and the loss on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from core.families import INSIDES, found
from core.probes.arguments import one_of

if TYPE_CHECKING:
    from core.probes.subject import Subject


@dataclass(frozen=True)
class Inside:
    """One network of a run with some of its data. Tensors and network lie on the run's device.

    ``model`` is the run's own, not a copy: whoever changes its mode, its gradients or its weights puts them back
    (:meth:`opened`). ``loss_of`` is the loss that is trained, for these examples, from what ``model`` puts out.
    """

    model: nn.Module
    inputs: Tensor  # (B, ...), float32, or int64 where tokens are read
    target: Tensor | None  # (B, ...) as the loss takes it; nothing where the loss has none
    loss_of: Callable[[Tensor], Tensor]  # outputs -> ()
    parts: tuple[str, ...]  # names of the run's networks, e.g. ("generator", "discriminator")
    part: str  # which of them this is
    outputs: tuple[str, ...]  # what each output stands for; empty where they have no names
    kind: str  # of an example: "picture", "point", "sequence", "noise" or "sample"
    names: tuple[str, ...]  # one for each example: what it shows or how it is labelled
    examples: int  # how many there are to choose from
    steps: tuple[str, ...] = ()  # of a sequence: what is read at each step
    picture: Tensor | None = None  # (B, C, H, W) uint8, where examples are pictures or can be shown as such
    others: tuple[nn.Module, ...] = ()  # networks that the loss goes through as well
    ending: Callable[[int], Inside] | None = None  # of a sequence: the same with only so many steps, its last ones

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Evaluation mode with gradients inside; afterwards modes, gradients and ``requires_grad`` are as they were."""
        networks = (self.model, *self.others)
        modes = [(module, module.training) for network in networks for module in network.modules()]
        kept = [(one, one.grad, one.requires_grad) for network in networks for one in network.parameters()]
        mine = {id(parameter) for parameter in self.model.parameters()}
        for parameter, _grad, _wanted in kept:
            parameter.grad = None
            parameter.requires_grad_(id(parameter) in mine)
        for network in networks:
            network.eval()
        try:
            # cuDNN goes back through recurrent layers in training mode only
            recurrent = any(isinstance(module, nn.RNNBase) for module, _training in modes)
            with torch.backends.cudnn.flags(enabled=False) if recurrent else nullcontext(), torch.enable_grad():
                yield
        finally:
            for module, training in modes:
                module.training = training
            for parameter, grad, wanted in kept:
                parameter.grad = grad
                parameter.requires_grad_(wanted)


def inside(subject: Subject, part: str = "", example: int = 0, count: int = 1, split: str = "validation") -> Inside:
    """Network ``part`` of ``subject`` (its first one where that is empty) with ``count`` examples from ``example`` on.

    ``split``: ``validation`` or ``train``. Raises :class:`LiveTorchError` for a part or an example it does not have.
    """
    one_of("split", split, ("validation", "train"))
    make: Callable[..., Inside] = found(INSIDES[subject.config.page])
    return make(subject, part, example, count, split)
