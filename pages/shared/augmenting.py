"""The recipe on the augmentation page: its name, its transforms and what mixes a batch, kept in the session and in the link."""

from __future__ import annotations

import streamlit as st

from core.config.augmentation import BATCHES, RecipeConfig, recipe_of
from core.errors import ConfigError
from core.presets_augmentation import starts
from core.settings import setting_of
from pages.shared.augmenting_list import ENTRIES, PAGE, open_transforms, transform_controls
from pages.shared.language import _, sentence

TITLE, BATCH, ALPHA = (f"{PAGE}_{name}" for name in ("title", "batch", "alpha"))
LINKED = "recipe"  # in the query string
WRITTEN, MOST_WRITTEN = f"{PAGE}_written", 60  # what this session wrote there


def open_recipe(recipe: RecipeConfig) -> None:
    """Show ``recipe``; its widgets are new ones."""
    open_transforms(recipe.transforms)
    st.session_state[TITLE] = recipe.title
    st.session_state[BATCH] = recipe.batch
    st.session_state[ALPHA] = recipe.alpha


def take_linked() -> None:
    """At the first visit of a session, or with another link: the recipe that the link says, or one to start from."""
    said = st.query_params.get(LINKED)
    # a browser that is busy says an address that is a few changes old
    if ENTRIES in st.session_state and (said is None or said in st.session_state.get(WRITTEN, [])):
        for name, default in ((TITLE, ""), (BATCH, "none"), (ALPHA, 0.4)):
            st.session_state.setdefault(name, default)
        return
    try:
        open_recipe(recipe_of(said) if said is not None else starts()["photos"])
    except ConfigError as error:
        st.warning(sentence(error), icon=":material/link_off:")
        open_recipe(starts()["photos"])


def recipe_controls() -> RecipeConfig:
    """The list with its widgets; returns the recipe they describe, which is then in the link as well."""
    st.text_input(
        _("Name"), key=TITLE, max_chars=40, placeholder=_("Unnamed recipe"), label_visibility="collapsed",
        persist_state="session", help=_("What the recipe is called when it is saved and trained with."),
    )  # fmt: skip
    transforms = transform_controls()
    _batch()
    chosen, alpha = st.session_state[BATCH], float(st.session_state.get(ALPHA, 0.4))
    recipe = RecipeConfig(st.session_state[TITLE], transforms, chosen, alpha)
    st.session_state[WRITTEN] = [*st.session_state.get(WRITTEN, [])[-MOST_WRITTEN:], recipe.text]
    st.query_params[LINKED] = recipe.text
    return recipe


def _batch() -> None:
    """What is done to the batch as a whole."""
    described = setting_of(RecipeConfig, "batch")
    st.segmented_control(
        _(described.label), list(BATCHES), key=BATCH, help=_(described.help), required=True, persist_state="session",
        format_func=lambda name: _(BATCHES[name]),
    )  # fmt: skip
    if st.session_state[BATCH] != "none":
        alpha = setting_of(RecipeConfig, "alpha")
        st.slider(
            _(alpha.label), 0.05, 8.0, step=0.05, key=ALPHA, help=_(alpha.help), format="%g", persist_state="session"
        )
