"""What a visitor sees when a page fails: a sentence and a reference, never a traceback."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from core.errors import LiveTorchError
from pages.shared.language import _, sentence

log = logging.getLogger("livetorch.pages")


def say_what_failed(error: Exception) -> bool:
    """For ``st.App(on_script_error=...)``: show our own errors as they are, log the rest under a reference."""
    if isinstance(error, LiveTorchError):
        log.warning("page: %s", error)
        st.error(sentence(error), icon=":material/error:")
        return True
    reference = secrets.token_hex(4)
    log.error("page failed", exc_info=error, extra={"reference": reference})
    st.error(
        _(
            "This page failed, which is our mistake, not yours. Nothing of your runs is lost. Reload the page; if it happens again, tell the host the reference {reference}."
        ).format(reference=reference),
        icon=":material/error:",
    )
    return True
