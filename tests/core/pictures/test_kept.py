"""Names that strangers give are shown on one line and mean nothing to a file system."""

from __future__ import annotations

import random

import pytest

from core.pictures.kept import LONGEST_NAME, album_name, file_name, label_name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\me.jpg", "me.jpg"),
        ("a\0b\nc\td.png", "a b c d.png"),
        ("exe.\u202egnp.png", "exe.gnp.png"),
        ("\u200bzero\ufeff.png", "zero.png"),
        ("x" * 300 + ".png", "x" * LONGEST_NAME),
        ("naïve 猫.png", "naïve 猫.png"),
        ("/", ""),
        ("\ud800.png", ".png"),
        ("<img onerror=alert(1)>", "<img onerror=alert(1)>"),
    ],
)
def test_names(given, shown):
    assert file_name(given) == shown


def test_albums_of_visitors_are_never_ours():
    assert album_name("~shapes") == "shapes" and album_name(" ~ ~ x ") == "x" and album_name("~") == ""
    assert label_name("  a \u202e b ") == "a b"


def test_any_name_is_short_and_has_no_separator():
    rng = random.Random(0)
    for _time in range(2_000):
        name = "".join(chr(rng.choice([rng.randrange(128), rng.randrange(0xD800), 0x202E, 47, 92])) for _ in range(90))
        shown = file_name(name)
        assert len(shown) <= LONGEST_NAME and not set(shown) & set("/\\\0\n\r\t\u202e")
