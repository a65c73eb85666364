"""What can be said of a page's sequences before they are loaded, and the check of what a visitor brings. No torch."""

from __future__ import annotations

from collections import Counter
from typing import Any

from core.config.rnn import UPLOADED, RNNRunConfig
from core.datasets import uploads
from core.datasets.series import parse_series
from core.datasets.text import parse_lines, parse_text, vocabulary
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


def checked_upload(dataset: str, content: bytes) -> dict[str, Any]:
    """Check what a visitor brings for ``dataset`` (series, text, lines) and keep it: ``sha`` and a ``summary``.

    Raises :class:`LiveTorchError` with a sentence for what cannot be used.
    """
    summary: dict[str, Any]
    if dataset == "series":
        series = parse_series(content)
        summary = {"numbers": len(series.values), "first": series.values[0], "last": series.values[-1]}
        summary["column"] = series.name
    elif dataset == "text":
        text = parse_text(content).content
        summary = {"characters": len(text), "vocabulary": len(vocabulary(text))}
    elif dataset == "lines":
        found = parse_lines(content)
        counts = Counter(found.labels)
        classes = {name: counts[number] for number, name in enumerate(found.classes)}
        summary = {"lines": len(found.lines), "classes": classes}
    else:
        raise LiveTorchError(N_("{dataset} takes no upload."), dataset=str(dataset)[:40])
    return {"sha": uploads.keep(content), "summary": summary}


def check_upload(config: RNNRunConfig) -> None:
    """Raises :class:`ConfigError` where the data of ``config`` must be brought and have not been."""
    if config.dataset in UPLOADED and not config.data.upload:
        raise ConfigError(
            "data.upload",
            N_("There are no data yet. Upload a file or paste a text, or choose data that need none."),
        )
