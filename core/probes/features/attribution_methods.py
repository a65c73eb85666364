"""The methods, each one call of Captum. A found attribution has the form of the input: (1, H, W), (1, n), (1, T, n)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.features.explained import Explained
from core.probes.features.explained_models import AtStep, Band

AT_ONCE = 4 * 224 * 224  # numbers of a batch of inputs that are sent through a network together, at most
MOST_AT_ONCE = 128


@dataclass(frozen=True)
class Asked:
    """Everything a method needs to know."""

    explained: Explained
    target: int
    baseline: Tensor
    layer: str
    steps: int
    window: tuple[int, int]  # side and stride
    piece: int
    pieces: int


@dataclass(frozen=True)
class Found:
    """What a method says."""

    values: Tensor
    signed: bool
    delta: float | None = None  # convergence delta: sum of the values less the difference of the scores
    baseline_score: float | None = None
    map: tuple[int, ...] | None = None  # size of the layer's maps (Grad-CAM)


def methods_of(what: Explained) -> tuple[str, ...]:
    """What can be asked of this kind of input."""
    from core.probes.features.camera import cameras

    common = ("integrated_gradients", "saliency", "occlusion")
    return ("grad_cam", *common) if what.kind == "picture" and cameras(what) else common


def batch_of(example: Tensor) -> int:
    """How many copies of an input go through a network together."""
    return max(1, min(MOST_AT_ONCE, AT_ONCE // example.numel()))


def grad_cam(asked: Asked) -> Found:
    """Grad-CAM (Selvaraju et al., 2017): maps of a layer, weighted by the mean gradient of the score in each.

    The layer's map, (1, H', W'), with negative sums set to zero, enlarged to the picture as Captum does it.
    """
    from captum.attr import LayerAttribution, LayerGradCam

    what = asked.explained
    method = LayerGradCam(what.model, what.network.get_submodule(asked.layer))
    small = method.attribute(what.input, target=asked.target, relu_attributions=True)
    sides = tuple(what.input.shape[2:])
    large = LayerAttribution.interpolate(small, sides, interpolate_mode="bilinear")
    return Found(large.detach()[0], False, map=tuple(small.shape[2:]))


def integrated_gradients(asked: Asked) -> Found:
    """Integrated gradients (Sundararajan et al., 2017) from the baseline to the input, along a straight line.

    A piece goes over its part of the line; as the parts follow each other, their attributions and deltas add up.
    """
    from captum.attr import IntegratedGradients, LayerIntegratedGradients

    what = asked.explained
    steps = max(1, round(asked.steps / asked.pieces))
    if what.kind == "tokens":
        layered = LayerIntegratedGradients(what.model, _embedding(what))
        values, delta = layered.attribute(
            what.input, baselines=asked.baseline, target=asked.target, n_steps=steps, return_convergence_delta=True
        )
        return _integral(asked, values.sum(2), delta)
    span = what.input - asked.baseline
    begin, end = (asked.baseline + place / asked.pieces * span for place in (asked.piece, asked.piece + 1))
    if asked.piece + 1 == asked.pieces:
        end = what.input
    values, delta = IntegratedGradients(what.model).attribute(
        end,
        baselines=begin,
        target=asked.target,
        n_steps=steps,
        internal_batch_size=batch_of(what.input),
        return_convergence_delta=True,
    )
    return _integral(asked, values.sum(1) if what.kind == "picture" else values, delta)


def _integral(asked: Asked, values: Tensor, delta: Tensor) -> Found:
    return Found(values.detach(), True, float(delta[0]), _baseline_score(asked))


def saliency(asked: Asked) -> Found:
    """Saliency (Simonyan et al., 2014): the gradient of the score; of pictures and sequences its size."""
    from captum.attr import Saliency

    what = asked.explained
    if what.kind == "tokens":
        vectors = _embedding(what)(what.input).detach().requires_grad_(True)
        values = Saliency(onward(what)).attribute(vectors, target=asked.target, abs=True)
        return Found(values.detach().sum(2), False)
    signed = what.kind == "numbers"
    given = what.input.clone().requires_grad_(True)
    values = Saliency(what.model).attribute(given, target=asked.target, abs=not signed).detach()
    return Found(values.amax(1) if what.kind == "picture" else values, signed)


def occlusion(asked: Asked) -> Found:
    """Occlusion (Zeiler and Fergus, 2014): how far the score falls when a window is covered with the baseline.

    A piece covers a band of rows, the others uncovered; windows do not reach over its edges.
    """
    from captum.attr import Occlusion

    what = asked.explained
    size, stride = asked.window
    if what.kind != "picture":
        shape = (1,) if what.input.dim() == 2 else (1, what.input.shape[2])
        values = (
            Occlusion(what.model)
            .attribute(
                what.input,
                sliding_window_shapes=shape,
                baselines=asked.baseline,
                target=asked.target,
                perturbations_per_eval=MOST_AT_ONCE,
            )
            .float()
        )
        if what.kind == "steps":
            values = values / values.shape[2]  # all numbers of a step are covered together
        return Found(values, True, baseline_score=_baseline_score(asked))
    top, bottom = _band(what.input.shape[2], size, asked.piece, asked.pieces)
    if top == bottom:
        return Found(torch.zeros_like(what.input[:, 0]), True, baseline_score=_baseline_score(asked))
    model = what.model if asked.pieces == 1 else Band(what.model, what.input, top, bottom)
    channels = what.input.shape[1]
    values = Occlusion(model).attribute(
        what.input[:, :, top:bottom],
        sliding_window_shapes=(channels, min(size, bottom - top), size),
        strides=(channels, min(stride, bottom - top), stride),
        baselines=asked.baseline[:, :, top:bottom],
        target=asked.target,
        perturbations_per_eval=batch_of(what.input),
    )
    whole = torch.zeros_like(what.input[:, 0])
    whole[:, top:bottom] = values[:, 0]  # the same in every channel, which are covered together
    return Found(whole, True, baseline_score=_baseline_score(asked))


def _band(height: int, size: int, piece: int, pieces: int) -> tuple[int, int]:
    """Rows of a piece: whole windows."""
    rows = -(-height // size)
    first, last = (round(rows * place / pieces) for place in (piece, piece + 1))
    return min(height, first * size), min(height, last * size)


def onward(what: Explained) -> nn.Module:
    """A network that reads tokens, entered behind its embedding: (B, T, features) -> scores."""
    what.network.embedding = None  # type: ignore[assignment]  # of a copy, see explained()
    return AtStep(what.network, what.place) if isinstance(what.model, AtStep) else what.network


def _embedding(what: Explained) -> nn.Module:
    embedding = getattr(what.network, "embedding", None)
    if not isinstance(embedding, nn.Module):
        raise LiveTorchError(N_("This network reads tokens without an embedding; nothing can be attributed to them."))
    return embedding


def _baseline_score(asked: Asked) -> float:
    with torch.no_grad():
        return float(asked.explained.model(asked.baseline)[0, asked.target])


METHODS: dict[str, Callable[[Asked], Found]] = {
    "grad_cam": grad_cam,
    "integrated_gradients": integrated_gradients,
    "saliency": saliency,
    "occlusion": occlusion,
}
