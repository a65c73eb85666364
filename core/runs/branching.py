"""A run that goes on from a moment of another one: the same config, the changes up to there, and new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.config import check_editable
from core.errors import LiveTorchError
from core.i18n import N_
from core.runs.record import Record, edited


def branch_edits(record: Record, step: int, changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The edits of a branch: the parent's up to ``step``, then ``changes`` there; call with the service's lock held.

    A change to what holds anyway is left out. Raises :class:`LiveTorchError` for a step the run has not reached, and
    :class:`ConfigError` for what cannot be changed.
    """
    last = record.log.step
    if not 0 <= step <= last:
        raise LiveTorchError(N_("This run has {last} steps; there is no step {step} to go to."), last=last, step=step)
    edits = [edit for edit in record.row["edits"] if edit["step"] <= step]
    config = edited(record.config, edits)
    seconds, epoch = record.log.place_of(step)
    if epoch >= config.epochs:
        raise LiveTorchError(
            N_(
                "After step {step} this run has no epoch left to train, so nothing can go on from there. Choose an earlier step."
            ),
            step=step,
        )
    for name, value in changes.items():
        check_editable(config, name)
        changed = config.with_value(name, value)
        if changed != config:
            edits.append({"step": step, "name": name, "value": value, "seconds": seconds, "epoch": epoch})
        config = changed
    return edits
