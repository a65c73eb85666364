"""torchvision's classification models, to be looked into without a run: built once, never trained."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.datasets import home
from core.errors import LiveTorchError
from core.i18n import N_
from core.models.zoo import ZOO
from core.probes import look
from core.probes.arguments import one_of

SEED = 0  # of the random weights


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


def look_at_model(name: str, look_name: str, args: dict[str, Any]) -> dict[str, Any]:
    """What look ``look_name`` sees in torchvision's model ``name``.

    Raises :class:`LiveTorchError` for a model that is not offered and as :func:`core.probes.look` does.
    """
    return look(zoo_subject(one_of("model", name, ZOO)), look_name, args)


@lru_cache(maxsize=1)  # the largest takes half a GB
def zoo_subject(name: str) -> ZooSubject:
    """The model ``name`` of :data:`ZOO` with ImageNet's weights where their file is there, else random ones."""
    from torchvision.models import get_model, get_model_weights

    known = get_model_weights(name).DEFAULT
    path = weights_file(known.url)
    found = path.is_file()
    # what torchvision itself says to GoogLeNet where it loads ImageNet's weights
    more = {"init_weights": False, "aux_logits": False, "transform_input": found} if name == "googlenet" else {}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        model = get_model(name, weights=None, **more)
    if found:
        load_weights(model, path)
    return ZooSubject(ZooConfig(name), model.eval(), "imagenet" if found else "random", tuple(known.meta["categories"]))


def weights_file(url: str) -> Path:
    """Where torch.hub would keep the file of ``url`` below LiveTorch's own folder."""
    return home() / "hub" / "checkpoints" / url.rsplit("/", 1)[-1]


def load_weights(model: nn.Module, path: Path) -> None:
    """Fill ``model`` from a file of torchvision. Raises :class:`LiveTorchError` for a damaged one."""
    try:
        values = torch.load(path, map_location="cpu", weights_only=True)
        values = {name: value for name, value in values.items() if not name.startswith(("aux1.", "aux2."))}
        model.load_state_dict(values)
    except (OSError, RuntimeError, ValueError, EOFError, AttributeError, pickle.UnpicklingError) as error:
        raise LiveTorchError(
            N_("The weights in {file} cannot be read ({kind}). Delete the file to look at random weights."),
            file=path.name,
            kind=type(error).__name__,
        ) from error
