"""My runs: everything this visitor has trained."""

from __future__ import annotations

import streamlit as st

from core.errors import LiveTorchError
from core.runs.service import service
from pages.shared.language import _, sentence
from pages.shared.runs_list import run_row
from pages.shared.visitor import visitor

st.title(_("My runs"))
if isinstance(notice := st.session_state.pop("runs_notice", None), LiveTorchError):
    st.error(sentence(notice), icon=":material/error:")
runs = service().views(visitor())
if not runs:
    st.markdown(_("Nothing here yet. Train a network, and its curves and its code are kept here."))
    st.page_link("train/cnn.py", label=_("Train a convolutional network"), icon=":material/play_arrow:")
if len(runs) > 1:
    st.page_link("train/compare.py", label=_("Draw runs side by side"), icon=":material/stacked_line_chart:")
for run in runs:
    run_row(run, "runs", manage=True)
