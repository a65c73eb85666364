"""The pages that train, by the name their runs and widgets carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from core import presets, presets_gan, presets_mlp, presets_rnn, presets_transfer
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
    "mlp": Room(
        "train/playground.py",
        "playground",
        N_("Playground"),
        ":material/hub:",
        N_("Train a small network on points of the plane and see every neuron of it at work."),
        presets_mlp.PRESETS,
    ),
    "cnn": Room(
        "train/cnn.py",
        "cnn",
        N_("Convolutional network"),
        ":material/grid_on:",
        N_("Train a small convolutional network on pictures and watch it learn."),
        presets.PRESETS,
    ),
    "rnn": Room(
        "train/rnn.py",
        "rnn",
        N_("Recurrent network"),
        ":material/repeat:",
        N_("Train a small recurrent network on series, texts and puzzles of memory and watch what it remembers."),
        presets_rnn.PRESETS,
    ),
    "gan": Room(
        "train/gan.py",
        "gan",
        N_("GAN: two players"),
        ":material/compare_arrows:",
        N_("Two networks play against each other until one can make what looks real."),
        presets_gan.PRESETS,
    ),
    "transfer": Room(
        "train/transfer.py",
        "transfer",
        N_("Your own pictures"),
        ":material/add_photo_alternate:",
        N_("Teach a network that has seen a million photos to tell your own things apart, in seconds."),
        presets_transfer.PRESETS,
    ),
}


def room_page(name: str) -> st.Page:
    """The page as the navigation wants it."""
    room = ROOMS[name]
    return st.Page(room.script, title=_(room.title), icon=room.icon, url_path=room.address, help=_(room.help))
