"""A picture that the network has not seen: what it says, and where on it it looked."""

from __future__ import annotations

import base64
import io
from typing import Any

import torch
from torch import Tensor

from core.backbones.prepare import middle
from core.errors import LiveTorchError
from core.i18n import N_
from core.pictures import files
from core.probes.arguments import whole
from core.probes.pictures import image, numbers, tensor_block
from core.probes.transfer.subject import TransferSubject, class_names
from core.training.assessment import looking

QUALITY = 88


def one_picture(
    subject: TransferSubject, *, sha: str = "", index: int | None = None, target: int | None = None
) -> dict[str, Any]:
    """Class probabilities of one picture and its Grad-CAM for ``target`` (the likeliest class by default).

    ``sha``: a kept picture; or ``index``: the position of one of the run's own. The map has values from 0 to 1.
    """
    label, pixels = _pixels(subject, sha, index)
    inputs = subject.data.normalised(pixels[None].to(subject.config.device))
    with looking(subject.net):
        said = subject.net(inputs).float().softmax(1)[0].cpu()
    shown = int(said.nan_to_num().argmax()) if target is None else whole("target", target, 0, len(said) - 1)
    heat = grad_cam(subject, inputs, shown)
    return {
        "classes": class_names(subject),
        "label": label,
        "probabilities": numbers(said.tolist()),
        "target": shown,
        "jpeg": _jpeg(pixels),
        "heat": None if heat is None else tensor_block(heat[None], signed=False),
    }


def _pixels(subject: TransferSubject, sha: str, index: int | None) -> tuple[int | None, Tensor]:
    """Its class, where it has one, and (3, side, side) uint8."""
    if index is not None:
        whole("index", index, 0, len(subject.data.labels) - 1)
        return int(subject.data.labels[index]), subject.data.stored([index])[0]
    if not isinstance(sha, str) or not files.SHA256.fullmatch(sha):
        raise LiveTorchError(N_("Choose a picture; what the network makes of it appears here."))
    return None, middle(subject.data.spec, files.rgb(sha))


def _jpeg(pixels: Tensor) -> str:
    file = io.BytesIO()
    image(pixels).save(file, "JPEG", quality=QUALITY)
    return base64.b64encode(file.getvalue()).decode("ascii")


def grad_cam(subject: TransferSubject, inputs: Tensor, target: int) -> Tensor | None:
    """Grad-CAM (Selvaraju et al., 2017) of the last convolution with maps, (H, W) from 0 to 1; nothing where there is none.

    The maps weighted by the mean gradient of the score of ``target`` in each, negative sums set to zero.
    """
    from core.probes.inside import inside

    seen = inside(subject, "network", 0, 1)
    kept: list[Tensor] = []
    hooks = [
        module.register_forward_hook(lambda _m, _x, out: kept.append(out))
        for module in seen.model.modules()
        if isinstance(module, torch.nn.Conv2d)
    ]
    try:
        with seen.opened():
            score = seen.model(inputs)[0, target]
            maps = [one for one in kept if one.dim() == 4 and min(one.shape[2:]) > 1]
            if not maps:
                return None
            (gradient,) = torch.autograd.grad(score, maps[-1])
    finally:
        for hook in hooks:
            hook.remove()
    weights = gradient.mean((2, 3), keepdim=True)
    heat = (weights * maps[-1]).sum(1)[0].relu().detach().float().cpu()
    return heat / heat.max().clamp(min=1e-12)
