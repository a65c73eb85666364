"""Texts: Python's own standard library, a visitor's text, a visitor's labelled lines. No torch."""

from __future__ import annotations

import hashlib
import math
import sysconfig
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from core.config.rnn import SequenceConfig
from core.datasets import uploads
from core.errors import ConfigError, LiveTorchError
from core.i18n import N_

# Present as single files in every Python from 3.11 on; about 1 MB. The last tenth, which validates, is of other modules.
MODULES = (
    "argparse", "ast", "asyncio/base_events", "bisect", "calendar", "collections/__init__", "configparser", "csv",
    "enum", "fractions", "functools", "heapq", "http/client", "json/decoder", "json/encoder", "logging/__init__",
    "queue", "random", "shutil", "statistics", "tempfile", "textwrap", "threading", "tokenize", "traceback",
    "urllib/parse", "uuid", "weakref",
)  # fmt: skip
MOST_CHARACTERS = 1_000_000
FEWEST_CHARACTERS = 2_000  # of a visitor's text
HELD_OUT, MOST_HELD_OUT = 0.1, 50_000  # the end of a text, which validates
SYMBOLS = 255  # of a vocabulary; what is rarer counts as one
UNKNOWN = "\N{REPLACEMENT CHARACTER}"  # symbol 0: what is not in the vocabulary
FEWEST_LINES, FEWEST_CLASSES, MOST_CLASSES, MOST_LINE = 10, 2, 50, 200
HELD_OUT_LINES = 0.2


@dataclass(frozen=True)
class Text:
    """A text as it is trained on."""

    content: str
    sha256: str  # of its UTF-8 bytes

    @property
    def split(self) -> int:
        """Position of the first character that validates."""
        return len(self.content) - min(MOST_HELD_OUT, round(HELD_OUT * len(self.content)))


@dataclass(frozen=True)
class Lines:
    """Labelled lines in the order of the file."""

    classes: tuple[str, ...]  # in alphabetical order
    labels: tuple[int, ...]  # (N,)
    lines: tuple[str, ...]  # (N,), 1 to 200 characters each


def load_text(dataset: str, config: SequenceConfig) -> Text:
    """The text of a run. Raises :class:`LiveTorchError` where an upload is missing or unfit."""
    return stdlib() if dataset == "stdlib" else parse_text(uploads.read(config.upload))


@cache
def stdlib() -> Text:
    """The source of 28 modules of this Python's standard library. Raises :class:`ConfigError` where one is missing."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    try:
        parts = [(folder / f"{name}.py").read_text(encoding="utf-8") for name in MODULES]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "dataset",
            N_("The source of Python's standard library is not on this machine ({error}). Upload a text instead."),
            error=type(error).__name__,
        ) from error
    return _text("".join(parts)[:MOST_CHARACTERS])


def _text(content: str) -> Text:
    return Text(content, hashlib.sha256(content.encode()).hexdigest())


def decoded(content: bytes) -> str:
    """``content`` as UTF-8 with plain line ends. Raises :class:`LiveTorchError` that names the byte that is wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LiveTorchError(
            N_("Byte {place:,} of the file (hexadecimal {byte}) is not UTF-8 text. Save the file as UTF-8 and try again."),
            place=error.start + 1,
            byte=f"{error.object[error.start]:02x}",
        ) from error  # fmt: skip
    if "\0" in text:
        raise LiveTorchError(
            N_("Character {place:,} of the file is a zero, so it is not a text. Choose a text file."),
            place=text.index("\0") + 1,
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_text(content: bytes) -> Text:
    """A visitor's text. Raises :class:`LiveTorchError` where it is no text or too short."""
    text = decoded(content)
    if len(text) < FEWEST_CHARACTERS:
        raise LiveTorchError(
            N_("The text has {count:,} characters; at least {fewest:,} are needed to learn from. Take a longer one."),
            count=len(text),
            fewest=FEWEST_CHARACTERS,
        )
    if len(set(text)) < 2:
        raise LiveTorchError(N_("The text is one character over and over, so there is nothing to learn. Take another one."))  # fmt: skip
    return _text(text)


def parse_lines(content: bytes) -> Lines:
    """Lines of label, tab, text. Raises :class:`LiveTorchError` that names the line which is wrong."""
    rows = []
    for number, line in enumerate(decoded(content).split("\n"), 1):
        if not line.strip():
            continue
        label, tab, text = (part.strip() if part != "\t" else part for part in line.partition("\t"))
        if not tab or not label or not text:
            raise LiveTorchError(
                N_("Line {line} is not a label, a tab and a text. Write, for example: German, a tab, Schmidt."),
                line=number,
            )
        if len(text) > MOST_LINE or len(label) > 40:
            raise LiveTorchError(
                N_("Line {line} is too long: {most} characters are possible, and 40 for its label. Shorten it."),
                line=number,
                most=MOST_LINE,
            )
        rows.append((label, text))
    classes = tuple(sorted({label for label, _text in rows}))
    if len(rows) < FEWEST_LINES or not FEWEST_CLASSES <= len(classes) <= MOST_CLASSES:
        raise LiveTorchError(
            N_("The file has {lines:,} lines with {classes:,} labels; at least {fewest} lines and {low} to {high} labels are needed."),
            lines=len(rows),
            classes=len(classes),
            fewest=FEWEST_LINES,
            low=FEWEST_CLASSES,
            high=MOST_CLASSES,
        )  # fmt: skip
    return Lines(classes, tuple(classes.index(label) for label, _text in rows), tuple(text for _label, text in rows))


def vocabulary(text: str) -> str:
    """The symbols of ``text``: what is unknown, then the most frequent characters in the order of their code."""
    frequent = sorted(Counter(text).most_common(), key=lambda found: (-found[1], found[0]))[:SYMBOLS]
    return UNKNOWN + "".join(sorted(character for character, _count in frequent if character != UNKNOWN))


def entropies(text: str) -> tuple[float, float]:
    """Bits per character of ``text`` for who knows its own frequencies: of characters, and of characters after another.

    H(X) and H(X | character before); no model that knows no more than these counts can do better on this text.
    """
    single, before, pairs = Counter(text[1:]), Counter(text[:-1]), Counter(pairwise(text))
    count = len(text) - 1
    unigram = -sum(found / count * math.log2(found / count) for found in single.values())
    bigram = -sum(found / count * math.log2(found / before[pair[0]]) for pair, found in pairs.items())
    return unigram, bigram
