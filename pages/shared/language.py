"""The visitor's language: every string on a page goes through ``_``."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import streamlit as st

from core.errors import LiveTorchError
from core.i18n import BETWEEN_PARTS, BETWEEN_SENTENCES, LANGUAGE_COOKIE, catalogue, choose_language, explain

_here = threading.local()  # a script runs in a thread of its own, and hundreds of strings ask


def language() -> str:
    """The language this visitor chose, else the browser's, of those we have. Another choice loads the page anew."""
    if not hasattr(_here, "language"):
        if "language" not in st.session_state:
            asked = st.context.cookies.get(LANGUAGE_COOKIE) or st.context.locale
            st.session_state["language"] = choose_language(asked)
        _here.language = str(st.session_state["language"])
    found: str = _here.language
    return found


def _(text: str) -> str:
    """``text`` in the visitor's language."""
    return catalogue(language()).gettext(text)


def listed(parts: Iterable[str]) -> str:
    """Parts of a sentence, one after the other; empty ones are left out."""
    return BETWEEN_PARTS[language()].join(filter(None, parts))


def paragraph(sentences: Iterable[str]) -> str:
    """Sentences that follow each other."""
    return BETWEEN_SENTENCES[language()].join(filter(None, sentences))


def sentence(error: LiveTorchError) -> str:
    """An error as a sentence in the visitor's language."""
    return explain(error, language())
