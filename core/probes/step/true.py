"""The very next step of a run, taken and taken back: what it is given, what it does, what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import one_of
from core.probes.inside import inside
from core.probes.step.record import Call, Recorder, Weights, state_of
from core.probes.step.untouched import untouched
from core.training.plane_losses import PLANE_LOSSES, loss_key, penalty
from core.training.playground import Playground
from core.training.task import Task


@dataclass(frozen=True)
class Player:
    """One network of a run with what updates it."""

    model: nn.Module
    optimizer: Optimizer
    rule: str  # name of the optimiser


@dataclass(frozen=True)
class Taken:
    """One update of one network. Tensors are copies, or are not written to any more."""

    task: Any
    part: str
    parts: tuple[str, ...]
    player: Player
    calls: list[Call]  # through which the loss went, in order
    weights: Weights  # of all networks, before the update
    raw: dict[str, Tensor]  # gradients as backward made them
    given: dict[str, Tensor]  # gradients as the optimiser gets them, after clipping
    after: dict[str, Tensor] | None  # the weights one step later; nothing where no step was taken
    state: dict[str, dict[str, Tensor]]  # of the optimiser, before
    state_after: dict[str, dict[str, Tensor]] | None
    group: dict[str, Any]
    loss: float
    batch: Any  # what the task's training_step was given; nothing where no step was taken
    target: Tensor | None = None
    names: tuple[str, ...] = ()

    @property
    def before(self) -> dict[str, Tensor]:
        """The weights of the network, before the update."""
        return self.weights[self.part]

    def group_of(self, name: str) -> dict[str, Any]:
        """The optimiser's constants for parameter ``name``; its group may move at a share of the rate."""
        parameter = dict(self.player.model.named_parameters())[name]
        groups = self.player.optimizer.param_groups
        own = next((group for group in groups if any(one is parameter for one in group["params"])), groups[0])
        return self.group | {"lr": self.group["lr"] * own.get("scale", 1.0)}


def task_of(subject: Any) -> Task:
    """``subject`` where it can take steps. Raises :class:`LiveTorchError` for what is left of a run that is over."""
    if not isinstance(subject, Task):
        raise LiveTorchError(
            N_(
                "This run is over, and its optimiser is not kept. Choose a moment of the run above; the update that followed it is worked out again."
            )
        )
    return subject


def players(task: Any) -> dict[str, Player]:
    """The networks of ``task`` by the names of their parts, as :func:`core.probes.inside.inside` has them."""
    config = task.config
    if config.page == "gan":
        return {
            "generator": Player(task.game.generator, task.optimizer, config.optimizer.name),
            "discriminator": Player(
                task.game.discriminator, task.discriminator_optimizer, config.discriminator_optimizer.name
            ),
        }
    name = "head" if config.page == "transfer" and config.mode == "head" else "network"
    return {name: Player(task.model, task.optimizer, config.optimizer.name)}


def chosen_player(task: Any, part: str) -> tuple[str, dict[str, Player]]:
    """The part that is meant, the first one where ``part`` is empty. Raises :class:`LiveTorchError` for others."""
    found = players(task)
    return one_of("part", part or next(iter(found)), found), found


def next_batch(task: Task) -> Any:
    """What the next :meth:`Task.training_step` is given. For the inside of :func:`untouched`: the task moves on.

    Raises :class:`LiveTorchError` where the run ends before it.
    """
    task.single = True
    epoch = task.epoch if task.open else task.epoch + 1
    for batch in task.batches(epoch) if task.open or epoch <= task.config.epochs else ():
        return batch
    if task.open:
        stalls = task.config.schedule.name == "plateau" and task.validates(epoch)
        task.end_epoch(epoch, task.evaluate() if stalls else {})
    if task.epoch < task.config.epochs:
        return next(iter(task.batches(task.epoch + 1)))
    raise LiveTorchError(
        N_("The run ended after step {step}, so no update followed. Choose an earlier moment above."), step=task.step
    )


def taken(task: Any, part: str) -> Taken:
    """The true next update of network ``part``; afterwards the task is as if nothing had happened.

    In a round of a GAN that is the player's last update of the round. Raises :class:`LiveTorchError` for a player
    that stands still and for a run that ends here.
    """
    part, found = chosen_player(task, part)
    networks = {name: one.model for name, one in found.items()}
    player = found[part]
    recorder = Recorder(networks, part, {name: one.optimizer for name, one in found.items()})
    with untouched(task):
        if hasattr(task, "meter"):
            task.meter.wanted = True  # a CUDA graph has no place to listen in
        batch = next_batch(task)
        loss, stepped, target = None, recorder, None
        if isinstance(task, Playground):
            draws = torch.get_rng_state()
            loss, target = _by_autograd(task, batch, recorder)
            torch.set_rng_state(draws)
            stepped = Recorder(networks, part, recorder.optimizers)
        with stepped:
            values = task.training_step(batch)
        update, one = recorder.update, stepped.update
        if update is None:
            raise LiveTorchError(
                N_("The {part} stands still in this run, so there is no update of it to explain."), part=part
            )
        names = dict(player.model.named_parameters())
        suffix = "_d" if part == "discriminator" else ""
        rate = values.get(f"learning_rate{suffix}", task.learning_rate)
        return Taken(
            task=task,
            part=part,
            parts=tuple(found),
            player=player,
            calls=update.calls,
            weights=update.weights,
            raw=recorder.raw,
            given=one.given if one is not None else recorder.raw,
            after={name: parameter.detach().clone() for name, parameter in names.items()},
            state=one.state if one is not None else {},
            state_after={name: state_of(player.optimizer, parameter) for name, parameter in names.items()},
            group=dict(player.optimizer.param_groups[0]) | {"lr": float(rate)},
            loss=loss if loss is not None else values[f"loss{suffix}"],
            batch=batch,
            target=_learned(task, target),
        )


def _learned(task: Any, target: Tensor | None) -> Tensor | None:
    """What the step that was just taken learned from; ``target`` where its task does not say."""
    if task.config.page == "cnn":
        return cast(Tensor, task.seeing.labels)  # MixUp and CutMix make new ones
    return cast(Tensor, task.learned) if task.config.page == "transfer" else target


def _by_autograd(task: Playground, batch: Any, recorder: Recorder) -> tuple[float, Tensor]:
    """The same forward and backward pass as the step that follows, which does without autograd's bookkeeping."""
    [(x, target)] = task._gathered(batch)
    config, model = task.config, task.model
    for parameter in model.parameters():
        parameter.grad = None
    with recorder:
        loss = PLANE_LOSSES[loss_key(config)](model(x), target)
        (loss + penalty(model.linears, config.penalty.l1, config.penalty.l2)).backward()
        recorder.freeze()
    for parameter in model.parameters():
        parameter.grad = None
    return loss.item(), target


def alone(task: Any, part: str, example: int) -> Taken:
    """What validation example ``example`` alone would give; no step is taken, the network evaluates."""
    part, found = chosen_player(task, part)
    seen = inside(task, part, example, 1)
    networks = {part: seen.model} | {name: one.model for name, one in found.items() if name != part}
    recorder = Recorder(networks, part, {})
    player = found[part]
    with untouched(task), recorder:
        with seen.opened():
            loss = seen.loss_of(seen.model(seen.inputs))
            loss.backward()
            recorder.freeze()
        update = recorder.update
        assert update is not None
        names = dict(player.model.named_parameters())
        return Taken(
            task=task,
            part=part,
            parts=seen.parts,
            player=player,
            calls=update.calls,
            weights=update.weights,
            raw=recorder.raw,
            given=recorder.raw,
            after=None,
            state={name: state_of(player.optimizer, parameter) for name, parameter in names.items()},
            state_after=None,
            group=_group(task, part, player),
            loss=loss.item(),
            batch=None,
            target=seen.target,
            names=seen.names,
        )


def _group(task: Any, part: str, player: Player) -> dict[str, Any]:
    """The constants of the last step."""
    group = dict(player.optimizer.param_groups[0])
    return group | {"lr": float(group["lr"] if part == "discriminator" else task.learning_rate)}
