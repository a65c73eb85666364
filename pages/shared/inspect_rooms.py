"""The pages that look inside a network, by the name of their view."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.i18n import N_
from pages.shared.language import _


@dataclass(frozen=True)
class InspectRoom:
    """One page that looks inside."""

    title: str
    icon: str
    help: str
    models: bool = False  # whether torchvision's models can be looked at without a run

    @property
    def linked(self) -> str:
        """Title for a link, in the visitor's language."""
        return _(self.title)


INSPECT: dict[str, InspectRoom] = {
    "graph": InspectRoom(
        N_("Computation graph"),
        ":material/account_tree:",
        N_("Every operation of the network with its values and gradients, folded by module."),
        models=True,
    ),
    "gradients": InspectRoom(
        N_("Gradients"),
        ":material/ssid_chart:",
        N_("Gradients, weights and activations of each layer over the whole run, and what ails them."),
    ),
    "step": InspectRoom(
        N_("One update"),
        ":material/footprint:",
        N_("One optimiser step from forward pass to new weights, with the true numbers."),
    ),
    "arithmetic": InspectRoom(
        N_("Arithmetic"),
        ":material/calculate:",
        N_("How one number of one layer comes about: products, sum, bias, activation."),
    ),
    "features": InspectRoom(
        N_("Features"),
        ":material/center_focus_strong:",
        N_("What units respond to, and which pixels an answer rests on."),
        models=True,
    ),
    "landscape": InspectRoom(
        N_("Loss landscape"),
        ":material/landscape:",
        N_("The loss around the weights, and the path the run took through it."),
    ),
}


def inspect_script(name: str) -> str:
    """The page's script, below pages/."""
    return f"inspect/{name}.py"


def inspect_page(name: str) -> st.Page:
    """The page as the navigation wants it."""
    room = INSPECT[name]
    return st.Page(inspect_script(name), title=_(room.title), icon=room.icon, url_path=name, help=_(room.help))
