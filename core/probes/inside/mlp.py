"""A network of the playground with points of its data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor

from core.models.mlp import feature_names
from core.probes.arguments import one_of, whole
from core.probes.inside import Inside
from core.training.plane_losses import PLANE_LOSSES, loss_key, part_of, penalty

if TYPE_CHECKING:
    from core.probes.mlp.subject import PlaneSubject

PARTS = ("network",)


def inside(subject: PlaneSubject, part: str, example: int, count: int, split: str) -> Inside:
    """See :func:`core.probes.inside.inside`. The loss has the penalties on the weights in it, as in training."""
    one_of("part", part or PARTS[0], PARTS)
    config, data, model = subject.config, subject.data, subject.model
    points, targets = (
        (data.test_points, data.test_targets) if split == "validation" else (data.train_points, data.train_targets)
    )
    first = whole("example", example, 0, len(points) - 1)
    chosen = slice(first, first + whole("count", count, 1, 1024))
    found = part_of(config, points[chosen], targets[chosen])
    several = config.outputs > 1

    def loss_of(outputs: Tensor) -> Tensor:
        loss = PLANE_LOSSES[loss_key(config)](outputs, found.target)
        return loss + penalty(model.linears, config.penalty.l1, config.penalty.l2)

    values = targets[chosen].tolist()
    return Inside(
        model=model,
        inputs=found.inputs,
        target=found.target,
        loss_of=loss_of,
        parts=PARTS,
        part=PARTS[0],
        outputs=tuple(map(str, range(config.outputs))) if several else (),
        kind="point",
        names=tuple(f"{value:.3g}" if config.task == "regression" else f"{value:.0f}" for value in values),
        examples=len(points),
        steps=tuple(feature_names(config.features)),
    )
