"""Pictures a generator makes: the sheet of fixed noises, and whether they are copies of training pictures."""

from __future__ import annotations

import base64
from typing import Any

import torch
from torch import Tensor

from core.models.gan import classes_of
from core.probes.arguments import whole
from core.probes.gan.subject import GANSubject, need_pictures
from core.probes.pictures import numbers
from core.training.gan_game import Game
from core.training.gan_history import as_bytes
from core.training.gan_judge import judge

COPY = 0.25  # of the usual distance: nearer than that is a copy
COMPARED = 2_000  # training pictures of which the usual distance is taken


def packed(pictures: Tensor) -> str:
    """Bytes (any shape) as base64."""
    return base64.b64encode(pictures.contiguous().numpy().tobytes()).decode("ascii")


def tiled(pictures: Tensor, columns: int) -> dict[str, Any]:
    """Pictures (rows x columns, H, W) uint8 side by side as one sheet, row by row."""
    count, height, width = pictures.shape
    rows = count // columns
    whole_sheet = pictures.view(rows, columns, height, width).transpose(1, 2)
    return {"columns": columns, "rows": rows, "height": height, "width": width, "pixels": packed(whole_sheet)}


def judged(game: Game, pictures: Tensor) -> dict[str, Any]:
    """What the judge sees in pictures (n, C, H, W) from -1 to 1, and how sure it is."""
    surest = judge(game.config.dataset).probabilities(pictures).max(1)
    return {
        "judged": [game.classes[place] for place in surest.indices.tolist()],
        "confidence": numbers(surest.values.tolist(), 4),
    }


def sheet(subject: GANSubject, side: int = 8) -> dict[str, Any]:
    """The fixed noises' pictures, ``side`` x ``side``, or a row for each class where the generator is told it.

    Raises :class:`LiveTorchError` for runs in the plane and for a side out of range.
    """
    need_pictures(subject)
    side, game = whole("side", side, 2, 12), subject.game
    rows = classes_of(subject.config) or side
    given = game.fixed(rows * side)
    # the same noises in every row, so that one sees what the class changes
    z = given.z[:side].repeat(rows, 1) if given.labels is not None else given.z
    labels = torch.arange(rows, device=z.device).repeat_interleave(side) if given.labels is not None else None
    with game.looked_at():
        made = game.generate(z, labels)
    found = judge(subject.config.dataset)
    return (
        tiled(as_bytes(made), side)
        | {"labels": list(game.classes) if labels is not None else None}
        | judged(game, made)
        | {"judge": {"accuracy": found.accuracy, "seconds": round(found.seconds, 2)}}
    )


def nearest(subject: GANSubject, count: int = 8) -> dict[str, Any]:
    """The training picture nearest to each of ``count`` generated ones, against how near real ones lie to each other.

    Distances are root mean squares over pixels, from 0 to 255. Raises :class:`LiveTorchError` as :func:`sheet` does.
    """
    need_pictures(subject)
    count, game = whole("count", count, 1, 16), subject.game
    made, _scores = game.shown(count)
    real = game.stored(game.pictures)
    distance, index = torch.cdist(made.flatten(1), real.flatten(1)).min(1)
    scale = 127.5 / made[0].numel() ** 0.5
    distances, usual = (distance * scale).cpu(), typical(subject.config.dataset, game)
    return {
        "height": made.shape[2],
        "width": made.shape[3],
        "count": count,
        "generated": packed(as_bytes(made)),
        "nearest": packed(as_bytes(real[index])),
        "index": index.tolist(),
        "classes": [game.classes[label] for label in game.labels[index].tolist()],
        "distance": numbers(distances.tolist(), 4),
        "typical": numbers([usual], 4)[0],
        "copies": int((distances < COPY * usual).sum()),
    }


_usual: dict[str, float] = {}


def typical(dataset: str, game: Game) -> float:
    """The median distance of a training picture to the nearest other one, over the first 2,000; told once a process."""
    if dataset not in _usual:
        some = game.stored(game.pictures[:COMPARED]).flatten(1)
        apart = torch.cdist(some, some).fill_diagonal_(float("inf")).min(1).values
        _usual[dataset] = (apart.median() * 127.5 / some.shape[1] ** 0.5).item()
    return _usual[dataset]
