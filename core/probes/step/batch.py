"""What an update is made from: the pictures, points, sequences or samples of its batch, as much as can be shown."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.probes.pictures import numbers, sprite
from core.probes.step.loss import target_of
from core.probes.step.true import Taken

MOST_PICTURES, MOST_POINTS, MOST_SEQUENCES, MOST_STEPS = 16, 256, 4, 64


def batch(taken: Taken) -> dict[str, Any]:
    """``size``, ``kind`` and what goes with the kind, JSON-ready."""
    page = taken.task.config.page
    describe = {"cnn": _pictures, "mlp": _points, "rnn": _sequences, "gan": _samples, "transfer": _photos}[page]
    return describe(taken)


def names_of(taken: Taken) -> list[str]:
    """What each example of the batch is: its true class or value, or whether it is real; empty where there is no name."""
    config = taken.task.config
    if config.page == "gan":
        if taken.part == "generator":
            return []
        count = sum(len(call.made) for call in taken.calls if call.name == taken.calls[-1].name)
        return ["real"] * (count // 2) + ["generated"] * (count - count // 2)
    target, classes = target_of(taken), list(getattr(taken.task, "classes", ()))
    if config.page == "cnn" and target.dim() > 1:
        return [_mixed(shares, classes) for shares in target.tolist()]
    if config.page == "mlp" and config.task == "regression":
        return [f"{value:.3g}" for value in target[:, 0].tolist()]
    if config.page == "mlp" and target.dim() > 1:
        return _plane_names(target)
    if target.dim() == 1 and target.dtype == torch.int64 and classes:
        return [classes[label] for label in target.tolist()]
    return [f"{value:.3g}" for value in target.tolist()] if target.dim() == 1 else []


def _mixed(shares: list[float], classes: list[str]) -> str:
    """Of a picture that MixUp or CutMix made of two: "3 62 %, 7 38 %"."""
    found = sorted(((share, name) for share, name in zip(shares, classes, strict=True) if share > 0), reverse=True)
    return ", ".join(f"{name} {share:.0%}" for share, name in found)


def _plane_names(target: Tensor) -> list[str]:
    """Of points whose class is said by one number, or by one for each class."""
    found = (target[:, 0] > 0).long() if target.shape[1] == 1 else target.argmax(1)
    return [str(label) for label in found.tolist()]


def _pictures(taken: Taken) -> dict[str, Any]:
    task = taken.task
    if taken.batch is None:
        return {"size": 1, "kind": "example"}
    stored = task.images[taken.batch[:MOST_PICTURES]].cpu()
    pixels = task.data.pixels(stored)
    if task.config.data.augmentation != "none" or not task.config.recipe.empty:
        pixels = task.seeing.shown(taken.calls[0].given[:MOST_PICTURES])  # as the network saw them
    return {
        "size": len(taken.batch),
        "kind": "pictures",
        "pictures": sprite(pixels),
        "shown": len(stored),
    }


def _photos(taken: Taken) -> dict[str, Any]:
    """The visitor's pictures, small; where a frozen backbone has looked at them before, the undisturbed ones."""
    if taken.batch is None:
        return {"size": 1, "kind": "example"}
    stored = taken.task.stored(taken.batch[:MOST_PICTURES])
    return {"size": len(taken.batch), "kind": "pictures", "pictures": sprite(stored), "shown": len(stored)}


def _points(taken: Taken) -> dict[str, Any]:
    if taken.batch is None:
        return {"size": 1, "kind": "example"}
    places = taken.batch.places.cpu()
    data = taken.task.data
    shown = places[:MOST_POINTS]
    return {
        "size": len(places),
        "kind": "points",
        "points": [numbers(point) for point in data.train_points[shown].tolist()],
        "targets": numbers(data.train_targets[shown].tolist()),
    }


def _sequences(taken: Taken) -> dict[str, Any]:
    if taken.batch is None:
        return {"size": 1, "kind": "example"}
    inputs, problem = taken.batch.inputs, taken.task.problem
    shown = inputs[:MOST_SEQUENCES, :MOST_STEPS].cpu()
    found = {"size": len(inputs), "steps": inputs.shape[1]}
    if inputs.dtype == torch.int64:
        text = ["".join(problem.vocabulary[symbol] for symbol in row) for row in shown.tolist()]
        return found | {"kind": "text", "text": text}
    return found | {"kind": "sequences", "rows": [[numbers(step[:8]) for step in row] for row in shown.tolist()]}


def _samples(taken: Taken) -> dict[str, Any]:
    """What the discriminator is shown: real samples and generated ones; of a generator what it made of its noise."""
    calls = [call for call in taken.calls if call.network == taken.part]
    name = calls[-1].name if taken.part == "generator" else calls[0].name
    ends = [call for call in calls if call.name == name]
    parts = [call.made if taken.part == "generator" else call.given for call in ends]
    if taken.after is None:
        return {"size": 1, "kind": "example"}
    found: dict[str, Any] = {
        "size": len(parts[0]),
        "kind": "samples",
        "parts": ["generated"] if len(parts) == 1 else ["real", "generated"],
    }
    if taken.task.config.in_plane:
        return found | {
            "points": [[numbers(point) for point in part[:MOST_POINTS].detach().cpu().tolist()] for part in parts]
        }
    shape = taken.task.game.pictures.shape[1:]
    pixels = shape.numel()
    shown = [part.detach().flatten(1)[:8, :pixels].view(-1, *shape).cpu() for part in parts]
    as_bytes = ((torch.cat(shown).clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return found | {"pictures": sprite(as_bytes), "shown": len(as_bytes)}
