"""Names of stations as the page that trains the network calls its layers."""

from __future__ import annotations

from typing import Any

from core.probes.arithmetic.way import INPUT, LOSS
from core.probes.inside import Inside
from core.probes.layer_labels import layer_labels


def titles_of(subject: Any, seen: Inside) -> dict[str, str]:
    """Key of a station -> title; what is missing is called by its key."""
    loss = subject.config.loss.name if hasattr(subject.config, "loss") else LOSS
    return {INPUT: INPUT, LOSS: loss} | layer_labels(subject, seen.part, seen.model)
