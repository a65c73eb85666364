"""Translation through gettext. English is the source language; catalogues lie in ``assets/locale``."""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path

from core.errors import LiveTorchError

DOMAIN = "livetorch"
LOCALE_FOLDER = Path(__file__).resolve().parent.parent / "assets" / "locale"
LANGUAGES = {"en": "English", "zh": "中文"}
BETWEEN_PARTS = {"en": ", ", "zh": "，"}
BETWEEN_SENTENCES = {"en": " ", "zh": ""}
LANGUAGE_COOKIE = "livetorch_language"  # what a visitor chose, before what the browser asks for


def N_(text: str) -> str:
    """Mark ``text`` for extraction; it is translated later, where it is shown."""
    return text


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of a language, compiled when it is first asked for; English is the source strings."""
    if language == "en" or language not in LANGUAGES:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with (LOCALE_FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def choose_language(locale: str | None) -> str:
    """The language we have for a browser locale such as ``zh-CN``; English if none."""
    primary = (locale or "en").split("-")[0].lower()
    return primary if primary in LANGUAGES else "en"


def explain(error: LiveTorchError, language: str = "en") -> str:
    """The error's sentence in ``language``; values that are words of ours (a layer, a data set) are translated as well."""
    say = catalogue(language).gettext
    values = {name: say(value) if isinstance(value, str) and value else value for name, value in error.values.items()}
    return say(error.template).format(**values)
