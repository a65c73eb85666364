"""Recipes that a visitor saved under a name: a small file for each visitor. No torch."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from pathlib import Path

from core.config.augmentation import RecipeConfig, recipe_of
from core.datasets import home
from core.datasets.kept import make_room, write_whole
from core.errors import ConfigError, LimitError, StoreError
from core.i18n import N_

MOST = 20  # recipes of a visitor
MOST_BYTES = 5 * 2**20  # of all visitors, thousands of them; who saved nothing for longest goes first
_writing = threading.Lock()


def saved(owner: str) -> list[RecipeConfig]:
    """The recipes of the visitor with hash ``owner``, by name. What cannot be read any more is left out."""
    try:
        lines = json.loads(_path(owner).read_text())
    except (OSError, ValueError):
        return []
    found = []
    for line in lines if isinstance(lines, list) else []:
        with suppress(ConfigError):
            found.append(recipe_of(str(line)))
    return sorted((one for one in found if one.title), key=lambda one: one.title.casefold())


def save(owner: str, recipe: RecipeConfig) -> None:
    """Keep ``recipe`` under its title; one of the same title is replaced.

    Raises :class:`ConfigError` without a title, :class:`LimitError` for too many, :class:`StoreError` if the disk refuses.
    """
    if not recipe.title:
        raise ConfigError("title", N_("Give the recipe a name first; it is saved under it."))
    with _writing:
        others = [one for one in saved(owner) if one.title != recipe.title]
        if len(others) >= MOST:
            raise LimitError(N_("You have {most} recipes already. Delete one, then save this one."), most=MOST)
        _write(owner, [*others, recipe])


def delete(owner: str, title: str) -> None:
    """Forget the recipe of that title; one that is not there is no fault."""
    with _writing:
        _write(owner, [one for one in saved(owner) if one.title != title])


def _folder() -> Path:
    return home() / "recipes"


def _path(owner: str) -> Path:
    return _folder() / f"{owner}.json"


def _write(owner: str, recipes: list[RecipeConfig]) -> None:
    try:
        if not recipes:
            _path(owner).unlink(missing_ok=True)
            return
        _folder().mkdir(parents=True, exist_ok=True)
        write_whole(_path(owner), json.dumps([one.text for one in recipes]).encode())
        make_room(_folder().glob("*.json"), MOST_BYTES, newest=_path(owner))
    except OSError as error:
        raise StoreError(
            N_("The recipe could not be saved ({error}). The link of this page holds it too."),
            error=error.strerror or type(error).__name__,
        ) from error
