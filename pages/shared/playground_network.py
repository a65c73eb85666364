"""The row above the stage: how many layers, and what each of them is."""

from __future__ import annotations

import streamlit as st

from core.config.network import ACTIVATIONS
from pages.shared.cards import setting, value_of
from pages.shared.controls import control, count
from pages.shared.hiding import shown
from pages.shared.language import _

REST = ("dropout", "normalization", "initialization", "skip")


def network_row(page: str) -> None:
    """Layers, neurons and activations beside each other, the rest in a popover."""
    with st.container(key=f"{page}_layers_row", horizontal=True, vertical_alignment="bottom", gap="small"):
        if shown(page, "layers"):
            with st.container(key=f"{page}_layers_count", width=132):
                layers = count(page, "layers")
        else:
            layers = count(page, "layers")
        for number in range(1, layers + 1):
            _layer(page, number)
        if not shown(page, *REST):
            for suffix in REST:
                setting(page, suffix)
            return
        with st.popover(_("More"), icon=":material/settings:", key=f"{page}_network_more"):
            for suffix in REST:
                setting(page, suffix)


def _layer(page: str, number: int) -> None:
    """One layer's popover; its label says what it is."""
    names = (f"layer{number}_neurons", f"layer{number}_activation")
    if not shown(page, *names):
        for name in names:
            control(page, name)
        return
    neurons, activation = (value_of(page, name) for name in names)
    label = f"{neurons} · {_(ACTIVATIONS.get(activation, ''))}"
    said = _("Layer {number}: neurons and activation").format(number=number)
    with st.popover(label, key=f"{page}_layer{number}", help=said):
        st.markdown(_("**Layer {number}**").format(number=number))
        for name in names:
            control(page, name)
