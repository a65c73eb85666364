"""Looks into a run that is over, from its settings and the weights it left."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from core.config import load
from core.datasets import load_data, spec_of
from core.errors import LiveTorchError
from core.families import FAMILIES, found
from core.i18n import N_
from core.models.cnn import build
from core.probes import look

if TYPE_CHECKING:
    from core.config import CNNRunConfig
    from core.datasets.images import ImageData
    from core.probes.subject import Subject
    from core.training.assessment import Assessment
    from core.training.updates import UpdateMeter

KEPT = 2  # runs of which network and pictures are kept in memory


class Rest:
    """What a look may use of a run that is over. Its network lies on the CPU and is the one that validated last."""

    def __init__(self, config: CNNRunConfig, data: ImageData, model: nn.Module, step: int) -> None:
        self.config, self.data, self.model, self.evaluated, self.step = config, data, model, model, step
        self.assessment: Assessment | None = None
        self.meter: UpdateMeter | None = None

    @property
    def version(self) -> tuple[int, ...]:
        """It changes no more."""
        return (self.step,)


def look_at_rest(
    config_values: dict[str, Any], weights_path: str, step: int, name: str, args: dict[str, Any]
) -> dict[str, Any]:
    """What look ``name`` sees in the run of ``config_values`` that ended at ``step``.

    ``weights_path``: the state dict of the network that validated, as safetensors. Raises :class:`LiveTorchError`
    where the weights are missing or belong to another network, and as :func:`core.probes.look` does.
    """
    return look(rest(json.dumps(config_values, sort_keys=True), weights_path, step), name, args)


@lru_cache(maxsize=KEPT)
def rest(config_json: str, weights_path: str, step: int) -> Subject:
    """What is left of the run; the last two are remembered."""
    config = load(json.loads(config_json)).resolved(device="cpu", threads=1)
    try:
        subject: Subject = found(FAMILIES[config.page].rest)(config, _weights(weights_path), step)
    except RuntimeError as error:  # other layers or other shapes
        raise LiveTorchError(
            N_("The weights of this run do not fit its network, so there is nothing to look into. Its curves are kept.")
        ) from error
    return subject


def image_rest(config: CNNRunConfig, weights: dict[str, Tensor], step: int) -> Rest:
    """What is left of a run of the CNN page. Raises ``RuntimeError`` for weights of another network."""
    spec = spec_of(config)
    model = build(config.model, spec.shape, len(spec.classes), editable=True)
    model.load_state_dict(weights)
    return Rest(config, load_data(config), model, step)


def _weights(path: str) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise LiveTorchError(
            N_(
                "The weights of this run are missing or damaged ({error}), so there is nothing to look into. Its curves are kept."
            ),
            error=type(error).__name__,
        ) from error
