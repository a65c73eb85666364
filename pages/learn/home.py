"""The front page: what can be done here, and a first run in one click."""

from __future__ import annotations

import streamlit as st

from core.config import CNNRunConfig
from core.errors import LiveTorchError
from core.runs.service import service
from pages.shared.attached import attach
from pages.shared.language import _, sentence
from pages.shared.recipe import widget_values
from pages.shared.rooms import ROOMS
from pages.shared.runs_list import run_row
from pages.shared.transport import start
from pages.shared.visitor import visitor


def first_run() -> None:
    """Start the default run, unless one is on already, and go to it."""
    try:
        active = service().active(visitor(), "cnn")
        if active is None:
            for key, value in widget_values("cnn", CNNRunConfig()).items():
                st.session_state[key] = value
            start("cnn", CNNRunConfig())
        else:
            attach("cnn", active)
        st.session_state["home_go"] = True
    except LiveTorchError as error:
        st.session_state["home_notice"] = error


if st.session_state.pop("home_go", False):
    st.switch_page("train/cnn.py")

with st.container(key="home_hero"):
    st.title(_("Watch a network learn"))
    st.markdown(
        _(
            "LiveTorch trains real PyTorch networks while you look. Press the button: a small convolutional network starts on 1,797 handwritten digits, and its loss, its accuracy and its mistakes move in front of you."
        )
    )
    st.button(
        _("Train a network on handwritten digits"),
        key="home_first_run",
        type="primary",
        icon=":material/play_arrow:",
        on_click=first_run,
    )
    if isinstance(notice := st.session_state.pop("home_notice", None), LiveTorchError):
        st.error(sentence(notice), icon=":material/error:")

st.space("small")
DOORS = [(name, room.script, _(room.title), room.icon, _(room.help)) for name, room in ROOMS.items()]
DOORS.append(
    (
        "augmentation",
        "data/augmentation.py",
        _("Augmentation"),
        ":material/auto_fix_high:",
        _("Build a recipe of augmentation, see what it does to pictures, and train with it."),
    )
)
with st.grid(3, min_column_width=220, gap="small"):
    for name, script, title, icon, says in DOORS:
        with st.container(border=True, height="stretch", key=f"home_{name}"):
            st.page_link(script, label=f"**{title}**", icon=icon)
            st.markdown(says)

CARDS = (
    (
        ":material/tune:",
        _("Set"),
        _(
            "Blocks, kernels, strides, optimiser, learning rate. The shape of every layer answers at once, and a setting that cannot work says why."
        ),
    ),
    (
        ":material/monitoring:",
        _("Watch and steer"),
        _(
            "Pause, take one optimiser step, go on. Change rate, batch size or dropout as it runs: each change is marked on the curves."
        ),
    ),
    (
        ":material/history:",
        _("Leave and come back"),
        _("A run goes on when you close the page. It is in My runs with every number, and a link shows it to others."),
    ),
    (
        ":material/code:",
        _("Take the code"),
        _(
            "One readable PyTorch script of exactly your run. On the same machine it prints the same losses to the last digit."
        ),
    ),
)
st.space("small")
with st.grid(4, min_column_width=220, gap="small"):
    for icon, title, text in CARDS:
        with st.container(border=True):
            st.markdown(f"{icon} **{title}**")
            st.markdown(text)

recent = service().views(visitor())[:3]
if recent:
    st.subheader(_("Your latest runs"))
    for run in recent:
        run_row(run, "home")
