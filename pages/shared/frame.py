"""What surrounds every page: the stylesheet and the badge of runs that are on."""

from __future__ import annotations

import html
from functools import lru_cache
from pathlib import Path

import streamlit as st

from core.errors import LiveTorchError
from core.i18n import LANGUAGES
from core.runs.service import service
from pages.shared.language import _, language, sentence
from pages.shared.rooms import ROOMS
from pages.shared.visitor import visitor

ASSETS = Path(__file__).resolve().parents[2] / "assets"
STYLES = [
    ASSETS / name
    for name in (
        "livetorch.css",
        "network.css",
        "gan.css",
        "mlp.css",
        "rnn.css",
        "inspect.css",
        "inspect_gradients.css",
        "inspect_features.css",
        "inspect_arithmetic.css",
        "inspect_graph.css",
        "inspect_graph_autograd.css",
        "inspect_landscape.css",
        "inspect_step.css",
        "predict.css",
        "transfer.css",
        "augmentation.css",
    )
]


@lru_cache(maxsize=1)
def _stylesheet(changed: float) -> str:
    # one line a sheet: Streamlit looks at the indentation of every line at every rerun
    return "".join(f"<style>{' '.join(path.read_text().split())}</style>" for path in STYLES)


def style() -> None:
    """Put our stylesheets into the page."""
    st.html(_stylesheet(max(path.stat().st_mtime for path in STYLES)))


def language_links() -> None:
    """The switch between languages at the end of the sidebar; it loads the page anew, which finds its settings in the link."""
    now = language()
    shown = " · ".join(
        f"<b lang={code}>{name}</b>"
        if code == now
        else f'<a href="api/language/{code}" lang="{code}" hreflang="{code}" target="_self">{name}</a>'
        for code, name in LANGUAGES.items()
    )
    label = html.escape(_("Language"))
    with st.sidebar:
        st.html(f'<nav class="lt-languages" aria-label="{label}">{shown}</nav>')


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
                ROOMS[run.page].script,
                label=run.title,
                icon=":material/motion_photos_on:",
                query_params={"run": run.id},
                help=_("This run is on. Open it."),
            )
