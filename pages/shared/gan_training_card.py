"""The card "Training" of the GAN page: the two players' optimisers side by side, then what they share."""

from __future__ import annotations

import streamlit as st

from core.config import OPTIMIZER_CONSTANTS
from core.config.gan import LOSS_CONSTANTS
from core.runs.service import RunView
from pages.shared.cards import card_label, pair, setting, value_of
from pages.shared.gan_players_card import player_name
from pages.shared.language import _
from pages.shared.training_card import machine_settings, schedule_settings, stop_settings

SIDES = (("generator", ""), ("discriminator", "d_"))  # player, and what its optimiser's suffixes begin with


def gan_training_summary(page: str) -> str:
    """Both rates and the loss."""
    return _("G {ours:g}, D {theirs:g}, batch {batch}").format(
        ours=value_of(page, "lr"), theirs=value_of(page, "lr_d"), batch=value_of(page, "batch_size")
    )


def gan_training_controls(page: str, run: RunView | None) -> None:
    """How the players learn."""
    label = card_label(_("Training"), gan_training_summary(page))
    with st.expander(label, expanded=True, icon=":material/tune:", key=f"{page}_training_card"):
        setting(page, "loss")
        pair(page, *LOSS_CONSTANTS[st.session_state[f"{page}_loss"]])
        setting(page, "players")
        for column, (player, prefix) in zip(st.columns(2), SIDES, strict=True):
            with column:
                _side(page, player, prefix)
        if run is not None and run.active and run.own:
            st.caption(
                _(
                    "Who learns, updates a round, rates, constants, batch size, spread and what belongs to the loss change the run that is on; the rest holds from the next."
                )
            )
        pair(page, "batch_size", "epochs")
        _constants(page)
        schedule_settings(page)
        with st.expander(card_label(_("Gradients"), _clipping(page))):
            setting(page, "clip_norm")
        stop_settings(page)
        machine_settings(page)


def _head(player: str) -> None:
    """Whose column it is, underlined in the player's colour."""
    st.html(f'<span class="lt-gan-side" data-player="{player}">{player_name(player)}</span>')


def _side(page: str, player: str, prefix: str) -> None:
    """One player's optimiser, its rate and its updates in a round."""
    _head(player)
    setting(page, f"{prefix}optimizer", _("Optimiser"))
    setting(page, "lr_d" if prefix else "lr", _("Rate"))
    setting(page, "steps_d" if prefix else "steps_g", _("Updates"))


def _constants(page: str) -> None:
    """What belongs to each player's optimiser."""
    decays = [value_of(page, f"{prefix}weight_decay") for _player, prefix in SIDES]
    said = _("decay {ours:g}, {theirs:g}").format(ours=decays[0], theirs=decays[1])
    with st.expander(card_label(_("Optimiser constants"), said)):
        for column, (player, prefix) in zip(st.columns(2), SIDES, strict=True):
            with column:
                _head(player)
                for name in (*OPTIMIZER_CONSTANTS[st.session_state[f"{page}_{prefix}optimizer"]], "weight_decay"):
                    setting(page, f"{prefix}{name}")


def _clipping(page: str) -> str:
    norm = value_of(page, "clip_norm")
    return _("clipped at {norm:g}").format(norm=norm) if norm else _("not clipped")
