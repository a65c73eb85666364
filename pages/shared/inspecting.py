"""What every page that looks inside does the same way: which run, which moment, where to go from there."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from core.errors import LiveTorchError, NotFoundError
from core.runs.service import RunView, service
from pages.shared.branching import branch_asked
from pages.shared.handing_over import open_changed
from pages.shared.inspect_picture import own_picture
from pages.shared.inspect_rooms import INSPECT, inspect_script
from pages.shared.language import _, language, sentence
from pages.shared.live import component
from pages.shared.rooms import ROOMS
from pages.shared.visitor import visitor
from pages.shared.words.inspect import INSPECT_WORDS, inspect_words

FOCUS = ("part", "layer", "example")  # what a link may point at, beside run and moment


def inspected(page: str) -> RunView | None:
    """The run that the page looks into, after letting the visitor choose it; ``None``: none, or a model without a run."""
    st.title(_(INSPECT[page].title))
    runs = {run.id: run for run in service().views(visitor()) if run.page in ROOMS and (run.step > 0 or run.active)}
    shared = _shared(page)
    if shared is not None:
        runs[shared.id] = shared
    models = _models() if INSPECT[page].models else []
    choices = [*runs, *models]
    if not choices:
        st.markdown(_("There is no run to look into yet. Train a network, then come back; pages that train link here."))
        st.page_link(ROOMS["cnn"].script, label=_("Train a convolutional network"), icon=":material/play_arrow:")
        return None
    wanted = st.query_params.get("run") or st.query_params.get("model")
    if f"{page}_subject" not in st.session_state or st.session_state[f"{page}_subject"] not in choices:
        st.session_state[f"{page}_subject"] = wanted if wanted in choices else choices[0]
    chosen = st.selectbox(
        _("Network"),
        choices,
        format_func=lambda one: _label(runs[one]) if one in runs else _("{model} (torchvision)").format(model=one),
        key=f"{page}_subject",
        on_change=_forget_moment,
        args=(page,),
    )
    _write_link(page, chosen, chosen in runs)
    return runs.get(chosen)


def _shared(page: str) -> RunView | None:
    """The run of a link, which need not be one of the visitor's own."""
    wanted, token = st.query_params.get("run"), st.query_params.get("view")
    if not wanted:
        return None
    try:
        return service().view(wanted, visitor=visitor(), token=token)
    except NotFoundError as error:
        st.warning(sentence(error), icon=":material/link_off:")
    except LiveTorchError as error:
        st.error(sentence(error), icon=":material/error:")
    del st.query_params["run"]
    return None


def _label(run: RunView) -> str:
    return _("{title}, step {step:,}").format(title=run.title, step=run.step)


@cache
def _models() -> list[str]:
    from core.backbones.registry import ZOO

    return list(ZOO)


def _forget_moment(page: str) -> None:
    for name in ("at", *FOCUS):
        st.query_params.pop(name, None)


def _write_link(page: str, chosen: str, is_run: bool) -> None:
    name, other = ("run", "model") if is_run else ("model", "run")
    if st.query_params.get(name) != chosen:
        st.query_params[name] = chosen
    if other in st.query_params:
        del st.query_params[other]
    if is_run:
        st.query_params.pop("picture", None)


def look_inside(page: str, run: RunView | None, *, more: dict[str, Any] | None = None) -> None:
    """Draw the view of ``page``; follows where it leads. ``more``: what its JavaScript needs beside the common facts."""
    chosen = st.session_state.get(f"{page}_subject")
    if chosen is None:
        return
    focus = {name: st.query_params[name] for name in FOCUS if name in st.query_params}
    at = st.query_params.get("at", "")
    result = component("inspect_run")(
        key=f"{page}_inside",
        data={
            "inspect": page,
            "page": run.page if run else "zoo",
            "run": run.id if run else None,
            "model": None if run else chosen,
            "picture": None if run else own_picture(page),
            "view": st.query_params.get("view") if run and not run.own else None,
            "state": run.state if run else None,
            "at": int(at) if at.isdecimal() else None,
            "branch": bool(run and run.own),
            "focus": focus,
            "links": {name: room.linked for name, room in INSPECT.items() if name != page},
            "lang": language(),
            "text": inspect_words() | INSPECT_WORDS[page](),
            **(more or {}),
        },
        on_at_change=_moved(page),
        on_open_change=lambda: None,
        on_branch_change=lambda: None,
    )
    if opened := result.get("open"):
        _follow(run, opened)
    if run is not None:
        branch_asked(run, result.get("branch"))


def _moved(page: str) -> Callable[[], None]:
    """Keep the chosen moment in the link."""

    def keep() -> None:
        at = st.session_state[f"{page}_inside"].get("at")
        if isinstance(at, int) and at >= 0:
            st.query_params["at"] = str(at)
        else:
            st.query_params.pop("at", None)

    return keep


def _follow(run: RunView | None, opened: Any) -> None:
    """Go where the visitor pointed: another view of the same network, with the same layer in sight."""
    page = opened.get("page") if isinstance(opened, dict) else None
    if page == "train" and run is not None:
        try:
            open_changed(run, opened.get("changes"))
        except LiveTorchError as error:
            st.error(sentence(error), icon=":material/error:")
    if page not in INSPECT:
        return
    kept = {
        name: st.query_params[name] for name in ("run", "model", "picture", "view", "at") if name in st.query_params
    }
    focus = {name: str(opened[name]) for name in FOCUS if opened.get(name) not in (None, "")}
    st.session_state.pop(f"{page}_subject", None)
    st.switch_page(inspect_script(page), query_params=kept | focus)
