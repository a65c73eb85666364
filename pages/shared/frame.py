"""What surrounds every page: the stylesheet and the badge of runs that are on."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.errors import LiveTorchError
from core.runs.service import service
from pages.shared.language import _, sentence
from pages.shared.visitor import visitor

STYLE = Path(__file__).resolve().parents[2] / "assets" / "livetorch.css"


@st.cache_data
def _stylesheet(changed: float) -> str:
    return f"<style>{STYLE.read_text()}</style>"


def style() -> None:
    """Put our stylesheet into the page."""
    st.html(_stylesheet(STYLE.stat().st_mtime))


def run_badge() -> None:
    """Links to the visitor's runs that are on, from any page."""
    try:
        active = service().all_active(visitor())
    except LiveTorchError as error:
        st.error(sentence(error), icon=":material/error:")
        st.stop()
    with st.sidebar:
        for run in active:
            st.page_link(
                "train/cnn.py",
                label=run.title,
                icon=":material/motion_photos_on:",
                query_params={"run": run.id},
                help=_("This run is on. Open it."),
            )
