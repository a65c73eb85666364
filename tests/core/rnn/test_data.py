"""Series, texts, lines and puzzles: exact on small cases; what visitors bring is checked and refused in sentences."""

from __future__ import annotations

import hashlib
import math
import os

import pytest
import torch

from core.config.rnn import SEQUENCES, SequenceConfig
from core.datasets import uploads
from core.datasets.sequences import SOURCES, text_entropies, upload_summary
from core.datasets.series import Series, co2, load_series, parse_series, sunspots
from core.datasets.text import UNKNOWN, entropies, parse_lines, parse_text, stdlib, vocabulary
from core.errors import LiveTorchError, NotFoundError
from core.training.sequence_memory import adding, delayed_copy
from tests.core.rnn.uploads import UPLOADS
from tests.test_boundaries import loaded_after


def test_the_shipped_series_are_the_published_ones():
    assert (len(sunspots().values), sunspots().times[0], sunspots().values[:3]) == (309, "1700", (5.0, 11.0, 16.0))
    assert (len(co2().values), co2().times[0], co2().season, sunspots().season) == (526, "1958-03", 12, 11)
    assert co2().values[2] == pytest.approx((317.5 + 317.1 + 317.6) / 3, abs=0.4)  # May 1958
    assert all(math.isfinite(value) for value in co2().values)


def test_scale_is_the_mean_change_of_the_first_four_fifths():
    series = Series("", "", (), (0.0, 1.0, 3.0, 2.0, 100.0), 0)
    assert series.split == 4
    assert series.scale == (1 + 2 + 1) / 3
    changed = load_series("sunspots", SequenceConfig(season=10))
    assert changed.season == 10 and sunspots().season == 11


def column(*cells):
    return ("\n".join(cells) + "\n").encode()


def test_a_series_is_found_in_the_usual_kinds_of_csv():
    plain = parse_series(column(*[f"{n}.5" for n in range(60)]))
    assert plain.values[:2] == (0.5, 1.5) and plain.times[0] == "1"
    german = parse_series(("Jahr;Wert\r\n" + "".join(f"{n};{n},25\r\n" for n in range(50))).encode("utf-8-sig"))
    assert german.values[-1] == 49.25 and german.name == "Wert" and german.times[1] == "1"
    noted = parse_series(column("day\tvalue\tnote", *[f"d{n}\t{n % 5}\tx" for n in range(50)]))
    assert noted.values[:6] == (0, 1, 2, 3, 4, 0) and noted.times[0] == "d0"


BAD = [
    ("series", b"", "is empty|no lines"),
    ("series", column(*["1"] * 20), "20 numbers; 50 to"),
    ("series", column(*["3"] * 60), "hardly ever changes"),
    ("series", column(*["a"] * 60), "No column of the file holds numbers"),
    ("series", column("t,x", *[f"2000-01-{n},{'' if n == 7 else n}" for n in range(60)]), "Column 2 .* line 9"),
    ("series", column("1,2", "1,2,3"), "Line 2 has 3 columns"),
    ("series", column(*["nan"] * 60), "No column"),
    ("text", b"short", "5 characters; at least 2,000"),
    ("text", b"x" * 3000, "one character over and over"),
    ("text", b"a" * 10 + b"\xff" + b"a" * 3000, r"Byte 11 of the file \(hexadecimal ff\)"),
    ("text", b"a\0" + b"b" * 3000, "Character 2 .* is a zero"),
    ("text", b"ab" * 2**20 + b"c", "2,097,153 bytes; 2,097,152"),
    ("lines", b"German Schmidt\n" * 20, "Line 1 is not a label, a tab"),
    ("lines", b"a\tb\n" * 20, "20 lines with 1 labels"),
    ("lines", b"a\tb\nc\td\n", "2 lines with 2 labels"),
    ("lines", b"a\t" + b"b" * 201, "Line 1 is too long"),
    ("stdlib", b"print()", "takes no upload"),
]


@pytest.mark.parametrize(("dataset", "content", "sentence"), BAD)
def test_what_cannot_be_used_is_refused_with_a_sentence(dataset, content, sentence):
    with pytest.raises(LiveTorchError, match=sentence) as refused:
        upload_summary(dataset, uploads.keep(content))
    assert refused.value.message.endswith(".")


def test_what_is_brought_is_summed_up_and_kept():
    sha = {name: uploads.keep(content.encode()) for name, content in UPLOADS.items()}
    assert upload_summary("lines", sha["lines"]) == {"lines": 120, "classes": {"hard": 60, "long": 60}}
    assert upload_summary("series", sha["series"])["numbers"] == 120
    assert upload_summary("text", sha["text"])["characters"] == len(UPLOADS["text"])
    assert uploads.read(sha["lines"]) == UPLOADS["lines"].encode()
    assert sha["lines"] == hashlib.sha256(UPLOADS["lines"].encode()).hexdigest()
    held_out = UPLOADS["text"][-round(0.1 * len(UPLOADS["text"])) :]
    assert text_entropies("text", sha["text"]) == entropies(held_out)


def test_an_upload_that_is_gone_or_damaged_is_not_found():
    sha = uploads.keep(b"some bytes")
    (uploads.folder() / sha).write_bytes(b"other bytes")
    for name in (sha, "0" * 64, "../../etc/passwd", ""):
        with pytest.raises(NotFoundError, match="Upload the same file again"):
            uploads.read(name)


def test_the_oldest_uploads_make_room(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_KEPT", 30)
    uploads.folder().mkdir(parents=True, exist_ok=True)
    for path in uploads.folder().iterdir():
        path.unlink()
    kept = [uploads.keep(bytes([number]) * 12) for number in range(3)]
    for age, name in enumerate(kept):
        if (uploads.folder() / name).exists():
            os.utime(uploads.folder() / name, (age, age))
    last = uploads.keep(b"x" * 12)
    assert uploads.read(last) == b"x" * 12
    assert len(list(uploads.folder().iterdir())) == 2


def test_the_standard_library_is_bounded_and_fingerprinted():
    text = stdlib()
    assert 500_000 < len(text.content) <= 1_000_000
    assert text.sha256 == hashlib.sha256(text.content.encode()).hexdigest()
    assert len(text.content) - text.split == 50_000


def test_entropies_by_hand():
    """In abababab every character is certain given the one before; with two as likely, one bit each."""
    assert entropies("ab" * 50 + "a") == pytest.approx((1.0, 0.0))
    unigram, bigram = entropies("aabb" * 25 + "a")
    assert unigram == pytest.approx(1.0) and bigram == pytest.approx(1.0)
    assert vocabulary("banana") == UNKNOWN + "abn"
    assert len(vocabulary("".join(map(chr, range(300, 700))))) == 256


def test_lines_know_their_classes():
    found = parse_lines(b"b\tx y\n\na\tz\n" * 6)
    assert (found.classes, found.labels[:2], found.lines[:2]) == (("a", "b"), (1, 0), ("x y", "z"))
    assert parse_text(b"a\r\nb\r" * 1000).content == "a\nb\n" * 1000


def test_the_adding_problem_adds_one_number_of_each_half():
    inputs, sums = adding(500, 10, torch.Generator().manual_seed(0))
    assert inputs.shape == (500, 10, 2)
    numbers, marks = inputs.unbind(2)
    assert bool((marks[:, :5].sum(1) == 1).all() and (marks[:, 5:].sum(1) == 1).all())
    torch.testing.assert_close((numbers * marks).sum(1), sums)
    many = adding(20_000, 10, torch.Generator().manual_seed(1))[1]
    assert (many - 1).square().mean().item() == pytest.approx(1 / 6, abs=0.005)  # the naive guess


def test_the_copy_shows_symbols_then_silence_then_a_sign():
    inputs, symbols = delayed_copy(50, 7, 3, torch.Generator().manual_seed(0))
    seen = inputs.argmax(2)
    assert inputs.shape == (50, 13, 10) and bool((inputs.sum(2) == 1).all())
    assert torch.equal(seen[:, :3], symbols) and int(symbols.max()) == 7
    assert seen[0, 3:].tolist() == [8] * 7 + [9] + [8] * 2


def test_every_data_set_says_where_it_comes_from():
    assert SOURCES.keys() == SEQUENCES.keys()
    assert not {"torch", "sklearn", "statsmodels"} & loaded_after("import core.datasets.sequences, core.presets_rnn")


def test_a_cell_too_long_for_a_table_is_said():
    with pytest.raises(LiveTorchError, match="cannot be read as a table"):
        parse_series(b"1,2\n" * 60 + b'"' + b"x" * 200_000 + b'",2\n')


def test_a_long_file_is_refused_before_it_is_taken_apart():
    with pytest.raises(LiveTorchError, match="400,000 numbers"):
        parse_series(b"1\n" * 400_000)


def test_a_wide_table_is_refused_before_it_is_taken_apart():
    table = [",".join(["1"] * (201 if line == 40 else 2)) for line in range(60)]
    with pytest.raises(LiveTorchError, match="201 columns; at most 200"):
        parse_series(column(*table))
    widest = [",".join([str(line)] * 200) for line in range(60)]
    assert parse_series(column(*widest)).values[-1] == 59.0
