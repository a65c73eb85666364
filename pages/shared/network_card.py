"""The card "Network": blocks in tabs, then the dense head."""

from __future__ import annotations

import streamlit as st

from pages.shared.cards import card_label, setting, value_of
from pages.shared.controls import control, count
from pages.shared.language import _
from pages.shared.layout import side_by_side

IN_BLOCK = (  # two in a row; the last one is not there without pooling
    *("channels", "kernel_size"),
    *("stride", "padding"),
    *("convolutions", "convolution"),
    *("normalization", "activation"),
    *("pooling", "pool_size"),
)


def network_summary(page: str) -> str:
    """How many blocks and dense layers."""
    return _("{blocks} conv, {dense} dense").format(
        blocks=value_of(page, "blocks"), dense=value_of(page, "dense_layers") + 1
    )


def network_controls(page: str) -> None:
    """What the network is made of."""
    label = card_label(_("Network"), network_summary(page))
    with st.expander(label, expanded=True, icon=":material/layers:", key=f"{page}_network_card"):
        blocks = count(page, "blocks")
        tabs = st.tabs([_("Block {number}").format(number=number) for number in range(1, blocks + 1)])
        for number, tab in enumerate(tabs, 1):
            with tab:
                _block(page, number)
        dense = count(page, "dense_layers")
        for number in range(1, dense + 1):
            label = _("Units of dense layer {number}").format(number=number)
            control(page, f"dense{number}_units", label=label)
        if dense:
            control(page, "dense_activation")
        setting(page, "dropout")
        setting(page, "initialization")


def _block(page: str, number: int) -> None:
    with side_by_side():
        for name in IN_BLOCK:
            if name != "pool_size" or st.session_state[f"{page}_block{number}_pooling"] in ("max", "average"):
                control(page, f"block{number}_{name}")
    control(page, f"block{number}_skip")
