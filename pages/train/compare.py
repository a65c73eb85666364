"""Runs side by side: their curves in one picture, in what they differ, and how fast each got where."""

from __future__ import annotations

import streamlit as st

from core.runs.service import service
from pages.shared.compare import MOST, choose_runs, differences_table, overlays, runs_by_id
from pages.shared.language import _
from pages.shared.live import live_run
from pages.shared.visitor import visitor

PAGE = "compare"

st.title(_("Runs side by side"))
mine = {run.id: run for run in service().views(visitor()) if run.step}
key = f"{PAGE}_runs"
if key not in st.session_state:
    asked, missing = runs_by_id([one for one in st.query_params.get("runs", "").split(",") if one])
    st.session_state[key] = [run.id for run in asked if run.id in mine] or list(mine)[:2]
    if missing:
        st.warning(
            _("Some runs of the link are not yours or are gone; the others are shown."), icon=":material/link_off:"
        )
if len(mine) < 2:
    st.markdown(_("Train at least two networks; their curves are then drawn here in one picture."))
    st.page_link("train/cnn.py", label=_("Train a convolutional network"), icon=":material/play_arrow:")
else:
    picked = choose_runs(_("Runs, the first one in grey as the baseline"), key, list(mine.values()), MOST, _("None"))
    chosen = [mine[one] for one in picked]
    st.session_state[f"{PAGE}_baseline"] = [run.id for run in chosen[:1]]
    st.query_params["runs"] = ",".join(run.id for run in chosen)
    if any(run.page != chosen[0].page for run in chosen):
        st.info(_("Runs of different kinds share no curves; those of the first one's kind are drawn."))
        chosen = [run for run in chosen if run.page == chosen[0].page]
    if chosen:
        live_run(PAGE, None, overlays(PAGE, chosen), family=chosen[0].page)
    else:
        st.markdown(_("Choose at least one run."))
    differences_table(chosen)
