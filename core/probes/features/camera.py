"""Which layer Grad-CAM looks at: chosen for the visitor, and changeable."""

from __future__ import annotations

from typing import Any

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.features.explained import Explained
from core.probes.features.layer_outputs import Layer, layer_named, layers_of
from core.probes.layer_labels import layer_labels

ASIDE = ("shortcut", "downsample")  # ways around other layers: they see a part only


def cameras(what: Explained) -> list[Layer]:
    """The convolutions whose maps are larger than 1 x 1, in order."""
    found = layers_of(what.network, what.given)
    return [one for one in found if one.kind.startswith("Conv") and len(one.shape) == 3 and max(one.shape[1:]) > 1]


def usual_camera(found: list[Layer]) -> str:
    """The last of them that is not on a way around others; empty where there is none."""
    straight = [one.name for one in found if not any(part in ASIDE for part in one.name.split("."))]
    return (straight or [one.name for one in found] or [""])[-1]


def camera_layer(subject: Any, what: Explained, wanted: str) -> str:
    """Module name of the layer that was wanted, else of the usual one. Raises :class:`LiveTorchError`."""
    found = cameras(what)
    if not found:
        raise LiveTorchError(N_("Grad-CAM needs a convolution with maps larger than 1 × 1, and this network has none."))
    if not wanted:
        return usual_camera(found)
    return layer_named(found, layer_labels(subject, what.seen.part, what.network), wanted).name
