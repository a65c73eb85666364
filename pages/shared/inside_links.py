"""Below a run on a page that trains: where one can look inside it."""

from __future__ import annotations

import streamlit as st

from core.runs.service import RunView
from pages.shared.inspect_rooms import INSPECT, inspect_script
from pages.shared.language import _


def inside_links(run: RunView | None) -> None:
    """A link to each page that looks inside."""
    if run is None or (run.step == 0 and not run.active):
        return
    with st.container(horizontal=True, gap="small", key=f"{run.page}_inside_links"):
        st.caption(_("Look inside this network:"), width="content")
        for name, room in INSPECT.items():
            st.page_link(
                inspect_script(name),
                label=_(room.title),
                icon=room.icon,
                help=_(room.help),
                query_params={"run": run.id} | ({} if run.own else {"view": run.view_token}),
            )
