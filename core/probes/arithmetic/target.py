"""Which loss a run is trained with, and what its numbers are for one example."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from core.probes.arithmetic.loss import adversarial, brier, cross_entropy, elementwise
from core.probes.arithmetic.numbers import exact
from core.probes.arithmetic.way import Way
from core.probes.inside import Inside
from core.training.plane_losses import loss_key, penalty

if TYPE_CHECKING:
    from core.probes.subject import Subject


def loss_at(subject: Subject, seen: Inside, way: Way, member: int, step: int) -> dict[str, Any]:
    """The loss as :mod:`core.probes.arithmetic.loss` tells it; ``total`` is what torch itself makes of the batch.

    ``seen.target`` is missing for what a visitor made up: then there is an answer, and nothing to compare it with.
    """
    page = subject.config.page
    found = _OF_PAGE[page](subject, seen, way, member, step)
    counted = page == "gan" or seen.target is not None
    found["total"] = exact(seen.loss_of(way.outputs)) if counted else None
    return {"form": "loss", **found}


def steps_of(subject: Subject, way: Way) -> int:
    """How many answers an example has: one for each step that is read, or one."""
    return way.outputs.shape[1] if subject.config.page == "rnn" and way.outputs.dim() == 3 else 1


def _pictures(subject: Any, seen: Inside, way: Way, member: int, _step: int) -> dict[str, Any]:
    loss = subject.config.loss
    label = None if seen.target is None else int(seen.target[member])
    how = cross_entropy if loss.name == "cross_entropy" else brier
    return how(way.outputs[member].float(), label, seen.outputs, loss.label_smoothing)


def _points(subject: Any, seen: Inside, way: Way, member: int, _step: int) -> dict[str, Any]:
    config, outputs = subject.config, way.outputs[member]
    target = None if seen.target is None else seen.target[member]
    loss = loss_key(config)
    if loss == "cross_entropy":
        found = cross_entropy(outputs, None if target is None else int(target), seen.outputs)
    else:
        found = elementwise(loss, outputs, target, seen.outputs)
    linears: list[nn.Linear] = subject.model.linears
    costs = {name: penalty(linears, *pair) for name, pair in _penalties(config).items()}
    return found | {"penalties": {name: exact(cost) for name, cost in costs.items()}}


def _penalties(config: Any) -> dict[str, tuple[float, float]]:
    """L1 and L2 for itself, where it is on."""
    l1, l2 = config.penalty.l1, config.penalty.l2
    return ({"l1": (l1, 0.0)} if l1 > 0 else {}) | ({"l2": (0.0, l2)} if l2 > 0 else {})


def _sequences(_subject: Any, seen: Inside, way: Way, member: int, step: int) -> dict[str, Any]:
    """The answer after ``step``; of a copy task only the last steps count, of a class only the end."""
    outputs, target = way.outputs[member], seen.target
    if outputs.dim() == 1:
        return _answer(outputs, None if target is None else target[member], seen.outputs)
    total = len(outputs)
    wanted = None if target is None else target[member]  # (T, ...) or the last of them
    first = total if wanted is None else total - len(wanted)
    found = _answer(outputs[step], wanted[step - first] if wanted is not None and step >= first else None, seen.outputs)
    return found | {"step": step, "steps": total, "counted": total - first, "first": first}


def _answer(outputs: Tensor, target: Tensor | None, names: Sequence[str]) -> dict[str, Any]:
    if not names:
        return elementwise("mse", outputs, None if target is None else target.reshape(-1), names)
    return cross_entropy(outputs, None if target is None else int(target), names)


def _players(subject: Any, seen: Inside, way: Way, member: int, _step: int) -> dict[str, Any]:
    config = subject.config
    if seen.part == "generator":
        assert way.scores is not None
        scores = way.scores[member]
    else:
        pair, half = member % (len(way.outputs) // 2), len(way.outputs) // 2
        scores = way.outputs[[pair, half + pair], 0]
    return adversarial(config.loss.name, seen.part, scores, config.loss.real_label)


_OF_PAGE: dict[str, Callable[[Any, Inside, Way, int, int], dict[str, Any]]] = {
    "cnn": _pictures,
    "mlp": _points,
    "rnn": _sequences,
    "gan": _players,
}
