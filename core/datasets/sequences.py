"""What can be said of a page's sequences before they are loaded, and the check of what a visitor brings. No torch."""

from __future__ import annotations

from collections import Counter
from typing import Any

from core.config.rnn import UPLOADED, RNNRunConfig, SequenceConfig
from core.datasets import uploads
from core.datasets.series import parse_series
from core.datasets.text import entropies, load_text, parse_lines, parse_text, vocabulary
from core.errors import ConfigError, LiveTorchError
from core.i18n import N_

SOURCES: dict[str, str] = {
    "sunspots": N_("Yearly sunspot numbers 1700-2008 (SIDC, Brussels); comes with statsmodels."),
    "co2": N_("Monthly CO2 on Mauna Loa, 1958-2001 (Keeling and Whorf); comes with statsmodels."),
    "series": N_("A CSV file: one number on each line, in the order of time."),
    "stdlib": N_("The source of 28 modules of this Python's standard library, 1,000,000 characters at most."),
    "text": N_("A text of at least 2,000 characters, UTF-8."),
    "rows": N_("1,797 handwritten digits of 8 x 8 pixels, one row at each of 8 steps; comes with scikit-learn."),
    "pixels": N_("1,797 handwritten digits of 8 x 8 pixels, one pixel at each of 64 steps; comes with scikit-learn."),
    "lines": N_("A text file with a label, a tab and a text on each line, e.g. names by language."),
    "adding": N_("Random numbers of which two are marked; wanted is their sum (Hochreiter and Schmidhuber, 1997)."),
    "copy": N_("Random symbols, a long silence, then the same symbols are wanted (Hochreiter and Schmidhuber, 1997)."),
}


def upload_summary(dataset: str, sha: str) -> dict[str, Any]:
    """What is read of an upload brought for ``dataset`` (series, text, lines): its size and what it holds.

    A question for the pool: a visitor's file is taken apart nowhere else. Raises :class:`LiveTorchError` with a
    sentence for what cannot be used.
    """
    if dataset not in UPLOADED:
        raise LiveTorchError(N_("{dataset} takes no upload."), dataset=str(dataset)[:40])
    return _SUMMARIES[dataset](uploads.read(sha))


def _series_summary(content: bytes) -> dict[str, Any]:
    series = parse_series(content)
    return {"numbers": len(series.values), "first": series.values[0], "last": series.values[-1], "column": series.name}


def _text_summary(content: bytes) -> dict[str, Any]:
    text = parse_text(content).content
    return {"characters": len(text), "vocabulary": len(vocabulary(text))}


def _lines_summary(content: bytes) -> dict[str, Any]:
    found = parse_lines(content)
    counts = Counter(found.labels)
    return {
        "lines": len(found.lines),
        "classes": {name: counts[number] for number, name in enumerate(found.classes)},
    }


_SUMMARIES = {"series": _series_summary, "text": _text_summary, "lines": _lines_summary}


def text_entropies(dataset: str, sha: str) -> tuple[float, float]:
    """Bits per character of the part of a text that validates, by unigram and by bigram; see :func:`core.datasets.text.entropies`."""
    text = load_text(dataset, SequenceConfig(upload=sha))
    return entropies(text.content[text.split :])


def check_upload(config: RNNRunConfig) -> None:
    """Raises :class:`ConfigError` where the data of ``config`` must be brought and have not been."""
    if config.dataset in UPLOADED and not config.data.upload:
        raise ConfigError(
            "data.upload",
            N_("There are no data yet. Upload a file or paste a text, or choose data that need none."),
        )
