"""Which labelled pictures a network of the transfer page learns from: an album, or the set of a link or a run."""

from __future__ import annotations

import hashlib

import streamlit as st

from core.config.rnn import SHA256
from core.errors import LiveTorchError
from core.pictures.builtin import SHAPES
from core.pictures.sets import PictureSet, keep_set, read_set
from core.pictures.split import split
from core.runs.service import service
from pages.shared.cards import card_label, pair, value_of
from pages.shared.controls import write_link
from pages.shared.gallery import Chosen, gallery
from pages.shared.language import _, listed, sentence
from pages.shared.visitor import visitor

GALLERY = "teach"  # first part of the gallery's names, which are no settings
FEW = 10


def adopt_pictures(page: str) -> None:
    """Take the fingerprint over from a link, and keep the link up to date. It has no widget that would do so."""
    key = f"{page}_pictures"
    linked = st.query_params.get(key, "")
    if key not in st.session_state:
        st.session_state[key] = linked if SHA256.fullmatch(linked) else ""
    write_link(key, str(st.session_state[key]), not st.session_state[key])


def picture_controls(page: str) -> bool:
    """The visitor's pictures with their classes; returns whether something can be learned from what is chosen."""
    chosen = gallery(GALLERY, labels=True, choose="none", start=SHAPES)
    # what is tried later comes into an album of its own, which must not become the one that is learned from
    st.session_state.setdefault(f"{GALLERY}_pictures_album", chosen.album)
    _follow(page, chosen)
    refused = st.session_state.get(f"{page}_pictures_refused")
    if isinstance(refused, LiveTorchError):
        st.info(sentence(refused), icon=":material/label:")
        return False
    try:
        one = current_set(page)
    except LiveTorchError as error:
        st.error(sentence(error), icon=":material/error:")
        _take_button(page, chosen)
        return False
    _say(page, one, chosen)
    return True


def current_set(page: str) -> PictureSet:
    """The set that the next run learns from. Raises :class:`LiveTorchError` where it is not here any more."""
    return set_of(st.session_state.get(f"{page}_pictures", ""))


def set_of(fingerprint: str) -> PictureSet:
    """The set kept under ``fingerprint``; the drawn shapes for ""."""
    return read_set(fingerprint) if fingerprint else service().library.as_set(visitor(), SHAPES)


def _follow(page: str, chosen: Chosen) -> None:
    """Learn from the album on screen as soon as it is another one, or something in it has changed."""
    pictures = sorted((one.sha, one.label) for one in chosen.pictures)
    now = hashlib.sha256(repr((chosen.album, pictures)).encode()).hexdigest()
    seen = st.session_state.get(f"{page}_pictures_seen")
    if now != seen and not (seen is None and st.session_state.get(f"{page}_pictures")):
        take_album(page, chosen.album)
    st.session_state[f"{page}_pictures_seen"] = now


def take_album(page: str, album: str) -> None:
    """From now on learn from ``album``; why that cannot be is said where the pictures are."""
    st.session_state[f"{page}_pictures_refused"] = None
    try:
        one = service().library.as_set(visitor(), album)
        st.session_state[f"{page}_pictures"] = "" if album == SHAPES else keep_set(one)
    except LiveTorchError as error:
        st.session_state[f"{page}_pictures_refused"] = error
    adopt_pictures(page)


def _say(page: str, one: PictureSet, chosen: Chosen) -> None:
    """How many pictures of what are learned from, and what is odd about that."""
    parts = split(one, value_of(page, "validation_share"), value_of(page, "split_seed"))
    counts = dict(zip(one.classes, one.counts(), strict=True))
    named = listed(f"{_plain(name)} {count:,}" for name, count in list(counts.items())[:8])
    st.caption(
        _("**{title}**: learns from {train:,} pictures, is checked on {validation:,}. {classes}").format(
            title=_plain(_(one.title)), train=len(parts.train), validation=len(parts.validation),
            classes=named + (", ..." if len(counts) > 8 else ""),
        )
    )  # fmt: skip
    if st.session_state.get(f"{page}_pictures", "") and _other(one, chosen):
        _take_button(page, chosen)
    few = [name for name, count in counts.items() if count < FEW]
    if few:
        st.caption(
            _(
                ":material/info: {names}: fewer than {count} pictures. It works, but one odd picture decides much; more of them, taken in other places and light, help most."
            ).format(names=listed(map(_plain, few[:4])), count=FEW)
        )
    with st.expander(card_label(_("Held-out pictures"), f"{value_of(page, 'validation_share'):.0%}")):
        pair(page, "validation_share", "split_seed")


def _take_button(page: str, chosen: Chosen) -> None:
    """Leaves the pictures of the link or of the run for those on screen."""
    st.button(
        _("Learn from the album above instead"), key=f"{page}_take_album", icon=":material/swap_vert:",
        help=_("The pictures of the link or of the run are another set than the album that is shown."),
        on_click=take_album, args=(page, chosen.album), width="stretch",
    )  # fmt: skip


def _other(one: PictureSet, chosen: Chosen) -> bool:
    """Whether the set has other pictures or classes than the album on screen; one that nothing can be learned from counts not."""
    labelled = sorted((picture.sha, picture.label) for picture in chosen.pictures if picture.label)
    return bool(labelled) and labelled != sorted((sha, one.classes[label]) for sha, label in one.pictures)


def _plain(text: str) -> str:
    """Names are a visitor's: no Markdown in them."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>()#+-.!|$:~" else letter for letter in text)
