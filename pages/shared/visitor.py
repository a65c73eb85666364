"""Who is looking: the visitor's cookie, set by our middleware."""

from __future__ import annotations

import secrets

import streamlit as st

from core.server.middleware import VISITOR_COOKIE, valid_visitor


def visitor() -> str:
    """The visitor's token. Without cookies it lives as long as the browser tab's session."""
    token = str(st.context.cookies.get(VISITOR_COOKIE, ""))
    if valid_visitor(token):
        return token
    if "visitor" not in st.session_state:
        st.session_state["visitor"] = secrets.token_urlsafe(16)
    return str(st.session_state["visitor"])
