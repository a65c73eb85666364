"""A picture as a visitor's library knows it, and the words visitors give: names, albums, classes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

LONGEST_NAME, LONGEST_ALBUM, LONGEST_LABEL = 80, 60, 40  # characters


@dataclass(frozen=True)
class Taken:
    """A picture that was decoded and stored, before it is anybody's."""

    sha: str
    name: str
    label: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True)
class Kept:
    """A picture of a visitor, or of an album that comes with LiveTorch. ``label`` is its class, "" for none."""

    id: str
    sha: str
    name: str
    album: str
    label: str
    width: int
    height: int


@dataclass(frozen=True)
class Album:
    """An album: how many pictures it has, and which classes are on them."""

    name: str
    pictures: int
    classes: tuple[str, ...]


def plain(text: str, longest: int) -> str:
    """``text`` on one line, without control, direction and other invisible characters, at most ``longest`` long.

    What is left is still a stranger's text: it goes into attributes and text nodes, never into markup or paths.
    """
    seen = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp", "Zs") else letter for letter in text)
    shown = "".join(letter for letter in seen if unicodedata.category(letter) not in ("Cf", "Cs", "Co", "Cn"))
    return " ".join(unicodedata.normalize("NFC", shown).split())[:longest].strip()


def file_name(text: str) -> str:
    """The last part of a path that a browser or a zip said, for showing: "../../a.png" is "a.png"."""
    return plain(text.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1], LONGEST_NAME)


def album_name(text: str) -> str:
    """A name for a visitor's album; those that begin with "~" are LiveTorch's own."""
    return plain(text, LONGEST_ALBUM).lstrip("~ ")


def label_name(text: str) -> str:
    """A name for a class; "" is none."""
    return plain(text, LONGEST_LABEL)
