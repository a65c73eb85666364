"""What a look may use of a playground run, and its blocks of maps."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch import Tensor

from core.config.plane import EDGE
from core.datasets.plane import load_plane
from core.models.mlp import MLP, build_mlp
from core.probes.subject import Subject
from core.training.plane_losses import Part, part_of

if TYPE_CHECKING:
    from core.config import MLPRunConfig
    from core.datasets.plane import PlaneData

MIDDLE = 127  # the byte that means zero
BROKEN = 255  # the byte of a value that is not finite


class PlaneSubject(Subject, Protocol):
    """A network of the playground with its points, between two steps."""

    @property
    def config(self) -> MLPRunConfig:
        """With every change made so far."""

    @property
    def model(self) -> MLP:
        """On ``config.device``."""

    @property
    def data(self) -> PlaneData:
        """The points, on the CPU."""

    @property
    def train(self) -> Part:
        """The training points as the network takes them."""

    @property
    def points_version(self) -> int:
        """Another one, and the points are others."""


class PlaneRest:
    """What a look may use of a playground run that is over; on the CPU."""

    def __init__(self, config: MLPRunConfig, model: MLP, step: int) -> None:
        self.config, self.model, self.step = config, model, step
        self.data = load_plane(config)
        self.train = part_of(config, self.data.train_points, self.data.train_targets)
        self.points_version = 0

    @property
    def version(self) -> tuple[int, ...]:
        """It changes no more."""
        return (self.step,)


def plane_rest(config: MLPRunConfig, weights: dict[str, Tensor], step: int) -> PlaneRest:
    """What is left of a playground run. Raises ``RuntimeError`` for weights of another network."""
    with torch.random.fork_rng(devices=[]):
        model = build_mlp(config)
    model.load_state_dict(weights)
    return PlaneRest(config, model, step)


def grid(side: int) -> Tensor:
    """The centres of side x side cells of the plane, (side², 2): from the top left, row by row."""
    centres = (torch.arange(side) + 0.5) * (2 * EDGE / side) - EDGE
    return torch.stack([centres.repeat(side), -centres.repeat_interleave(side)], 1)


def signed_block(values: Tensor, side: int, scale: float | None = None) -> dict[str, Any]:
    """Maps (n, side²) as a byte a cell: value = (byte - 127) / 127 x scale, 255 where a value is not finite.

    ``scale``: the same for all maps, larger values are cut; without it each map has its largest.
    """
    found = values.detach().cpu().double()
    finite = found.isfinite()
    found = found.where(finite, 0.0)
    scales = found.abs().amax(1) if scale is None else torch.full((len(found),), scale, dtype=torch.float64)
    steps = found / scales.clamp(min=1e-300)[:, None] * MIDDLE
    bytes_ = (steps.clamp(-MIDDLE, MIDDLE).round() + MIDDLE).to(torch.uint8)
    return {
        "count": len(found),
        "side": side,
        "scale": [float(f"{one:.6g}") for one in scales.tolist()],
        "values": packed(bytes_.where(finite, BROKEN)),
    }


def packed(values: Tensor) -> str:
    """uint8 values as base64."""
    return base64.b64encode(values.contiguous().numpy().tobytes()).decode("ascii")


def layer_name(config: MLPRunConfig, layer: int) -> str:
    """``hidden1``, ..., ``output``."""
    return "output" if layer == len(config.model.layers) else f"hidden{layer + 1}"


def layer_activation(config: MLPRunConfig, layer: int) -> str:
    """The activation of a layer; what squashes the output is part of the loss."""
    return "none" if layer == len(config.model.layers) else config.model.layers[layer].activation


def squashed(config: MLPRunConfig, outputs: Tensor) -> Tensor:
    """Outputs (n, k) brought to -1..1 as their loss reads them; values of a regression as they are."""
    if config.task == "regression":
        return outputs
    if config.loss.name == "cross_entropy":
        return 2 * outputs.softmax(1) - 1
    if config.loss.name == "bce":
        return 2 * outputs.sigmoid() - 1
    return outputs.tanh() if config.loss.name == "mse" else outputs.clamp(-1, 1)
