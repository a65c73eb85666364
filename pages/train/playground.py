"""Train a small network on points of the plane, and see all of it at work."""

from __future__ import annotations

import streamlit as st

from core.config.mlp import MLPRunConfig
from core.runs.service import RunView
from pages.shared.compare import compare_menu, overlays
from pages.shared.follow import follow
from pages.shared.live import live_run
from pages.shared.playground_data import data_controls, input_controls, settle
from pages.shared.playground_network import network_row
from pages.shared.playground_stage import few_points, on_edit, restart_offer, stage_data
from pages.shared.playground_training import training_controls
from pages.shared.presets_menu import presets_menu
from pages.shared.training_page import around, bar, checked, current_config, opened, transport_place

PAGE = "mlp"

run = opened(PAGE)
settle(PAGE)
place = transport_place(PAGE)
recipe_column, stage_column = st.columns([290, 910], gap="medium")

with recipe_column, st.container(key=f"{PAGE}_recipe"):
    with st.container(horizontal=True, gap="small"):
        presets_menu(PAGE)
        compared = compare_menu(PAGE, run)
    data_controls(PAGE)
    input_controls(PAGE)
    training_controls(PAGE, run)
with stage_column:
    result = st.container(key=f"{PAGE}_result")
with result:
    network_row(PAGE)
    config = None if few_points(PAGE) else current_config(PAGE)
    usable = checked(PAGE, config) is not None and isinstance(config, MLPRunConfig)


def draw(run: RunView | None) -> None:
    with place:
        bar(PAGE, run, usable)
    with result:
        restart_offer(PAGE, run, config)
        more = stage_data(PAGE, run, config if usable else None)
        live_run(PAGE, run, overlays(PAGE, compared), more=more, on_edit=lambda: on_edit(PAGE))


follow(PAGE, run, draw)
around(PAGE, place, result, config, run, compared)
