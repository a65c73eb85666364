"""The card "Network" of the RNN page: the cell, and how many of them."""

from __future__ import annotations

import streamlit as st

from core.config.rnn import CELLS, KINDS
from pages.shared.cards import card_label, pair, setting, value_of
from pages.shared.language import _


def rnn_network_summary(page: str) -> str:
    """Cell, layers, units."""
    cell, layers, hidden = (value_of(page, suffix) for suffix in ("cell", "layers", "hidden"))
    return f"{CELLS.get(cell, '')} {' + '.join([str(hidden)] * layers)}"


def rnn_network_controls(page: str) -> None:
    """What the network is made of."""
    label = card_label(_("Network"), rnn_network_summary(page))
    with st.expander(label, expanded=True, icon=":material/layers:", key=f"{page}_network_card"):
        setting(page, "cell")
        pair(page, "hidden", "layers")
        dataset, cell = value_of(page, "dataset"), value_of(page, "cell")
        kind = KINDS.get(dataset)
        if kind == "classify" or dataset == "adding" or value_of(page, "bidirectional"):
            setting(page, "bidirectional")
        setting(page, "dropout")
        pair(page, *(["forget_bias"] if cell == "lstm" else []), *(["embedding"] if _reads(dataset) else []))


def _reads(dataset: str) -> bool:
    """Whether the sequences are of characters, which are embedded."""
    return KINDS.get(dataset) == "characters" or dataset == "lines"
