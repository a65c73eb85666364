"""Train a small recurrent network on sequences, live."""

from __future__ import annotations

import streamlit as st

from core.config.rnn import RNNRunConfig
from core.runs.service import RunView
from pages.shared.compare import compare_menu, overlays
from pages.shared.follow import follow
from pages.shared.live import live_run
from pages.shared.presets_menu import presets_menu
from pages.shared.rnn_network import rnn_network
from pages.shared.rnn_network_card import rnn_network_controls
from pages.shared.rnn_views import views_of
from pages.shared.sequence_data_card import sequence_data_controls
from pages.shared.sequence_upload import adopt_upload
from pages.shared.training_card import training_controls
from pages.shared.training_page import around, bar, checked, current_config, opened, transport_place

PAGE = "rnn"

run = opened(PAGE)
adopt_upload(PAGE)
place = transport_place(PAGE)
recipe_column, network_column, result_column = st.columns([290, 330, 540], gap="medium")

with recipe_column, st.container(key=f"{PAGE}_recipe"):
    with st.container(horizontal=True, gap="small"):
        presets_menu(PAGE)
        compared = compare_menu(PAGE, run)
    sequence_data_controls(PAGE)
    training_controls(PAGE, run)
    rnn_network_controls(PAGE)
config = current_config(PAGE)
assert config is None or isinstance(config, RNNRunConfig)
with network_column, st.container(key=f"{PAGE}_network"):
    usable = rnn_network(config, checked(PAGE, config))
with result_column:
    result = st.container(key=f"{PAGE}_result")


def draw(run: RunView | None) -> None:
    with place:
        bar(PAGE, run, usable)
    with result:
        live_run(PAGE, run, overlays(PAGE, compared), more=views_of(run, config, usable))


follow(PAGE, run, draw)
around(PAGE, place, result, config, run, compared)
