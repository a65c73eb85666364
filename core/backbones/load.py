"""Backbones as torch modules: built with their weights or random ones, without the layer that names ImageNet's classes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from core.backbones.fingerprint import RANDOM, SEED
from core.backbones.prepare import prepared
from core.backbones.registry import BACKBONES
from core.backbones.spec import BackboneSpec
from core.errors import ConfigError, LiveTorchError
from core.families import found
from core.i18n import N_


@dataclass(frozen=True)
class Backbone:
    """A backbone in evaluation mode on the CPU. ``model`` is the caller's own: it may be trained and moved."""

    model: nn.Module  # pictures (B, 3, side, side), normalised -> (B, features)
    spec: BackboneSpec
    weights: str  # "imagenet", "formula" or "random"
    categories: tuple[str, ...] | None  # names of ImageNet's classes, which the layer that was taken off told apart

    def features(self, images: Tensor) -> Tensor:
        """Normalised pictures (B, 3, S, S) -> (B, F). With gradients, where they are on."""
        found: Tensor = self.model(images)
        return found

    def prepare(self, picture: Any) -> Tensor:
        """A PIL picture or (3, H, W) uint8 -> (3, side, side) float32, normalised, as torchvision's transforms do it."""
        return prepared(self.spec, picture)

    def stages(self) -> list[list[nn.Parameter]]:
        """Parameters that are unfrozen together, from the output to the input; each of them once."""
        named = dict(self.model.named_parameters())
        return [
            [value for name, value in named.items() if any(_under(name, prefix) for prefix in stage)]
            for stage in self.spec.stages
        ]


def _under(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


def load_backbone(name: str, pretrained: bool = True, seed: int = SEED) -> Backbone:
    """Backbone ``name`` of :data:`BACKBONES`, a fresh one at each call, without its head. ``seed``: of random weights.

    Raises :class:`ConfigError` for its field ``backbone`` where the weights are not on this machine, and
    :class:`LiveTorchError` where they cannot be read.
    """
    spec = BACKBONES[name]
    if pretrained and not spec.available():
        raise missing(spec)
    model, weights = load_model(name, pretrained, seed)
    return Backbone(without_head(spec, model), spec, weights, categories_of(name) if spec.names_things else None)


def without_head(spec: BackboneSpec, model: nn.Module) -> nn.Module:
    """``model`` itself, with nothing in place of the layer that names classes."""
    if spec.head:
        owner, _, last = spec.head.rpartition(".")
        setattr(model.get_submodule(owner), last, nn.Identity())
    return model


def load_model(name: str, pretrained: bool = True, seed: int = SEED) -> tuple[nn.Module, str]:
    """The whole model, in evaluation mode, with its weights where they are on this machine, else random ones.

    Beside it, which weights these are: "imagenet", "formula" or "random". Raises :class:`LiveTorchError` for a damaged
    file.
    """
    spec = BACKBONES[name]
    path = spec.weights() if pretrained else None
    if path is not None:
        with torch.device("meta"):  # drawing random weights of VGG-11 only to overwrite them takes seconds
            model = built(spec, True)
        load_weights(model, path)
    else:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = built(spec, False)
    return model.eval(), RANDOM if path is None else "formula" if spec.shipped else "imagenet"


def built(spec: BackboneSpec, known: bool) -> nn.Module:
    """The network as it is before its weights are filled in; ``known``: whether those of ImageNet will be."""
    if spec.shipped:
        return cast(nn.Module, found("core.models.formula:FormulaNet")())
    from torchvision.models import get_model

    # what torchvision itself says to GoogLeNet where it loads ImageNet's weights
    more = {"init_weights": False, "aux_logits": False, "transform_input": known} if spec.name == "googlenet" else {}
    return cast(nn.Module, get_model(spec.name, weights=None, **more))


@lru_cache
def categories_of(name: str) -> tuple[str, ...]:
    """Names of ImageNet's 1,000 classes in the order of the model's outputs."""
    from torchvision.models import get_model_weights

    return tuple(get_model_weights(name).DEFAULT.meta["categories"])


def load_weights(model: nn.Module, path: Path) -> None:
    """Fill ``model`` from a file of torchvision, or of ours (.safetensors). Raises :class:`LiveTorchError` for a damaged one."""
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            values = load_file(path)
        else:
            values = torch.load(path, map_location="cpu", weights_only=True)
        values = {name: value for name, value in values.items() if not name.startswith(("aux1.", "aux2."))}
        floats = {name: value.float() if value.is_floating_point() else value for name, value in values.items()}
        model.load_state_dict(floats, assign=True)
    except Exception as error:  # a damaged file can fail in any way; it cannot run anything
        if isinstance(error, MemoryError):
            raise
        raise LiveTorchError(
            N_(
                "The weights in {file} cannot be read ({kind}). Delete the file and download them again, or take random weights."
            ),
            file=path.name,
            kind=type(error).__name__,
        ) from error


def missing(spec: BackboneSpec) -> ConfigError:
    """That its weights are not here, and what can be done."""
    if spec.shipped:
        return ConfigError(
            "backbone",
            N_(
                "The weights of {name} are not in this installation of LiveTorch. Choose another backbone, or random weights."
            ),
            name=spec.title,
        )
    return ConfigError(
        "backbone",
        N_(
            "The weights of {name} are not on this machine. Download them ({size} MB), choose the offline backbone, which needs no network, or random weights."
        ),
        name=spec.title,
        size=max(1, round(spec.megabytes)),
    )
