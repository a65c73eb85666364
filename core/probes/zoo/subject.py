"""torchvision's classification models, to be looked into without a run: built once, never trained."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor, nn

from core.backbones.fingerprint import weights_fingerprint
from core.backbones.load import categories_of, load_model
from core.backbones.registry import ZOO
from core.probes import look
from core.probes.arguments import one_of


@dataclass(frozen=True)
class ZooConfig:
    """Which model it is; what a run's settings are to a run."""

    name: str
    page: str = "zoo"
    device: str = "cpu"


@dataclass
class ZooSubject:
    """What a look may use of a model: the network in evaluation mode, on the CPU."""

    config: ZooConfig
    model: nn.Module
    weights: str  # "imagenet" where a file with them was found, else "random"
    categories: tuple[str, ...]  # of ImageNet, one for each output
    picture: str = ""  # fingerprint of a kept picture that comes before the sample photos
    title: str = ""  # what that picture is called
    choices: dict[int, int] = field(default_factory=dict)  # picture -> its likeliest class, once it was asked for

    @property
    def step(self) -> int:
        """It is not trained."""
        return 0

    @property
    def version(self) -> tuple[int, ...]:
        """It does not change."""
        return (0,)

    def choice(self, picture: int, inputs: Tensor) -> int:
        """The class that the model finds likeliest for picture number ``picture``, given as ``inputs`` (1, 3, H, W)."""
        if picture not in self.choices:
            with torch.no_grad():
                self.choices[picture] = int(self.model(inputs)[0].argmax())
        return self.choices[picture]


_KEPT: dict[tuple[str, str], ZooSubject] = {}  # the one that was asked for last


def look_at_model(
    name: str, look_name: str, args: dict[str, Any], picture: str = "", title: str = ""
) -> dict[str, Any]:
    """What look ``look_name`` sees in torchvision's model ``name``.

    ``picture``: fingerprint of a kept picture, called ``title``, to be looked at before the sample photos; whether the
    asker may see it is for the caller to know. Raises :class:`LiveTorchError` for a model that is not offered and as
    :func:`core.probes.look` does.
    """
    return look(zoo_subject(one_of("model", name, ZOO), picture, title), look_name, args)


def zoo_subject(name: str, picture: str = "", title: str = "") -> ZooSubject:
    """The model ``name`` of :data:`ZOO` with ImageNet's weights where their file is there, else random ones."""
    key = (name, weights_fingerprint(name))  # so that a finished download is seen
    if key not in _KEPT:
        _KEPT.clear()  # before the next is built: the largest takes half a GB
        model, weights = load_model(name)
        _KEPT[key] = ZooSubject(ZooConfig(name), model, weights, categories_of(name))
    return replace(_KEPT[key], picture=picture, title=title, choices={}) if picture else _KEPT[key]
