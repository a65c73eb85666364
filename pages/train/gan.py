"""Train a generator against a discriminator, live."""

from __future__ import annotations

import streamlit as st

from core.config import GANRunConfig
from core.runs.service import RunView
from pages.shared.compare import compare_menu, overlays
from pages.shared.follow import follow
from pages.shared.gan_data_card import data_here, gan_data_controls
from pages.shared.gan_players_card import list_layers, players_controls
from pages.shared.gan_scene import scene, shown_config, take_edit
from pages.shared.gan_training_card import gan_training_controls
from pages.shared.gan_transport import player_steps
from pages.shared.live import live_run
from pages.shared.presets_menu import presets_menu
from pages.shared.training_page import around, bar, checked, current_config, opened, transport_place

PAGE = "gan"

run = opened(PAGE)
place = transport_place(PAGE)
recipe_column, result_column = st.columns([300, 880], gap="medium")

with recipe_column, st.container(key=f"{PAGE}_recipe"):
    with st.container(horizontal=True, gap="small"):
        presets_menu(PAGE)
        compared = compare_menu(PAGE, run)
    gan_data_controls(PAGE)
    layers = players_controls(PAGE)
    gan_training_controls(PAGE, run)
with result_column:  # what cannot be is said where the stage would be
    config = current_config(PAGE)
    found = checked(PAGE, config)
if found is not None:
    list_layers(layers, found)
usable = found is not None and isinstance(config, GANRunConfig) and data_here(config.dataset)
with result_column:
    result = st.container(key=f"{PAGE}_result")


def draw(run: RunView | None) -> None:
    with place:
        bar(PAGE, run, usable, lambda: player_steps(PAGE, run, usable))
    with result:
        shown = shown_config(run, config if isinstance(config, GANRunConfig) else None)
        seen = found if run is None else checked(PAGE, shown)
        if shown is not None and seen is not None:
            more = scene(PAGE, shown, seen, run, config)
            live_run(PAGE, run, overlays(PAGE, compared), more=more, on_edit=lambda: take_edit(PAGE))


follow(PAGE, run, draw)
around(PAGE, place, result, config, run, compared)
