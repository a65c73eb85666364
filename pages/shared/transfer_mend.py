"""Mending pictures from within a view: another class, or out of the set. The library follows, and a run is offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.config.transfer import TransferRunConfig
from core.errors import ConfigError
from core.i18n import N_
from core.pictures.kept import label_name
from core.pictures.sets import PictureSet, keep_set
from core.runs.service import RunView, service
from pages.shared.asked import later, saying
from pages.shared.follow import whole
from pages.shared.language import _, listed
from pages.shared.recipe import config_of
from pages.shared.transfer_pictures import adopt_pictures, set_of
from pages.shared.transport import own_run, start
from pages.shared.visitor import visitor

GONE = N_("There is no such picture, or it is not yours to see.")


def take_mend(page: str) -> None:
    """The visitor gave a picture of the run another class, or took it out; ``{"mend": position, "label": class or null}``."""
    asked: Any = st.session_state[f"{page}_live"].get("edit")
    if isinstance(asked, dict) and isinstance(asked.get("mend"), int):
        saying(page, lambda: _mend(page, int(asked["mend"]), asked.get("label")))


def _mend(page: str, place: int, label: Any) -> None:
    run = own_run(page)
    if run is None or not isinstance(run.config, TransferRunConfig):
        return
    looked_at = set_of(run.config.pictures)
    if not 0 <= place < len(looked_at.pictures):
        raise ConfigError("pictures", GONE)
    sha = looked_at.pictures[place][0]
    name = label_name(label) if isinstance(label, str) else ""
    changes = {**_mended(page, run), sha: name}
    st.session_state[f"{page}_mended"] = changes  # kept even if the set is no set yet: a new class needs two pictures
    mine = [one.id for one in service().library.of(visitor()) if one.sha == sha]
    if mine:
        service().library.relabel(visitor(), mine, name)
    st.session_state[f"{page}_pictures"] = keep_set(mended_set(looked_at, changes))
    adopt_pictures(page)


def mended_set(one: PictureSet, changes: Mapping[str, str]) -> PictureSet:
    """The set after all ``changes``: fingerprint -> class, "" for taken out."""
    for sha, label in changes.items():
        one = relabelled(one, sha, label) if label else without(one, sha)
    return one


def _mended(page: str, run: RunView) -> dict[str, str]:
    """What was mended since ``run`` was started: fingerprint -> class."""
    kept: dict[str, str] = (
        st.session_state.get(f"{page}_mended", {}) if st.session_state.get(f"{page}_mended_of") == run.id else {}
    )
    st.session_state[f"{page}_mended_of"] = run.id
    return kept


def relabelled(one: PictureSet, sha: str, label: str) -> PictureSet:
    """The set with another class for a picture, which may be a new class; the others keep their places."""
    names = one.classes if label in one.classes else tuple(sorted((*one.classes, label)))
    number = {name: at for at, name in enumerate(names)}
    pictures = tuple((other, number[label if other == sha else one.classes[at]]) for other, at in one.pictures)
    return _compact(replace(one, classes=names, pictures=pictures))


def without(one: PictureSet, sha: str) -> PictureSet:
    """The set without a picture."""
    return _compact(replace(one, pictures=tuple((other, at) for other, at in one.pictures if other != sha)))


def _compact(one: PictureSet) -> PictureSet:
    """Classes of which no picture is left are none any more."""
    left = [at for at, count in enumerate(one.counts()) if count]
    number = {at: new for new, at in enumerate(left)}
    return replace(
        one,
        classes=tuple(one.classes[at] for at in left),
        pictures=tuple((sha, number[at]) for sha, at in one.pictures),
    )


def retrain_offer(page: str, run: RunView | None, usable: bool) -> None:
    """After mending: what changed, and a button that trains anew."""
    if run is None or not run.own or not isinstance(run.config, TransferRunConfig):
        return
    mended = st.session_state.get(f"{page}_mended", {}) if st.session_state.get(f"{page}_mended_of") == run.id else {}
    if not mended or run.config.pictures == st.session_state.get(f"{page}_pictures", ""):
        return
    out = sum(not label for label in mended.values())
    said = [
        _("{count} with another class").format(count=len(mended) - out) if len(mended) > out else "",
        _("{count} taken out").format(count=out) if out else "",
    ]
    with st.container(key=f"{page}_retrain_offer", horizontal=True, vertical_alignment="center"):
        st.markdown(_("Mended since this run: {what}.").format(what=listed(said)))
        st.button(
            _("Retrain"), key=f"{page}_retrain", icon=":material/replay:", type="primary", disabled=not usable,
            help=_("Trains a new head on the mended pictures, with the same settings. The old run stays under My runs and can be drawn beside it."),
            on_click=_retrain, args=(page, run.id),
        )  # fmt: skip


def _retrain(page: str, before: str) -> None:
    def act() -> None:
        run = own_run(page)
        if run is not None and run.active:
            service().stop(run.id, visitor())
        start(page, config_of(page, st.session_state))
        st.session_state[f"{page}_compare"] = [before]
        whole(page)  # the choice of runs stands among the controls

    later(page, act)
