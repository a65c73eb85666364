"""The recipe of augmentation on the card "Data" of a page that trains: which, where to build one, what it does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import streamlit as st

from core.augmentation.saved import saved
from core.config.augmentation import RecipeConfig, recipe_of
from core.config.augmentation_risks import risks
from core.errors import ConfigError, LiveTorchError
from core.figures.augmentation import batch_html
from core.presets_augmentation import starts
from core.runs.record import owner_of
from core.runs.service import service
from core.settings import setting_of
from pages.shared.cards import value_of
from pages.shared.controls import write_link
from pages.shared.hiding import hidden, keep
from pages.shared.language import _, sentence
from pages.shared.recipes import RECIPES
from pages.shared.visitor import visitor

TIMEOUT = 30.0


def recipe_suffix(page: str) -> str:
    """What a page calls the setting that holds its recipe; "" for a page that has none."""
    return next((suffix for suffix, path in RECIPES[page].suffixes.items() if path == "recipe"), "")


def chosen_recipe(page: str) -> RecipeConfig:
    """The recipe of the page's widgets or link; an empty one where it cannot be read (the page says so)."""
    with suppress(ConfigError):
        return recipe_of(str(value_of(page, recipe_suffix(page))))
    return RecipeConfig()


def recipe_choice(page: str, dataset: str = "") -> None:
    """A list of recipes, the warnings that go with the chosen one, and the way to the page that builds them."""
    suffix = recipe_suffix(page)
    if suffix in hidden(page):
        keep(page, suffix)
        return
    key, now = f"{page}_{suffix}", chosen_recipe(page)
    st.session_state[key] = now.text
    described = setting_of(RECIPES[page].config_class, "recipe")
    titles = {"": _("None")} | {one.text: one.title for one in (*saved(owner_of(visitor())), *starts().values())}
    titles.setdefault(now.text, now.title or _("Unnamed recipe"))
    chosen = st.selectbox(
        _(described.label), list(titles), key=key, format_func=lambda text: titles.get(text, text),
        help=_(described.help), persist_state="session",
    )  # fmt: skip
    write_link(key, str(chosen), not chosen)
    st.page_link(
        "data/augmentation.py", label=_("Look at it and change it") if chosen else _("Build a recipe"),
        icon=":material/auto_fix_high:", query_params=({"recipe": str(chosen)} if chosen else {}) | ({"from": dataset} if dataset else {}),
    )  # fmt: skip
    for template, values in risks(recipe_of(str(chosen)), dataset):
        st.caption(":material/warning: " + _(template).format(**{**values, "name": _(str(values.get("name", "")))}))


def seen_button(page: str, config: Any, ask: Callable[..., Any] | str) -> None:
    """Opens the batch as the network sees it; ``ask`` is the question, whose argument is the config."""
    if st.button(
        _("What the network sees"), key=f"{page}_seen", icon=":material/grid_on:", width="stretch",
        help=_("A batch drawn with exactly these settings: after augmentation, normalised and shown as pictures again."),
    ):  # fmt: skip
        st.dialog(_("This is what the network sees"), width="large")(_seen)(config, ask)


def _seen(config: Any, ask: Callable[..., Any] | str) -> None:
    """Body of the dialog."""
    try:
        seen = service().client.ask(ask, config.to_dict(), timeout=TIMEOUT)
    except LiveTorchError as error:
        st.error(sentence(error), icon=":material/error:")
        return
    channels, height, width = seen["size"]
    st.markdown(
        _("The first pictures of the first epoch. The network is given {channels} x {height} x {width} numbers from {low:.2f} to {high:.2f} for each.").format(
            channels=channels, height=height, width=width, low=seen["low"], high=seen["high"]
        )
    )  # fmt: skip
    st.html(
        batch_html(seen, {"before": _("As they are stored"), "after": _("As the network sees them, with their labels")})
    )
