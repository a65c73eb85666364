"""Train a small convolutional network on pictures, live."""

from __future__ import annotations

import streamlit as st

from core.config import CNNRunConfig
from core.datasets import sizes, spec_of
from core.runs.service import RunView
from pages.shared.compare import compare_menu, overlays
from pages.shared.data_card import data_controls
from pages.shared.follow import follow
from pages.shared.live import live_run
from pages.shared.network import network
from pages.shared.network_card import network_controls
from pages.shared.presets_menu import presets_menu
from pages.shared.training_card import training_controls
from pages.shared.training_page import around, bar, current_config, opened, transport_place

PAGE = "cnn"

run = opened(PAGE)
place = transport_place(PAGE)
recipe_column, network_column, result_column = st.columns([290, 330, 540], gap="medium")

with recipe_column, st.container(key=f"{PAGE}_recipe"):
    with st.container(horizontal=True, gap="small"):
        presets_menu(PAGE)
        compared = compare_menu(PAGE, run)
    data_controls(PAGE)
    training_controls(PAGE, run)
    network_controls(PAGE)
config = current_config(PAGE)
with network_column, st.container(key=f"{PAGE}_network"):
    usable = network(PAGE, config) and isinstance(config, CNNRunConfig) and spec_of(config).available()
with result_column:
    result = st.container(key=f"{PAGE}_result")


def draw(run: RunView | None) -> None:
    with place:
        bar(PAGE, run, usable)
    pictures = sizes(run.config)[1] if run is not None and isinstance(run.config, CNNRunConfig) else None
    with result:
        live_run(PAGE, run, overlays(PAGE, compared), more={"validation_pictures": pictures})


follow(PAGE, run, draw)
around(PAGE, place, result, config, run, compared)
