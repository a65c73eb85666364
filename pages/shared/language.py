"""The visitor's language: every string on a page goes through ``_``."""

from __future__ import annotations

import streamlit as st

from core.errors import LiveTorchError
from core.i18n import catalogue, choose_language, explain


def language() -> str:
    """The language of this visitor's browser, of those we have."""
    return choose_language(st.context.locale)


def _(text: str) -> str:
    """``text`` in the visitor's language."""
    return catalogue(language()).gettext(text)


def sentence(error: LiveTorchError) -> str:
    """An error as a sentence in the visitor's language."""
    return explain(error, language())
