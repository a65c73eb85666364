"""What an answer rests on: attributions by Captum (Kokhlikyan et al., 2020), called plainly on a copy of the network.

Importing this imports no Captum, which takes seconds.
"""

from __future__ import annotations

import time
from typing import Any

import torch
from torch import Tensor

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import one_of, whole
from core.probes.features.attribution_inputs import BASELINES, baseline_of, window_of
from core.probes.features.attribution_methods import METHODS, Asked, Found, methods_of
from core.probes.features.camera import camera_layer
from core.probes.features.explained import explained, truth_of
from core.probes.pictures import numbers, single, tensor_block
from core.probes.threads import one_thread

STEPS = (4, 512)  # of an integral
MOST_PIECES = 32
SENT_CLASSES = 5


@one_thread
def attribution(
    subject: Any,
    *,
    method: str,
    part: str = "",
    example: int = 0,
    row: int = 0,
    pixels: str | None = None,
    place: int | None = None,
    target: int | None = None,
    layer: str = "",
    baseline: str = "",
    steps: int = 32,
    window: int = 0,
    piece: int = 0,
    pieces: int = 1,
) -> dict[str, Any]:
    """How much each part of the input speaks for output ``target`` (the strongest by default), by ``method``.

    ``layer``: of Grad-CAM; ``baseline``: what stands for "nothing" in integrated gradients and occlusion; ``steps``: of
    the integral; ``window``: of the occlusion, in pixels; ``piece`` of ``pieces``: a part of a long computation, whose
    values add up to the whole.
    """
    asked_for = explained(subject, part, example, row, pixels, place)
    one_of("method", method, methods_of(asked_for))
    with torch.no_grad():
        said = asked_for.model(asked_for.input)[0].float()  # (K,)
    usual = int(said.nan_to_num().argmax()) if asked_for.usual is None else asked_for.usual
    baselines = BASELINES[asked_for.kind]
    total = whole("pieces", pieces, 1, MOST_PIECES)
    asked = Asked(
        asked_for,
        usual if target is None else whole("target", target, 0, len(said) - 1),
        baseline_of(subject, asked_for, one_of("baseline", baseline or baselines[0], baselines)),
        camera_layer(subject, asked_for, layer) if method == "grad_cam" else "",
        whole("steps", steps, *STEPS),
        window_of(asked_for, window),
        whole("piece", piece, 0, total - 1),
        total,
    )
    loading = _load_captum()
    began = time.perf_counter()
    found = _found(method, asked)
    seconds = time.perf_counter() - began
    return _said(asked, said, found) | {"seconds": round(seconds, 4), "loading": round(loading, 3)}


def _found(method: str, asked: Asked) -> Found:
    """What Captum finds. Raises :class:`LiveTorchError` for a network that it cannot take."""
    try:
        return METHODS[method](asked)
    except (AssertionError, RuntimeError) as error:
        raise LiveTorchError(
            N_("{method} could not be computed for this network ({error}). Try another method."),
            method=method,
            error=str(error).splitlines()[0][:120] if str(error) else type(error).__name__,
        ) from error


def _load_captum() -> float:
    began = time.perf_counter()
    import captum.attr  # noqa: F401  # so that its seconds do not count as the method's

    return time.perf_counter() - began


def _said(asked: Asked, said: Tensor, found: Found) -> dict[str, Any]:
    """JSON-ready: the attribution in the form of the input, and what it explains."""
    what = asked.explained
    several = what.chances
    chances = said.softmax(0) if several else said[:0]
    order = said.argsort(descending=True, stable=True)[:SENT_CLASSES].tolist() if several else []
    return {
        "kind": what.kind,
        "target": asked.target,
        "truth": truth_of(what),
        "score": numbers([said[asked.target].item()])[0],
        "probability": numbers([chances[asked.target].item()])[0] if several else None,
        "top": [[at, *numbers([chances[at].item()])] for at in order],
        "example": what.seen.names[0] if what.seen.names else "",
        "layer": asked.layer,
        "window": asked.window[0],
        "stride": asked.window[1],
        "total": numbers([found.values.double().sum().item()])[0],
        "baseline_score": numbers([found.baseline_score])[0] if found.baseline_score is not None else None,
        "delta": numbers([found.delta])[0] if found.delta is not None else None,
        "map": list(found.map) if found.map else None,
        "broken": not bool(found.values.isfinite().all()),
        **_pictured(asked, found),
    }


def _pictured(asked: Asked, found: Found) -> dict[str, Any]:
    what, values = asked.explained, found.values.detach().float()
    if what.kind == "picture":
        assert what.pixels is not None
        return {
            "input": single(what.pixels) if asked.piece == 0 else None,  # once is enough
            "shape": list(what.pixels.shape),
            "heat": tensor_block(values, signed=found.signed),
        }
    block: dict[str, Any] = {"names": list(what.names), "signed": found.signed}
    if what.kind == "tokens":
        return block | {"heat": numbers(values[0].tolist())}
    block["values"] = numbers(what.input[0].flatten().tolist())
    if what.kind == "steps":
        features = values[0]  # (T, n)
        return block | {
            "heat": numbers(features.sum(1).tolist()),
            "features": tensor_block(features[None], found.signed),
        }
    return block | {"heat": numbers(values[0].tolist())}
