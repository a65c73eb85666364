"""The card "Players": what the generator and the discriminator are made of, each with its layers."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import streamlit as st

from core.config.gan import PLANE
from core.figures.network import shape_text
from pages.shared.cards import card_label, pair, setting, value_of
from pages.shared.controls import control, count
from pages.shared.language import _
from pages.shared.layout import side_by_side

PLAYERS = ("generator", "discriminator")
OWN = {"generator": "batch_norm", "discriminator": "spectral_norm"}  # what only one of them has
Places = dict[str, st.delta_generator.DeltaGenerator]


def player_name(player: str) -> str:
    """What a player is called."""
    return _("Generator") if player == "generator" else _("Discriminator")


def players_controls(page: str) -> Places:
    """What the players are made of; returns where the layers of each will be listed."""
    summary = _("latent {dimension}").format(dimension=value_of(page, "latent_dimension"))
    places: Places = {}
    with st.expander(
        card_label(_("Players"), summary), expanded=True, icon=":material/compare_arrows:", key=f"{page}_players_card"
    ):
        pair(page, "latent_dimension", "latent_distribution")
        for player, tab in zip(PLAYERS, st.tabs([player_name(player) for player in PLAYERS]), strict=True):
            with tab:
                _player(page, player)
                places[player] = st.container(key=f"{page}_{player}_table")
    return places


def _player(page: str, player: str) -> None:
    pictures = value_of(page, "dataset") not in PLANE
    if pictures or value_of(page, f"{player}_kind") != "mlp":  # a link may ask for what points cannot have
        setting(page, f"{player}_kind")
    if value_of(page, f"{player}_kind") == "mlp":
        _hidden(page, player)
    else:
        setting(page, f"{player}_channels")
    setting(page, f"{player}_activation")
    setting(page, OWN[player])


def _hidden(page: str, player: str) -> None:
    layers = count(page, f"{player}_layers")
    with side_by_side():
        for number in range(1, layers + 1):
            label = _("Units of layer {number}").format(number=number)
            control(page, f"{player}_layer{number}_units", label=label)


def list_layers(places: Places, found: dict[str, Any]) -> None:
    """The layers of each player where :func:`players_controls` left room for them."""
    for player, place in places.items():
        with place:
            st.html(_table(found[player]))


def _table(player: dict[str, Any]) -> str:
    titles = ((_("Layer"), ""), (_("Output"), ""), (_("Parameters"), "lt-number"))
    head = "".join(f'<th class="{kind}">{escape(title)}</th>' for title, kind in titles)
    rows = "".join(
        f'<tr title="{escape(row["text"])}"><td class="lt-label">{_foldable(row["kind"])}</td>'
        f'<td class="lt-shape">{shape_text(row["output"])}</td><td class="lt-number">{row["parameters"]:,}</td></tr>'
        for row in player["rows"]
    )
    label = escape(_("Total"))
    total = f'<tr class="lt-total"><td colspan="2">{label}</td><td class="lt-number">{player["parameters"]:,}</td></tr>'
    return f'<table class="lt-table"><thead><tr>{head}</tr></thead><tbody>{rows}{total}</tbody></table>'


def _foldable(name: str) -> str:
    """A layer's name that may be broken between its words: the card is narrower than ConvTranspose2d and two numbers."""
    return re.sub("(?<=[a-z])(?=[A-Z])", "<wbr>", escape(name))
