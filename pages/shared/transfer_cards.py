"""The card "Network" of the transfer page: backbone, what of it learns, head, augmentation."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.backbones.registry import BACKBONES as SPECS
from core.backbones.registry import OFFLINE
from core.config.augmentation import recipe_of
from core.config.transfer import BACKBONES
from core.errors import ConfigError
from core.presets_augmentation import starts
from pages.shared.cards import card_label, folded, pair, setting, value_of
from pages.shared.downloading import weights_offer
from pages.shared.language import _

FIRST = "mobilenet_v2"


def choose_backbone(page: str) -> None:
    """At the first visit: the usual backbone if its weights are here, else one that needs no download."""
    key = f"{page}_backbone"
    if key in st.session_state or key in st.query_params or SPECS[FIRST].available():
        return
    here = [OFFLINE, *SPECS]
    found = next((name for name in here if name in BACKBONES and SPECS[name].available()), None)
    if found is not None:
        st.session_state[key] = found


def needs_download(page: str) -> bool:
    """Whether the chosen backbone wants weights that are not here."""
    wanted = value_of(page, "pretrained") and value_of(page, "mode") != "scratch"
    return bool(wanted and not SPECS[value_of(page, "backbone")].available())


def backbone_controls(page: str) -> st.delta_generator.DeltaGenerator:
    """Which network looks at the pictures, and what of it is trained; returns a place for its sizes."""
    label = card_label(_("Network"), _(BACKBONES.get(value_of(page, "backbone"), "")))
    with st.expander(label, expanded=True, icon=":material/hub:", key=f"{page}_backbone_card"):
        setting(page, "backbone")
        if needs_download(page):
            _missing(page, value_of(page, "backbone"))
        setting(page, "mode")
        if value_of(page, "mode") != "scratch":
            setting(page, "pretrained")
        if value_of(page, "mode") == "finetune":
            pair(page, "blocks", "decay")
        _head(page)
        _recipe(page)
        return st.empty()


def _missing(page: str, name: str) -> None:
    """What can be done where the chosen weights are not here."""
    if SPECS[name].shipped:
        st.caption(
            _("Its weights are not in this installation. Choose another backbone, or switch pretrained weights off.")
        )
        return
    weights_offer(page, name)
    if SPECS[OFFLINE].available():
        st.button(
            _("Take the offline backbone"), key=f"{page}_offline", icon=":material/cloud_off:", width="stretch",
            help=_("A small network that comes along, trained on pictures made by formula. It needs no download and knows less."),
            on_click=_offline, args=(page,),
        )  # fmt: skip


def _offline(page: str) -> None:
    st.session_state[f"{page}_backbone"] = OFFLINE


def _head(page: str) -> None:
    hidden = value_of(page, "hidden")
    summary = _("{units} hidden units").format(units=hidden) if hidden else _("linear")
    with folded(page, _("Head"), summary, "hidden", "dropout"):
        pair(page, "hidden", "dropout")


def _recipe(page: str) -> None:
    """The augmentation, one of those to start from or the one that was handed over."""
    key, now = f"{page}_recipe", value_of(page, "recipe")
    with folded(page, _("Augmentation"), _title(now), "recipe"):
        known = {"": _("None"), **{recipe.text: recipe.title for recipe in starts().values()}}
        if now not in known:
            known[now] = _title(now)
        place = f"{key}_choice"
        st.session_state[place] = now
        st.selectbox(
            _("Recipe"), list(known), key=place, format_func=lambda text: known.get(text, text), on_change=_take, args=(page,),
            help=_("What disturbs the training pictures. Build one of your own on the augmentation page and press Train with this."),
        )  # fmt: skip
        if now and value_of(page, "mode") == "head":
            setting(page, "draws")


def _take(page: str) -> None:
    st.session_state[f"{page}_recipe"] = st.session_state[f"{page}_recipe_choice"]
    st.query_params[f"{page}_recipe"] = st.session_state[f"{page}_recipe"]


def _title(text: str) -> str:
    if not text:
        return _("none")
    try:
        return recipe_of(text).title or _("a recipe of your own")
    except ConfigError:
        return _("unreadable")


def sizes_words(table: dict[str, Any]) -> str:
    """What learns, of how much."""
    return _("{features:,} numbers for each picture of {side} × {side} pixels. Learns: {learning:,} of {all:,} weights, {head:,} of them in the head.").format(
        features=table["features"], side=table["side"], learning=table["head"] + table["learning"],
        all=table["head"] + table["backbone"], head=table["head"],
    )  # fmt: skip
