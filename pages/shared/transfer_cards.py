"""The card "Network" of the transfer page: backbone, what of it learns, head, augmentation."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.backbones.registry import BACKBONES as SPECS
from core.backbones.registry import OFFLINE
from core.config.transfer import BACKBONES
from pages.shared.asked import tell
from pages.shared.cards import card_label, folded, pair, setting, value_of
from pages.shared.downloading import weights_offer
from pages.shared.language import _
from pages.shared.recipe_choice import chosen_recipe, recipe_choice

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
        if value_of(page, "backbone") == OFFLINE:
            st.caption(
                _("It comes along and needs no download. It has seen only pictures made by formula and reads colour and texture more than form: expect much less of it than of a network trained on photos.")
            )  # fmt: skip
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
    tell(page, {f"{page}_backbone": OFFLINE})


def _head(page: str) -> None:
    hidden = value_of(page, "hidden")
    summary = _("{units} hidden units").format(units=hidden) if hidden else _("linear")
    with folded(page, _("Head"), summary, "hidden", "dropout"):
        pair(page, "hidden", "dropout")


def _recipe(page: str) -> None:
    """The augmentation, and how many disturbed versions of a picture a frozen backbone looks at."""
    now = chosen_recipe(page)
    said = _("none") if now.empty else now.title or _("a recipe of your own")
    with folded(page, _("Augmentation"), said, "recipe"):
        recipe_choice(page)
        if not chosen_recipe(page).empty and value_of(page, "mode") == "head":
            setting(page, "draws")


def sizes_words(table: dict[str, Any]) -> str:
    """What learns, of how much."""
    return _("{features:,} numbers for each picture of {side} × {side} pixels. Learns: {learning:,} of {all:,} weights, {head:,} of them in the head.").format(
        features=table["features"], side=table["side"], learning=table["head"] + table["learning"],
        all=table["head"] + table["backbone"], head=table["head"],
    )  # fmt: skip
