"""How large each layer's updates are, compared with its weights."""

from __future__ import annotations

from typing import Any

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.pictures import numbers
from core.probes.subject import ImageSubject


def updates(subject: ImageSubject) -> dict[str, Any]:
    """What was measured so far, a list a layer; asks for the next step to be measured, too.

    Raises :class:`LiveTorchError` for a run that is over, whose steps cannot be measured any more.
    """
    meter = subject.meter
    if meter is None:
        raise LiveTorchError(
            N_("Updates are measured only while they are made, and this run is over. Open this view while a run is on.")
        )
    meter.wanted = True
    layers, points = range(len(meter.names)), meter.points
    return {
        "layers": list(meter.names),
        "step": [point.step for point in points],
        "ratio": [numbers(point.ratio[layer] for point in points) for layer in layers],
        "gradient": [numbers(point.gradient[layer] for point in points) for layer in layers],
        "weight": [numbers(point.weight[layer] for point in points) for layer in layers],
    }
