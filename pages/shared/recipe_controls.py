"""The recipe cards of a training page: data, training, network."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import streamlit as st

from core.config import DATASETS as DATASET_NAMES
from core.config import (
    OPTIMIZERS,
    USES_MOMENTUM,
    CNNConfig,
    ConvBlock,
    OptimizerConfig,
    RunConfig,
)
from core.datasets import DATASETS
from core.errors import ConfigError
from core.runs.service import RunView
from pages.shared.controls import control, count
from pages.shared.language import _
from pages.shared.recipe import default_value, linked_value
from pages.shared.transport import change


def _card(title: str, summary: str) -> str:
    """A card's label: what it is and, in grey, what is chosen, so that it can stay folded."""
    return f"{title} :small[:gray[{summary}]]"


def _value(page: str, suffix: str) -> Any:
    """What a widget shows, or will show when it is drawn for the first time."""
    key = f"{page}_{suffix}"
    if key not in st.session_state and key in st.query_params:
        with suppress(ConfigError):  # the page says what it refuses, and shows the default
            return linked_value(page, suffix, st.query_params[key])
    return st.session_state.get(key, default_value(suffix))


def data_summary(page: str) -> str:
    """The data set's name."""
    return _(DATASET_NAMES.get(_value(page, "dataset"), ""))


def training_summary(page: str) -> str:
    """Optimiser, rate, batch size."""
    optimizer = OPTIMIZERS.get(_value(page, "optimizer"), "")
    return _("{optimizer} {rate:g}, batch {batch}").format(
        optimizer=optimizer, rate=_value(page, "lr"), batch=_value(page, "batch_size")
    )


def network_summary(page: str) -> str:
    """How many blocks and dense layers."""
    return _("{blocks} conv, {dense} dense").format(
        blocks=_value(page, "blocks"), dense=_value(page, "dense_layers") + 1
    )


def data_controls(page: str) -> None:
    """Which pictures the network learns from."""
    there = [name for name, spec in DATASETS.items() if spec.available()]
    with st.expander(
        _card(_("Data"), data_summary(page)), expanded=True, icon=":material/grid_view:", key=f"{page}_data_card"
    ):
        control(page, "dataset", RunConfig, "dataset", only=there)
        spec = DATASETS[st.session_state[f"{page}_dataset"]]
        st.caption(
            _("{train:,} pictures to train on, {validation:,} to check on, {classes} classes. {source}").format(
                train=spec.train_size, validation=spec.validation_size, classes=len(spec.classes), source=_(spec.source)
            )
        )


def training_controls(page: str, run: RunView | None) -> None:
    """How the network learns."""
    with st.expander(
        _card(_("Training"), training_summary(page)), expanded=True, icon=":material/tune:", key=f"{page}_training_card"
    ):
        control(page, "optimizer", OptimizerConfig, "name")
        _live_control(page, "lr", OptimizerConfig, "learning_rate")
        _learning_rate_buttons(page)
        if run is not None and run.active and run.own:
            st.caption(
                _(
                    "Learning rate, momentum, batch size, weight decay and dropout change the run that is on. Everything else holds from the next run."
                )
            )
        if st.session_state[f"{page}_optimizer"] in USES_MOMENTUM:
            _live_control(page, "momentum", OptimizerConfig, "momentum")
        left, right = st.columns(2)
        with left:
            _live_control(page, "batch_size", RunConfig, "batch_size")
        with right:
            control(page, "epochs", RunConfig, "epochs")
        left, right = st.columns(2)
        with left:
            _live_control(page, "weight_decay", OptimizerConfig, "weight_decay")
        with right:
            control(page, "seed", RunConfig, "seed")


def _live_control(page: str, suffix: str, config_class: type, name: str) -> None:
    """The widget of a setting that a run takes over while it is on."""
    control(page, suffix, config_class, name, on_change=lambda: change(page, suffix))


def _learning_rate_buttons(page: str) -> None:
    with st.container(horizontal=True, gap="small"):
        for suffix, label, factor in (("lr_halve", _("Halve"), 0.5), ("lr_double", _("Double"), 2.0)):
            st.button(
                label,
                key=f"{page}_{suffix}",
                on_click=change,
                args=(page, "lr", factor),
                help=_("Multiplies the learning rate by {factor}, also while the run is on.").format(factor=factor),
                width="stretch",
            )


def network_controls(page: str) -> None:
    """What the network is made of."""
    with st.expander(
        _card(_("Network"), network_summary(page)), expanded=True, icon=":material/layers:", key=f"{page}_network_card"
    ):
        blocks = count(page, "blocks", CNNConfig, "blocks")
        tabs = st.tabs([_("Block {number}").format(number=number) for number in range(1, blocks + 1)])
        for number, tab in enumerate(tabs, 1):
            with tab:
                _block(page, number)
        dense = count(page, "dense_layers", CNNConfig, "hidden")
        for number in range(1, dense + 1):
            label = _("Units of dense layer {number}").format(number=number)
            control(page, f"dense{number}_units", CNNConfig, "hidden", label=label)
        if dense:
            control(page, "dense_activation", CNNConfig, "activation")
        _live_control(page, "dropout", CNNConfig, "dropout")


def _block(page: str, number: int) -> None:
    pairs = (("channels", "kernel_size"), ("stride", "padding"), ("activation", "pooling"))
    for pair in pairs:
        for column, name in zip(st.columns(2), pair, strict=True):
            with column:
                control(page, f"block{number}_{name}", ConvBlock, name)
    if st.session_state[f"{page}_block{number}_pooling"] != "none":
        control(page, f"block{number}_pool_size", ConvBlock, "pool_size")
