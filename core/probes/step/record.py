"""What happens in the networks of a run during an update: what every layer is given and hands on, and the gradients."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize
from torch.optim import Optimizer

Weights = dict[str, dict[str, Tensor]]  # network -> name of a parameter -> its numbers


@dataclass(eq=False)
class Call:
    """One use of one layer: a leaf of ``network``, by its name in ``named_modules()``."""

    network: str
    name: str
    module: nn.Module
    inputs: tuple[Any, ...]
    output: Any  # a tensor, or what a recurrent layer returns
    weight: Tensor | None = None  # what it worked with, where that is not the parameter itself
    training: bool = True
    gradients: dict[int, Tensor] = field(default_factory=dict)  # of the loss by its outputs, by their number

    @property
    def given(self) -> Tensor:
        """Its input."""
        found: Tensor = self.inputs[0]
        return found

    @property
    def made(self) -> Tensor:
        """Its output; of a recurrent layer the hidden states of all steps."""
        return tensors_of(self.output)[0]

    @property
    def gradient(self) -> Tensor | None:
        """Of the loss by :attr:`made`."""
        return self.gradients.get(0)


@dataclass
class Update:
    """One update of one network, as it was recorded between its forward pass and its optimiser's step."""

    calls: list[Call]
    weights: Weights  # before the update
    given: dict[str, Tensor]  # gradients as the optimiser gets them
    state: dict[str, dict[str, Tensor]]  # of the optimiser before the update: parameter -> name -> numbers
    group: dict[str, Any]  # its constants


class Recorder:
    """Listens to ``networks`` while it is entered. Hooks only read, so no number changes."""

    def __init__(self, networks: Mapping[str, nn.Module], part: str, optimizers: Mapping[str, Optimizer]) -> None:
        """``part``: the network that is of interest; ``optimizers``: of each network, where there are any."""
        self.networks, self.part, self.optimizers = networks, part, optimizers
        self.calls: list[Call] = []
        self.raw: dict[str, Tensor] = {}  # the gradients of ``part`` as backward made them
        self.update: Update | None = None  # the last one of ``part``
        self._aside = False
        self._stack = ExitStack()

    def __enter__(self) -> Recorder:
        for network, model in self.networks.items():
            self._hold(model.register_forward_pre_hook(partial(self._begun, network)))
            for name, module in leaf_layers(model):
                self._hold(module.register_forward_hook(partial(self._called, network, name)))
        learning = ((name, one) for name, one in self.networks[self.part].named_parameters() if one.requires_grad)
        for name, parameter in learning:
            self._hold(parameter.register_post_accumulate_grad_hook(partial(self._arrived, name)))
        for network, optimizer in self.optimizers.items():
            self._hold(optimizer.register_step_pre_hook(partial(self._steps, network)))
            self._hold(optimizer.register_step_post_hook(self._stepped))
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def _hold(self, handle: Any) -> None:
        self._stack.callback(handle.remove)

    def _begun(self, network: str, model: nn.Module, inputs: tuple[Any, ...]) -> None:
        # a gradient penalty scores points between real and generated ones, by which it derives
        learns = any(parameter.requires_grad for parameter in model.parameters())
        self._aside = network == "discriminator" and learns and inputs[0].requires_grad

    def _called(self, network: str, name: str, module: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
        made = tensors_of(output)
        if self._aside or not any(one.requires_grad for one in made) or made[0] is inputs[0]:
            return  # nothing is learnt through it, or it passes on what it is given
        call = Call(network, name, module, inputs, output, _effective(module), module.training)
        for number, one in enumerate(made):
            if one.requires_grad:
                one.register_hook(partial(_keep, call, number))
        self.calls.append(call)

    def _arrived(self, name: str, parameter: Tensor) -> None:
        if parameter.grad is not None:
            self.raw[name] = parameter.grad.detach().clone()

    def _steps(self, network: str, optimizer: Optimizer, _args: Any, _kwargs: Any) -> None:
        if network == self.part:
            self.freeze(optimizer)

    def _stepped(self, _optimizer: Optimizer, _args: Any, _kwargs: Any) -> None:
        self.calls = []

    def freeze(self, optimizer: Optimizer | None = None) -> None:
        """Keep what was recorded since the last step of any optimiser as the update of interest."""
        model = self.networks[self.part]
        given, state = dict(self.raw), {}
        if optimizer is not None:
            given = {name: one.grad.detach().clone() for name, one in model.named_parameters() if one.grad is not None}
            state = {name: state_of(optimizer, one) for name, one in model.named_parameters()}
        group = dict(optimizer.param_groups[0]) if optimizer is not None else {}
        self.update = Update(self.calls, self.weights(), given, state, group)

    def weights(self) -> Weights:
        """Copies of all parameters as they are now."""
        return {
            network: {name: one.detach().clone() for name, one in model.named_parameters()}
            for network, model in self.networks.items()
        }


def leaf_layers(model: nn.Module) -> list[tuple[str, nn.Module]]:
    """Names and modules that compute something; a weight that is computed itself belongs to its layer."""
    leaves: list[tuple[str, nn.Module]] = []
    seen: set[nn.Module] = set()
    for name, module in model.named_modules():
        if isinstance(module, parametrize.ParametrizationList):
            seen.update(module.modules())
        if module in seen or (module is model and list(model.children())):
            continue
        if all(
            isinstance(one, nn.ModuleDict) and child == "parametrizations" for child, one in module.named_children()
        ):
            leaves.append((name, module))
            seen.update(module.modules())
    return leaves


def state_of(optimizer: Optimizer, parameter: Tensor) -> dict[str, Tensor]:
    """Copies of what ``optimizer`` keeps of ``parameter``; those of a single number have no dimensions."""
    kept = optimizer.state.get(parameter, {})
    return {name: one.detach().clone() for name, one in kept.items() if isinstance(one, Tensor)}


def tensors_of(output: Any) -> list[Tensor]:
    """All tensors in what a layer returns, in order; a packed sequence counts as its values."""
    if isinstance(output, Tensor):
        return [output]
    if isinstance(output, nn.utils.rnn.PackedSequence):
        return [output.data]
    return [tensor for part in output if part is not None for tensor in tensors_of(part)]


def _keep(call: Call, number: int, gradient: Tensor) -> None:
    call.gradients[number] = gradient.detach()


def _effective(module: nn.Module) -> Tensor | None:
    """The weight that was just used where it is computed anew in each call (spectral normalisation)."""
    if not parametrize.is_parametrized(module, "weight"):
        return None
    computed: Any = module
    lists = list(computed.parametrizations.weight.modules())
    modes = [one.training for one in lists]
    computed.parametrizations.weight.eval()  # in training it would go on with its power iteration
    try:
        with torch.no_grad():
            found: Tensor = computed.weight.detach().clone()
    finally:
        for one, training in zip(lists, modes, strict=True):
            one.training = training
    return found
