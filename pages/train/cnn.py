"""Train a small convolutional network on pictures, live."""

from __future__ import annotations

import streamlit as st

from core.config import CNNRunConfig
from core.datasets import DATASETS
from core.errors import ConfigError, NotFoundError
from pages.shared.attached import attached
from pages.shared.compare import compare_menu, differences_table, overlays
from pages.shared.data_card import data_controls
from pages.shared.language import _, sentence
from pages.shared.live import live_run, run_status
from pages.shared.network import network
from pages.shared.network_card import network_controls
from pages.shared.presets_menu import presets_menu
from pages.shared.recipe import config_of, refused
from pages.shared.share import code_button, share
from pages.shared.training_card import training_controls
from pages.shared.transport import notices, transport

PAGE = "cnn"


def current_config() -> CNNRunConfig | None:
    """The config the widgets describe, or ``None`` after saying what is wrong with it."""
    try:
        return config_of(PAGE, st.session_state)
    except ConfigError as error:
        st.error(sentence(error))
        return None


if f"{PAGE}_refused" not in st.session_state:
    st.session_state[f"{PAGE}_refused"] = refused(PAGE, st.query_params.to_dict())

try:
    run = attached(PAGE)
except NotFoundError as error:
    run = None
    st.warning(sentence(error), icon=":material/link_off:")

if problems := st.session_state[f"{PAGE}_refused"]:
    said = [_("Some of the link was not taken; the defaults stand in for it:"), *map(sentence, problems)]
    st.warning("\n- ".join(said), icon=":material/link_off:")
st.session_state[f"{PAGE}_refused"] = []
notices(PAGE)

bar = st.container(key=f"{PAGE}_transport", horizontal=True, vertical_alignment="center", gap="small")
recipe_column, network_column, result_column = st.columns([290, 330, 540], gap="medium")

with recipe_column, st.container(key=f"{PAGE}_recipe"):
    with st.container(horizontal=True, gap="small"):
        presets_menu(PAGE)
        compared = compare_menu(PAGE, run)
    data_controls(PAGE)
    training_controls(PAGE, run)
    network_controls(PAGE)
config = current_config()
with network_column, st.container(key=f"{PAGE}_network"):
    usable = network(PAGE, config) and config is not None and DATASETS[config.dataset].available()
with bar:
    transport(PAGE, run, usable)
    run_status(PAGE, run)
    code_button(PAGE, run)
    share(PAGE, config, run)
with result_column, st.container(key=f"{PAGE}_result"):
    target = run.config.stop.target_accuracy if run else 0.0
    live_run(PAGE, run, overlays=overlays(PAGE, compared), target=target or None)
    differences_table([*([run] if run else []), *compared] if compared else [])
