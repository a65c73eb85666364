"""The pages that train, by the name their runs and widgets carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from core import presets
from core.i18n import N_
from core.presets import Preset
from pages.shared.language import _


@dataclass(frozen=True)
class Room:
    """One page that trains."""

    script: str  # below pages/
    address: str  # in the browser
    title: str
    icon: str
    help: str
    presets: Mapping[str, Preset]


ROOMS: dict[str, Room] = {
    "cnn": Room(
        "train/cnn.py",
        "cnn",
        N_("Convolutional network"),
        ":material/grid_on:",
        N_("Train a small convolutional network on pictures and watch it learn."),
        presets.PRESETS,
    ),
}


def room_page(name: str) -> st.Page:
    """The page as the navigation wants it."""
    room = ROOMS[name]
    return st.Page(room.script, title=_(room.title), icon=room.icon, url_path=room.address, help=_(room.help))
