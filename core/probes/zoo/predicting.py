"""What a torchvision model says a picture shows: its likeliest ImageNet classes, and how long that took."""

from __future__ import annotations

import base64
import io
import time
from typing import Any

import torch
from torch import Tensor, nn

from core.backbones.prepare import normalised
from core.backbones.registry import BACKBONES
from core.probes.inside.zoo import examples_of, pixels_of
from core.probes.pictures import image, numbers
from core.probes.threads import one_thread
from core.probes.zoo.subject import ZooSubject

TOLD = 5  # classes
PASSES, LONG = 3, 1.0  # passes that are timed, and seconds after which no more are
QUALITY = 88  # of the JPEG that shows what is read


@one_thread
def predicted(subject: ZooSubject, *, example: int = 0) -> dict[str, Any]:
    """The five likeliest classes of picture ``example``, with their softmax probabilities; JSON-ready.

    ``seconds``: of the quickest of some passes on one thread, without decoding; ``seen``: the middle that is read.
    """
    spec, pixels = BACKBONES[subject.config.name], pixels_of(subject, example)
    scores, seconds = timed(subject.model, normalised(spec, pixels[None]))
    chances = scores[0].softmax(0)
    order = chances.argsort(descending=True, stable=True)[:TOLD].tolist()
    return {
        "example": examples_of(subject)[example],
        "top": [[at, subject.categories[at], *numbers([chances[at].item()])] for at in order],
        "seconds": round(seconds, 5),
        "weights": subject.weights,
        "side": spec.side,
        "seen": _jpeg(pixels),
    }


def timed(model: nn.Module, images: Tensor) -> tuple[Tensor, float]:
    """What ``model`` puts out for ``images``, and the seconds of its quickest pass."""
    taken: list[float] = []
    with torch.no_grad():
        while len(taken) < PASSES and sum(taken) < LONG:
            began = time.perf_counter()
            scores: Tensor = model(images)
            taken.append(time.perf_counter() - began)
    return scores.float(), min(taken)


def _jpeg(pixels: Tensor) -> str:
    file = io.BytesIO()
    image(pixels).save(file, "JPEG", quality=QUALITY)
    return base64.b64encode(file.getvalue()).decode("ascii")
