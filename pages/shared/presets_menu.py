"""Where to start from: networks worth knowing, and recipes tuned for a goal."""

from __future__ import annotations

import streamlit as st

from core.config import DATASETS as DATASET_NAMES
from core.datasets import DATASETS
from core.presets import Preset
from pages.shared.asked import tell
from pages.shared.cards import value_of
from pages.shared.language import _
from pages.shared.recipe import widget_values
from pages.shared.recipes import RECIPES
from pages.shared.rooms import ROOMS


def presets_menu(page: str) -> None:
    """A popover with a button for each preset; pressing one sets every control of the page."""
    with st.popover(
        _("Start from"), icon=":material/menu_book:", key=f"{page}_presets", width="stretch",
        help=_("Sets every control to a network worth knowing, or to a recipe tuned for a goal."),
    ):  # fmt: skip
        for name, preset in ROOMS[page].presets.items():
            missing = preset.dataset in DATASETS and not DATASETS[preset.dataset].available()
            st.button(
                _(preset.label),
                key=f"{page}_preset_{name}",
                on_click=_take,
                args=(page, preset),
                disabled=missing,
                width="stretch",
            )
            st.caption(_(preset.help))
            if missing and preset.dataset is not None:
                st.caption(_("Needs {name}; download it in Data first.").format(name=_(DATASET_NAMES[preset.dataset])))


def _take(page: str, preset: Preset) -> None:
    recipe = RECIPES[page]
    dataset = preset.dataset or (value_of(page, "dataset") if "dataset" in recipe.suffixes else "")
    left = {f"{page}_{suffix}" for suffix in recipe.chosen}
    values = widget_values(page, preset.make(dataset))
    tell(page, {key: value for key, value in values.items() if key not in left})
