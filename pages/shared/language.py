"""The visitor's language: every string on a page goes through ``_``."""

from __future__ import annotations

import streamlit as st

from core.errors import LiveTorchError
from core.i18n import LANGUAGE_COOKIE, catalogue, choose_language, explain


def language() -> str:
    """The language this visitor chose, else the browser's, of those we have. Another choice loads the page anew."""
    if "language" not in st.session_state:
        st.session_state["language"] = choose_language(st.context.cookies.get(LANGUAGE_COOKIE) or st.context.locale)
    return str(st.session_state["language"])


def _(text: str) -> str:
    """``text`` in the visitor's language."""
    return catalogue(language()).gettext(text)


def sentence(error: LiveTorchError) -> str:
    """An error as a sentence in the visitor's language."""
    return explain(error, language())
