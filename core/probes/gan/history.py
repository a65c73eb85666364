"""Past samples of the same noises, for a slider over time."""

from __future__ import annotations

from typing import Any

from core.probes.gan.pictures import tiled
from core.probes.gan.plane import coordinates
from core.probes.gan.subject import GANSubject
from core.training.gan_history import SIDE


def history(subject: GANSubject) -> dict[str, Any]:
    """At most 40 moments, oldest first; of a run that is over only the last."""
    plane = subject.config.in_plane
    return {
        "kind": "plane" if plane else "images",
        "moments": [
            {"step": one.step, "epoch": one.progress}
            | (coordinates(one.samples) if plane else tiled(one.samples, SIDE))
            for one in subject.history.all()
        ],
    }
