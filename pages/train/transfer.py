"""Teach a network that has seen many pictures to tell one's own things apart."""

from __future__ import annotations

import streamlit as st

from core.runs.service import RunView
from core.training.transfer_seen import transfer_batch_seen
from pages.shared.compare import compare_menu, overlays
from pages.shared.follow import follow
from pages.shared.language import _
from pages.shared.live import live_run
from pages.shared.predicting import predict_tab
from pages.shared.presets_menu import presets_menu
from pages.shared.recipe_choice import seen_button
from pages.shared.training_card import training_controls
from pages.shared.training_page import around, bar, checked, current_config, opened, transport_place
from pages.shared.transfer_cards import backbone_controls, choose_backbone, needs_download, sizes_words
from pages.shared.transfer_mend import retrain_offer, take_mend
from pages.shared.transfer_pictures import adopt_pictures, picture_controls
from pages.shared.transfer_tabs import choose_tab, hold_settings, views_of
from pages.shared.transfer_take import take_away

PAGE = "transfer"

run = opened(PAGE)
adopt_pictures(PAGE)
choose_backbone(PAGE)
tab = choose_tab(PAGE)
if tab in ("predict", "take"):
    hold_settings(PAGE)
    if tab == "predict":
        predict_tab()
    else:
        take_away(PAGE, run)
    st.stop()

place = transport_place(PAGE)
if tab == "teach":
    recipe_column, pictures_column, result_column = st.columns([290, 360, 510], gap="medium")
else:
    recipe_column, result_column = st.columns([290, 880], gap="medium")
usable = True
if tab == "teach":
    with pictures_column, st.container(key=f"{PAGE}_pictures_column"):
        st.subheader(_("What it learns from"))
        usable = picture_controls(PAGE)
with recipe_column, st.container(key=f"{PAGE}_recipe_column"):
    with st.container(horizontal=True, gap="small"):
        presets_menu(PAGE)
        compared = compare_menu(PAGE, run)
    sizes = backbone_controls(PAGE)
    training_controls(PAGE, run)
    config = current_config(PAGE)  # when every control has taken its value from the link
    table = checked(PAGE, config) if usable and not needs_download(PAGE) else None
    if table is not None:
        sizes.caption(sizes_words(table))
        if tab == "teach":
            with pictures_column:
                seen_button(PAGE, config, transfer_batch_seen)
with result_column:
    result = st.container(key=f"{PAGE}_result")


def draw(run: RunView | None) -> None:
    with place:
        bar(PAGE, run, usable and table is not None)
    with result:
        retrain_offer(PAGE, run, usable and table is not None)
        live_run(PAGE, run, overlays(PAGE, compared), more=views_of(tab), on_edit=lambda: take_mend(PAGE))


follow(PAGE, run, draw)
around(PAGE, place, result, config, run, compared)
