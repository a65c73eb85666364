"""A copy of a network that can be asked what its answer rests on: one input, and scores (B, K) to explain.

A copy, because libraries that explain hang hooks into a network and switch its modes; the run never notices.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from core.backbones.spec import IMAGENET_MEAN, IMAGENET_STD
from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import whole
from core.probes.drawing import as_picture, decoded, fitted, usual_extent
from core.probes.features.explained_models import AtStep, Joined, Judged
from core.probes.inside import Inside, inside

if TYPE_CHECKING:
    from core.probes.subject import Subject


@dataclass(frozen=True)
class Explained:
    """What is explained, on the CPU."""

    seen: Inside
    network: nn.Module  # the copy, whose layers have the names of the run's own
    model: nn.Module  # around it: (B, ...) like ``input`` -> scores (B, K)
    input: Tensor  # (1, ...): a picture (1, C, H, W), numbers (1, n), steps (1, T, n) or tokens (1, T) int64
    kind: str  # "picture", "numbers", "steps" or "tokens"
    names: tuple[str, ...]  # of the numbers or steps
    outputs: tuple[str, ...]  # of the K scores; empty where they have no names
    chances: bool = False  # whether the softmax of the scores is the probability of each output
    usual: int | None = None  # the output that is explained where none is chosen; by default the strongest
    place: int = 0  # the step whose answer is explained, where there is one after every step
    places: int = 1
    pixels: Tensor | None = None  # (C, H, W) uint8 up to 255, as people see it
    low: Tensor | None = None  # (C, 1, 1) black and white as the network reads them
    high: Tensor | None = None

    @property
    def given(self) -> Tensor:
        """All that the network itself reads, (1, ...): the class it may be told included."""
        return self.seen.inputs.detach().cpu()


def example_of(
    subject: Subject, part: str, example: int, row: int = 0, pixels: str | None = None, split: str = "validation"
) -> Inside:
    """One example: ``row`` 1 is the generated sample beside a real one; ``pixels``: a drawing instead of an example."""
    seen = inside(subject, part, example, 1, split)
    whole("row", row, 0, len(seen.inputs) - 1)
    if pixels is not None:
        return _drawn(subject, seen, pixels)
    return replace(
        seen,
        inputs=seen.inputs[row : row + 1],
        picture=None if seen.picture is None else seen.picture[row : row + 1],
        names=seen.names[row : row + 1],
    )


def _drawn(subject: Any, seen: Inside, pixels: str) -> Inside:
    if subject.config.page != "cnn":
        raise LiveTorchError(N_("Drawings can be explained to runs of the CNN page. Choose an example here."))
    data = subject.data
    height, width = data.validation_images.shape[2:]
    ink = fitted(decoded(pixels, height, width), height, width, usual_extent(data))
    stored = as_picture(ink, data)[None]
    inputs = data.normalised(stored.to(seen.inputs.device))
    return replace(seen, inputs=inputs, picture=stored, target=None, names=("",))


def explained(
    subject: Any,
    part: str = "",
    example: int = 0,
    row: int = 0,
    pixels: str | None = None,
    place: int | None = None,
) -> Explained:
    """The network ``part`` with one example, ready to be explained. ``place``: after which step, the last by default."""
    seen = example_of(subject, part, example, row, pixels)
    network = deepcopy(seen.model).cpu().eval()
    inputs = seen.inputs.detach().cpu()
    if seen.picture is not None:
        return _picture(subject, seen, network, inputs)
    if seen.kind == "noise":
        return _noise(subject, seen, network, inputs)
    if seen.kind == "sequence":
        return _sequence(seen, network, inputs, place)
    names = seen.steps or ("x", "y")
    chances = subject.config.page == "mlp" and subject.config.loss.name == "cross_entropy"
    return Explained(seen, network, network, inputs, "numbers", names, seen.outputs, chances)


def _picture(subject: Any, seen: Inside, network: nn.Module, inputs: Tensor) -> Explained:
    assert seen.picture is not None
    channels, height, width = seen.picture.shape[1:]
    flat = inputs.dim() == 2
    count = channels * height * width if flat else channels
    rest = inputs[:, count:] if inputs.shape[1] > count else None
    picture = inputs[:, :count].reshape(1, channels, height, width)
    joined = network if rest is None and not flat else Joined(network, rest, flat)
    low, high = shades(subject, channels)
    shown = subject.data.pixels(seen.picture[0]) if subject.config.page == "cnn" else seen.picture[0].cpu()
    chances = len(seen.outputs) > 1
    if subject.config.page == "zoo":
        seen = replace(seen, target=None)  # its target is the model's own choice, not the truth
    return Explained(
        seen, network, joined, picture, "picture", (), seen.outputs, chances, pixels=shown, low=low, high=high
    )


def shades(subject: Any, channels: int) -> tuple[Tensor, Tensor]:
    """Black and white as a network reads them, (C, 1, 1) each."""
    if subject.config.page == "cnn":
        black = torch.zeros(channels, 1, 1, dtype=torch.uint8)
        return subject.data.normalised(black), subject.data.normalised(black + subject.data.scale)
    if subject.config.page == "gan":
        return torch.full((channels, 1, 1), -1.0), torch.full((channels, 1, 1), 1.0)
    mean, std = (torch.tensor(values).view(-1, 1, 1) for values in (IMAGENET_MEAN, IMAGENET_STD))
    return -mean / std, (1 - mean) / std


def _noise(subject: Any, seen: Inside, network: nn.Module, inputs: Tensor) -> Explained:
    config = subject.config
    latent = config.latent.dimension
    judged = Judged(network, deepcopy(seen.others[0]).cpu().eval(), config)
    rest = inputs[:, latent:] if inputs.shape[1] > latent else None
    names = tuple(f"z{number + 1}" for number in range(latent))
    outputs = (*seen.outputs, "score")
    asked = Joined(judged, rest)
    return Explained(seen, network, asked, inputs[:, :latent], "numbers", names, outputs, usual=len(outputs) - 1)


def _sequence(seen: Inside, network: nn.Module, inputs: Tensor, place: int | None) -> Explained:
    kind, chances = "steps" if inputs.is_floating_point() else "tokens", len(seen.outputs) > 1
    names = seen.steps or tuple(str(step + 1) for step in range(inputs.shape[1]))
    if not getattr(network, "every", False):
        return Explained(seen, network, network, inputs, kind, names, seen.outputs, chances, place=inputs.shape[1] - 1)
    last = inputs.shape[1] - 1
    step = last if place is None else whole("place", place, 0, last)
    asked = AtStep(network, step)
    return Explained(
        seen, network, asked, inputs, kind, names, seen.outputs, chances, place=step, places=inputs.shape[1]
    )


def truth_of(asked: Explained) -> int | None:
    """The output that would be right, where there is one."""
    target, outputs = asked.seen.target, len(asked.outputs)
    if target is None or outputs < 2 or target.is_floating_point():
        return None
    found = target.detach().cpu()
    if found.dim() == 1:
        return int(found[0])
    offset = asked.input.shape[1] - found.shape[1]  # the copy task wants answers at its last steps only
    return int(found[0, asked.place - offset]) if asked.place >= offset else None
