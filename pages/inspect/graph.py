"""The computation graph of a network, with values and gradients."""

from __future__ import annotations

import streamlit as st

from core.server.models import graph_ahead
from pages.shared.inspecting import inspected, look_inside

PAGE = "graph"

run = inspected(PAGE)
if run is None and (model := st.session_state.get(f"{PAGE}_subject")):
    graph_ahead(model)
look_inside(PAGE, run)
