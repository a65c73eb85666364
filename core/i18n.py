"""Translation through gettext. English is the source language; catalogues lie in ``assets/locale``."""

from __future__ import annotations

import gettext
from functools import lru_cache
from pathlib import Path

from core.errors import LiveTorchError

DOMAIN = "livetorch"
LOCALE_FOLDER = Path(__file__).resolve().parent.parent / "assets" / "locale"
LANGUAGES = {"en": "English"}


def N_(text: str) -> str:
    """Mark ``text`` for extraction; it is translated later, where it is shown."""
    return text


@lru_cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; English falls back to the source strings."""
    return gettext.translation(DOMAIN, LOCALE_FOLDER, languages=[language], fallback=True)


def choose_language(locale: str | None) -> str:
    """The language we have for a browser locale such as ``zh-CN``; English if none."""
    primary = (locale or "en").split("-")[0].lower()
    return primary if primary in LANGUAGES else "en"


def explain(error: LiveTorchError, language: str = "en") -> str:
    """The error's sentence in ``language``."""
    return catalogue(language).gettext(error.template).format(**error.values)
