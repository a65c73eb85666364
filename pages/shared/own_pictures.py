"""A visitor's own class folders as the data set of the page that trains from scratch: which album, and how small."""

from __future__ import annotations

import streamlit as st

from core.config.rnn import SHA256
from core.errors import LiveTorchError
from core.pictures.builtin import SHAPES
from core.pictures.sets import keep_set
from core.runs.service import service
from pages.shared.cards import setting
from pages.shared.controls import write_link
from pages.shared.gallery import album_title
from pages.shared.language import _, sentence
from pages.shared.visitor import visitor

LINKED = "~linked"  # the set of a link or of a run, which need not be one of the visitor's albums


def adopt_pictures(page: str) -> str:
    """The fingerprint of the chosen set, taken from the link at first and kept in it; it has no widget that would do so."""
    key = f"{page}_pictures"
    linked = st.query_params.get(key, "")
    if key not in st.session_state:
        st.session_state[key] = linked if SHA256.fullmatch(linked) else ""
    now = str(st.session_state[key])
    write_link(key, now, not now)
    return now


def own_controls(page: str) -> None:
    """The album that is learned from, and the side its pictures are shrunk to."""
    library, now = service().library, adopt_pictures(page)
    albums = [one.name for one in library.albums(visitor()) if len(one.classes) > 1]
    made = st.session_state.setdefault(f"{page}_album_sets", {"": SHAPES})  # fingerprint -> the album it was made of
    names = [*albums, *([LINKED] if now not in made else [])]
    key = f"{page}_own_album"
    if st.session_state.get(key) not in names or made.get(now) != st.session_state.get(key):
        st.session_state[key] = made.get(now, LINKED)
    st.selectbox(
        _("Album"), names, key=key, on_change=_take_album, args=(page,),
        format_func=lambda name: _("The pictures of this run or link") if name == LINKED else album_title(name),
        help=_("Albums whose pictures have two classes or more. A fifth of each class is set aside for validation."),
    )  # fmt: skip
    if isinstance(refused := st.session_state.get(f"{page}_album_refused"), LiveTorchError):
        st.error(sentence(refused), icon=":material/error:")
    setting(page, "side")
    st.page_link("train/transfer.py", label=_("Bring own pictures"), icon=":material/add_a_photo:")


def _take_album(page: str) -> None:
    """From now on learn from the chosen album as it is now."""
    album = st.session_state[f"{page}_own_album"]
    st.session_state[f"{page}_album_refused"] = None
    if album == LINKED:
        return
    try:
        fingerprint = "" if album == SHAPES else keep_set(service().library.as_set(visitor(), album))
    except LiveTorchError as error:
        st.session_state[f"{page}_album_refused"] = error
        return
    st.session_state[f"{page}_album_sets"][fingerprint] = album
    st.session_state[f"{page}_pictures"] = fingerprint
