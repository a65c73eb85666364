"""Which run a page shows: kept in the session and the link, so that it is found again."""

from __future__ import annotations

import time

import streamlit as st

from core.errors import NotFoundError
from core.i18n import N_
from core.runs.service import RunView, service
from pages.shared.asked import tell
from pages.shared.handing_over import take_handed
from pages.shared.recipe import widget_values
from pages.shared.visitor import visitor

# A browser that was clicked in before it heard of the new run still names the one before in its address. Later it means it:
# somebody went back.
STALE = 2.0  # seconds


def attach(page: str, run: RunView | None) -> None:
    """Show ``run`` on this page from now on (``None``: no run)."""
    st.session_state[f"{page}_left"] = st.session_state.get(f"{page}_run"), time.monotonic()
    st.session_state[f"{page}_run"] = run.id if run else None
    st.session_state.pop(f"{page}_view", None)
    _write_link(page)


def attached(page: str) -> RunView | None:
    """The run this page shows: the link's, the session's, or the visitor's active one on this page.

    Raises :class:`NotFoundError` for a link to a run that is not there for this visitor.
    """
    take_handed(page)
    if f"{page}_run" not in st.session_state:
        _first_look(page)
    elif st.query_params.get("run", "") not in ("", st.session_state[f"{page}_run"]) and not _stale(page):
        _from_link(page)
    try:
        run = shown_run(page)
    except NotFoundError:
        attach(page, None)
        raise
    if run is None:
        return None
    if run.page != page:
        attach(page, None)
        raise NotFoundError(N_("The run of this link belongs to another page. Open it from My runs."))
    _write_link(page)
    return run


def shown_run(page: str) -> RunView | None:
    """The session's run. Raises :class:`NotFoundError` where it is not there any more."""
    run_id = st.session_state.get(f"{page}_run")
    return service().view(run_id, visitor=visitor(), token=st.session_state.get(f"{page}_view")) if run_id else None


def _stale(page: str) -> bool:
    """Whether the address only has not heard yet that the page shows another run."""
    run_id, since = st.session_state.get(f"{page}_left", (None, 0.0))
    return bool(st.query_params["run"] == run_id and time.monotonic() - since < STALE)


def _first_look(page: str) -> None:
    if st.query_params.get("run"):
        _from_link(page)
        return
    active = service().active(visitor(), page)
    st.session_state[f"{page}_run"] = active.id if active else None
    if active:
        _show_settings(page, active)


def _from_link(page: str) -> None:
    run_id, token = st.query_params["run"], st.query_params.get("view")
    st.session_state[f"{page}_run"] = run_id
    st.session_state[f"{page}_view"] = token
    try:
        run = service().view(run_id, visitor=visitor(), token=token)
    except NotFoundError:
        return  # said by attached(), which asks again
    if run.page == page:
        _show_settings(page, run)


def _show_settings(page: str, run: RunView) -> None:
    """Put the run's settings into the widgets, unless the link carries settings of its own."""
    if any(key.startswith(f"{page}_") for key in st.query_params):
        return
    values = widget_values(page, run.now)
    values[f"{page}_device"] = "auto"  # what the visitor chose was resolved by the server
    values[f"{page}_threads"] = 0
    tell(page, values)


def _write_link(page: str) -> None:
    """Keep ``?run=`` in the address bar; Streamlit drops it at every page switch."""
    run_id, token = st.session_state.get(f"{page}_run"), st.session_state.get(f"{page}_view")
    for name, value in (("run", run_id), ("view", token)):
        if value and st.query_params.get(name) != value:
            st.query_params[name] = value
        elif not value and name in st.query_params:
            del st.query_params[name]
