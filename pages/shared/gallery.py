"""The visitor's pictures on a page: bring them, give them classes, choose some. The same everywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import streamlit as st

from core.pictures.builtin import ALBUMS, PHOTOS, TITLES
from core.pictures.kept import Album, Kept
from core.runs.service import service
from pages.shared.language import _, language
from pages.shared.live import component
from pages.shared.visitor import visitor
from pages.shared.words.gallery import gallery_words

Choose = Literal["none", "one", "many"]


@dataclass(frozen=True)
class Chosen:
    """What the page works with: the album on screen, the chosen pictures (all of it with ``choose="none"``), and
    whether this rerun came because the visitor brought, changed or deleted some."""

    album: str
    pictures: tuple[Kept, ...]
    changed: bool

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.pictures)

    @property
    def shas(self) -> tuple[str, ...]:
        return tuple(one.sha for one in self.pictures)


def gallery(
    page: str,
    *,
    key: str = "pictures",
    album: bool = True,
    labels: bool = False,
    choose: Choose = "none",
    most: int = 12,
    start: str = PHOTOS,
) -> Chosen:
    """Draw the visitor's pictures of one album and say which are chosen.

    ``album``: whether another album may be chosen. ``labels``: whether pictures get classes. ``choose``: whether clicking
    chooses for the page, and how many (``most``); until the visitor chooses, it is the newest one, or the newest ``most``.
    ``start``: the album of a visitor who has none. Names in the session and the link begin with ``<page>_<key>``.
    """
    name = f"{page}_{key}"
    library, albums = service().library, service().library.albums(visitor())
    now = _album(name, albums, start, album)
    pictures = library.of(visitor(), now)
    if now not in ALBUMS:
        pictures.reverse()  # what came last is what is looked for
    chosen = _chosen(name, pictures, choose, most)
    drawn = f"{name}_gallery"
    shown = {
        "album": now,
        "chosen": [one.id for one in chosen] if choose != "none" else [],
        "heard": st.session_state.get(f"{name}_heard", 0),
        "stamp": _stamp(pictures, albums),
    }
    may = {"albums": album, "labels": labels, "choose": choose, "most": most}
    component("pictures")(key=drawn, data=shown | may | _always(), on_said_change=partial(_heard, name, drawn))
    return Chosen(now, tuple(chosen), bool(st.session_state.pop(f"{name}_changed", False)))


def _always() -> dict[str, Any]:
    """What every gallery's browser side is told."""
    limits = service().library.limits
    sizes = {"picture": limits.picture_mb, "zip": limits.picture_zip_mb}
    return {"limits": sizes, "lang": language(), "text": gallery_words()}


def album_title(name: str) -> str:
    """How an album is called on screen."""
    return _(TITLES[name]) if name in TITLES else name


def _album(name: str, albums: Sequence[Album], start: str, may_choose: bool) -> str:
    """The album on screen: of this session, else of the link, else the visitor's first, else ``start``."""
    there = [one.name for one in albums]
    held, linked = st.session_state.get(f"{name}_album"), st.query_params.get(f"{name}_album")
    if held or not may_choose:
        now = str(held or start)  # an album that is being made is there when its first picture is
    else:
        own = [one for one in there if one not in ALBUMS]
        now = next(one for one in [linked, *own[:1], start] if one in (*there, start))
    if may_choose and linked != now and (held or linked):
        st.query_params[f"{name}_album"] = now
    return now


def _chosen(name: str, pictures: list[Kept], choose: Choose, most: int) -> list[Kept]:
    if choose == "none":
        return pictures
    most = 1 if choose == "one" else most
    wanted = st.session_state.get(f"{name}_chosen")
    if wanted is None:
        return pictures[:most]
    found = [one for one in pictures if one.id in set(wanted)]
    return (found or pictures[:most] if choose == "one" else found)[:most]


def _stamp(pictures: list[Kept], albums: Sequence[Album]) -> str:
    """Changes with anything the browser may have to ask for again."""
    return hashlib.sha256(repr((pictures, albums)).encode()).hexdigest()[:12]


def _heard(name: str, drawn: str) -> None:
    """Take over what the visitor chose or changed, before the page is drawn."""
    said: Any = st.session_state[drawn].get("said")
    if not isinstance(said, dict):
        return
    st.session_state[f"{name}_heard"] = said.get("at")
    if isinstance(said.get("album"), str) and said["album"] != st.session_state.get(f"{name}_album"):
        st.session_state[f"{name}_album"] = said["album"][:80]
        st.session_state[f"{name}_chosen"] = None
    if "chosen" in said:
        chosen = said["chosen"]
        st.session_state[f"{name}_chosen"] = [str(one) for one in chosen] if isinstance(chosen, list) else None
    if said.get("changed"):
        st.session_state[f"{name}_changed"] = True
