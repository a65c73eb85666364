"""A set of labelled pictures as one small value with a fingerprint: what a run is trained on. A config holds the fingerprint."""

from __future__ import annotations

import json
from dataclasses import dataclass

from core.datasets import uploads
from core.errors import LiveTorchError, NotFoundError
from core.i18n import N_
from core.pictures.files import SHA256

MOST_CLASSES, MOST_PICTURES = 100, 2_000


@dataclass(frozen=True)
class PictureSet:
    """Which pictures, and what is to be seen on each of them. Order matters: splits are drawn by position."""

    title: str
    classes: tuple[str, ...]
    pictures: tuple[tuple[str, int], ...]  # (fingerprint of the picture, its class)

    def counts(self) -> tuple[int, ...]:
        """Pictures of each class."""
        labels = [label for _sha, label in self.pictures]
        return tuple(labels.count(number) for number in range(len(self.classes)))


def keep_set(one: PictureSet) -> str:
    """Store a set; returns its fingerprint. Raises :class:`LiveTorchError` for one that nothing can be learned from."""
    check(one)
    value = {"title": one.title, "classes": one.classes, "pictures": one.pictures}
    return uploads.keep(json.dumps(value, separators=(",", ":")).encode())


def read_set(fingerprint: str) -> PictureSet:
    """The set kept under ``fingerprint``. Raises :class:`NotFoundError` where there is none."""
    try:
        content = uploads.read(fingerprint)
    except NotFoundError:
        raise NotFoundError(
            N_(
                "The pictures of this link or run are not on this server (any more). Choose an album, or bring pictures."
            )
        ) from None
    try:
        value = json.loads(content)
        found = PictureSet(
            str(value["title"]),
            tuple(str(name) for name in value["classes"]),
            tuple((str(sha), int(label)) for sha, label in value["pictures"]),
        )
    except (ValueError, KeyError, TypeError):
        raise LiveTorchError(
            N_("The link names a file that is no set of pictures. Choose the pictures again.")
        ) from None
    check(found)
    return found


def check(one: PictureSet) -> None:
    """Raises :class:`LiveTorchError` for a set that nothing can be learned from."""
    counts = one.counts()
    if len(one.classes) < 2:
        raise LiveTorchError(
            N_("Telling apart takes two classes; there are pictures of {count}. Give some pictures another class."),
            count=len(one.classes),
        )
    if len(one.classes) > MOST_CLASSES or len(one.pictures) > MOST_PICTURES:
        raise LiveTorchError(
            N_("{pictures:,} pictures of {classes} classes are too many here; take up to {most:,} of up to {most_classes}."),
            pictures=len(one.pictures), classes=len(one.classes), most=MOST_PICTURES, most_classes=MOST_CLASSES,
        )  # fmt: skip
    if any(not 0 <= label < len(one.classes) or not SHA256.fullmatch(sha) for sha, label in one.pictures):
        raise LiveTorchError(N_("The link names a file that is no set of pictures. Choose the pictures again."))
    if empty := [name for name, count in zip(one.classes, counts, strict=True) if count < 2]:
        raise LiveTorchError(
            N_("{name} has fewer than two pictures: one to learn from and one to try on are the least."), name=empty[0]
        )
