"""Whether what a run of the transfer page learned still fits the backbone that is here. Loads no torch.

Only what training changed is kept of such a run; the rest is the backbone's own weights, which may be others after an
update. A head on other features would answer, and answer nonsense.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.backbones.fingerprint import weights_fingerprint
from core.backbones.registry import BACKBONES
from core.config.transfer import TransferRunConfig
from core.errors import LiveTorchError
from core.i18n import N_

ORIGIN = "backbone weights"  # under which a run's versions tell what its backbone began with
WIDTH = "head.0.mean"  # one number for each feature of the backbone


def origin(config: TransferRunConfig) -> dict[str, str]:
    """The fingerprint of the weights that the backbone begins with, as an entry of a run's versions.

    Empty where it begins at random, which the config says, or where its weights are not on this machine.
    """
    known = config.pretrained and config.mode != "scratch" and BACKBONES[config.backbone].available()
    return {ORIGIN: weights_fingerprint(config.backbone)} if known else {}


def check_fits(config: TransferRunConfig, versions: Mapping[str, str], weights: Path | None) -> None:
    """Raise :class:`LiveTorchError` where the backbone's weights are not those that the run was trained on.

    ``versions``: what the run noted when it started; ``weights``: the file that it left. Runs from before fingerprints
    were noted are told by the number of their features, so they pass where only the values have changed.
    """
    spec, here = BACKBONES[config.backbone], origin(config)
    changed = ORIGIN in versions and bool(here) and versions[ORIGIN] != here[ORIGIN]
    if changed or features_in(weights) not in (None, spec.features):
        raise LiveTorchError(
            N_(
                "This run was trained on an earlier version of the backbone {name}, which is not here any more; what it learned would give wrong answers on the present one. Its curves and weights are kept. To predict or look into it, train once more with the same settings."
            ),
            name=spec.title,
        )


def features_in(weights: Path | None) -> int | None:
    """How many features the head in the file takes; ``None`` where it cannot be read, which is told where it is loaded."""
    from safetensors import SafetensorError, safe_open

    if weights is None:
        return None
    try:
        with safe_open(weights, "numpy") as file:
            found: int = file.get_slice(WIDTH).get_shape()[0]
    except (OSError, SafetensorError):
        return None
    return found
