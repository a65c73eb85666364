"""Which pictures of a set are trained on and which are held back. No torch.

The side of a picture follows from its fingerprint and the seed, class by class, so that it stays where it is when
another picture is added, dropped or given another class, and copies of one picture are never on both sides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.pictures.sets import PictureSet, read_set


@dataclass(frozen=True)
class Split:
    """Positions in the set, ascending."""

    train: tuple[int, ...]
    validation: tuple[int, ...]


def split(one: PictureSet, share: float, seed: int) -> Split:
    """Hold ``share`` of each class back, at least one picture, and leave at least one to train on."""
    held: set[str] = set()
    decided: set[str] = set()
    for label in range(len(one.classes)):
        mine = list(dict.fromkeys(sha for sha, other in one.pictures if other == label))
        free = sorted((sha for sha in mine if sha not in decided), key=lambda sha: _rank(sha, seed))
        wanted = min(max(1, round(share * len(mine))), len(mine) - 1)
        wanted -= sum(sha in held for sha in mine)
        held.update(free[: max(0, wanted)])
        decided.update(mine)
    places = range(len(one.pictures))
    return Split(
        tuple(place for place in places if one.pictures[place][0] not in held),
        tuple(place for place in places if one.pictures[place][0] in held),
    )


def _rank(sha: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}:{sha}".encode()).hexdigest()


def set_of(fingerprint: str) -> PictureSet:
    """The set kept under ``fingerprint``, or the drawn shapes for "". Draws these if they were never drawn: for workers."""
    return read_set(fingerprint) if fingerprint else drawn_shapes()


@lru_cache(maxsize=1)
def drawn_shapes() -> PictureSet:
    """The album of drawn shapes as a set."""
    from core.pictures.builtin import SHAPES, TITLES, make_album
    from core.pictures.drawn import Drawn

    found = Drawn(lambda _function, album, timeout: make_album(album)).pictures(SHAPES)
    return labelled(TITLES[SHAPES], [(one.sha, one.label) for one in found])


def labelled(title: str, pictures: Sequence[tuple[str, str]]) -> PictureSet:
    """A set of (fingerprint, class) pairs, classes in the order of their names."""
    classes = tuple(sorted({label for _sha, label in pictures}))
    return PictureSet(title, classes, tuple((sha, classes.index(label)) for sha, label in pictures))
