"""Step D and Step G: one round in which a single player learns, recorded like every other change."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.runs.service import RunView, service
from pages.shared.asked import later
from pages.shared.gan_players_card import PLAYERS
from pages.shared.language import _
from pages.shared.recipe import config_of
from pages.shared.transport import start
from pages.shared.visitor import visitor

ROUND_SECONDS = 5.0  # a round of pictures on a busy machine takes a while; the setting goes back after it


def player_steps(page: str, run: RunView | None, usable: bool) -> None:
    """Two buttons beside Step."""
    own = run if run is not None and run.own else None
    enabled = usable if own is None or not own.active else own.state != "queued"
    words = {
        "generator": (_("Step G"), _("One round in which only the generator learns, then pause. The discriminator stands still.")),
        "discriminator": (_("Step D"), _("One round in which only the discriminator learns, then pause. The generator stands still.")),
    }  # fmt: skip
    for player in reversed(PLAYERS):
        label, help = words[player]
        st.button(
            label,
            key=f"{page}_step_{player}",
            help=help,
            disabled=not enabled,
            on_click=later,
            args=(page, partial(step_player, page, player)),
        )


def step_player(page: str, player: str) -> None:
    """Let ``player`` alone learn for one round; who learns after it is what the page says."""
    found = st.session_state.get(f"{page}_run")
    run = service().view(found, visitor=visitor()) if found and not st.session_state.get(f"{page}_view") else None
    if run is None or not run.active:
        run = start(page, config_of(page, st.session_state), paused=True)
    elif run.state == "running":
        service().pause(run.id, visitor(), wait=ROUND_SECONDS)
    _say(run, player)
    service().step(run.id, visitor(), wait=ROUND_SECONDS)
    _say(run, config_of(page, st.session_state).to_dict()["players"])


def _say(run: RunView, players: str) -> None:
    """An edit without the service's look at what is so already: one that came in a pause is known only after a step."""
    service().send(run.id, {"type": "edit", "name": "players", "value": players})
