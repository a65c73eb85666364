"""What of a visitor's pictures may spoil a training, found by counting and by comparing them. Words are the page's."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import torch
from torch import Tensor

from core.probes.pictures import numbers
from core.probes.transfer.doubt import doubts, others_say
from core.probes.transfer.subject import TransferSubject, answers, class_names, losses

FEW = 10  # pictures of a class below which a few odd ones decide
UNEVEN = 3.0  # times as many pictures of the largest class as of the smallest
SMALL = 16  # pixels a side of what is compared
ALIKE = 0.985  # correlation of two small pictures from which they show the same
AT_ONCE = 64  # pictures in memory while they are compared
MOST_PAIRS, MOST_SUSPECTS = 12, 8
SURE = 0.9  # of another class, before a picture is suspected to be labelled wrongly
DOUBT = 0.2  # by how much the others must prefer another class


def advice(subject: TransferSubject) -> dict[str, Any]:
    """What was found, the gravest first: ``kind`` and the values its sentence needs, pictures by their positions."""
    doubted = _doubted(subject)
    worst = [{"kind": "doubted", "count": len(doubted), "index": doubted[:MOST_SUSPECTS]}] if doubted else []
    grave = [*_contradictions(subject), *worst, *_too_few(subject), *_near(subject), *_uneven(subject)]
    found = [*grave, *_suspects(subject, set(doubted))]
    return {
        "found": found,
        "counts": [int((subject.data.labels == number).sum()) for number in range(len(subject.data.classes))],
        "held": [
            int((subject.data.labels[subject.data.validation] == number).sum())
            for number in range(len(subject.data.classes))
        ],
        "classes": class_names(subject),
    }


def _too_few(subject: TransferSubject) -> list[dict[str, Any]]:
    labels = subject.data.labels[subject.data.train]
    counts = [(name, int((labels == number).sum())) for number, name in enumerate(subject.data.classes)]
    few = [(name, count) for name, count in counts if count < FEW]
    return [{"kind": "few", "name": name, "count": count, "fewest": FEW} for name, count in few]


def _uneven(subject: TransferSubject) -> list[dict[str, Any]]:
    counts = Counter(subject.data.labels.tolist())
    (most, many), (least, few) = counts.most_common()[0], counts.most_common()[-1]
    if many < UNEVEN * few:
        return []
    names = subject.data.classes
    share = many / len(subject.data.labels)
    return [
        {
            "kind": "uneven",
            "most": names[most],
            "many": many,
            "least": names[least],
            "few": few,
            "percent": round(100 * share),
        }
    ]


def _contradictions(subject: TransferSubject) -> list[dict[str, Any]]:
    """The same picture twice: in two classes, or just counted twice."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, sha in enumerate(subject.data.shas):
        places[sha].append(place)
    twice = [found for found in places.values() if len(found) > 1]
    two_classes = [found for found in twice if len(set(subject.data.labels[found].tolist())) > 1]
    same = [found for found in twice if found not in two_classes]
    said = []
    if two_classes:
        said.append({"kind": "contradiction", "count": len(two_classes), "pairs": _pairs(two_classes)})
    if same:
        said.append({"kind": "copies", "count": len(same), "pairs": _pairs(same)})
    return said


def _pairs(groups: list[list[int]]) -> list[list[int]]:
    return [found[:2] for found in groups[:MOST_PAIRS]]


def _near(subject: TransferSubject) -> list[dict[str, Any]]:
    """Held-out pictures that show almost the same as one that is trained on."""
    data = subject.data
    places = range(len(data.labels))
    parts = (places[at : at + AT_ONCE] for at in range(0, len(places), AT_ONCE))
    small = torch.cat([fingerprints(data.stored(part)) for part in parts])
    alike = small[data.validation] @ small[data.train].T  # (m, n)
    best = alike.max(1)
    close = (best.values >= ALIKE).nonzero().flatten()
    if not len(close):
        return []
    close = close[best.values[close].argsort(descending=True)]
    pairs = [[int(data.validation[at]), int(data.train[best.indices[at]])] for at in close.tolist()]
    return [{"kind": "near", "count": len(pairs), "held": len(data.validation), "pairs": pairs[:MOST_PAIRS]}]


def fingerprints(pixels: Tensor) -> Tensor:
    """Pictures (N, 3, S, S) uint8 -> (N, 768) of mean 0 and length 1: small, and blind to brightness and contrast."""
    rows = torch.nn.functional.adaptive_avg_pool2d(pixels.float(), SMALL).flatten(1)
    rows = rows - rows.mean(1, keepdim=True)
    found: Tensor = rows / rows.norm(dim=1, keepdim=True).clamp(min=1e-6)
    return found


def _doubted(subject: TransferSubject) -> list[int]:
    """Pictures that all the others would put into another class, the most doubtful first."""
    if not subject.config.looks_first:
        return []
    doubt = doubts(others_say(subject), subject.data.labels)
    return [place for place in doubt.argsort(descending=True).tolist() if doubt[place] > DOUBT]


def _suspects(subject: TransferSubject, named: set[int]) -> list[dict[str, Any]]:
    """Pictures whose class the network firmly denies: a mistake of the network, or of whoever labelled them.

    Without those that were ``named`` already.
    """
    found: list[tuple[float, int]] = []
    for part in ("validation", "train"):
        places, said, _step = answers(subject, part)
        labels = subject.data.labels[places]
        surest, loss = said.max(1), losses(said, labels)
        wrong = (surest.indices != labels) & (surest.values >= SURE)
        here = [at for at in wrong.nonzero().flatten().tolist() if int(places[at]) not in named]
        found += [(float(loss[at]), int(places[at])) for at in here]
    if not found or subject.step == 0:
        return []
    found.sort(reverse=True)
    worst = found[:MOST_SUSPECTS]
    return [
        {
            "kind": "suspects",
            "count": len(found),
            "index": [place for _loss, place in worst],
            "loss": numbers([loss for loss, _place in worst], digits=3),
        }
    ]
