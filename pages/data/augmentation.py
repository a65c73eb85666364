"""Build a recipe of augmentation, see what it does to pictures, and train with it."""

from __future__ import annotations

import streamlit as st

from core.augmentation.saved import delete, save, saved
from core.config.augmentation import RecipeConfig
from core.config.augmentation_risks import risks
from core.datasets import DATASETS
from core.errors import LiveTorchError
from core.export.transforms_code import recipe_code
from core.presets_augmentation import STARTS, starts
from core.runs.record import owner_of
from pages.shared.augmented_pictures import asked, chains, chosen_pictures, draw_controls, sheets, source_control
from pages.shared.augmenting import open_recipe, recipe_controls, take_linked
from pages.shared.augmenting_list import PAGE
from pages.shared.handing_over import open_with
from pages.shared.language import _, sentence
from pages.shared.recipe_choice import recipe_suffix
from pages.shared.rooms import ROOMS
from pages.shared.visitor import visitor


def start_menu() -> None:
    """Recipes to start from: ours, and those that the visitor saved."""
    with st.popover(_("Start from"), icon=":material/menu_book:", key=f"{PAGE}_presets"):
        mine = saved(owner_of(visitor()))
        for number, recipe in enumerate(mine):
            with st.container(horizontal=True, gap="small"):
                st.button(
                    recipe.title, key=f"{PAGE}_mine_{number}", on_click=open_recipe, args=(recipe,), width="stretch"
                )
                st.button(
                    "", key=f"{PAGE}_forget_{number}", icon=":material/delete:", type="tertiary", help=_("Delete this recipe"),
                    on_click=delete, args=(owner_of(visitor()), recipe.title),
                )  # fmt: skip
        if mine:
            st.divider()
        for name, recipe in starts().items():
            st.button(recipe.title, key=f"{PAGE}_start_{name}", on_click=open_recipe, args=(recipe,), width="stretch")
            st.caption(_(STARTS[name][1]))
        st.button(_("Empty"), key=f"{PAGE}_start_empty", on_click=open_recipe, args=(RecipeConfig(),), width="stretch")


def save_button(recipe: RecipeConfig) -> None:
    """Keeps the recipe under its name."""
    if st.button(
        _("Save"), icon=":material/bookmark_add:", key=f"{PAGE}_save", disabled=not recipe.title,
        help=_("Keeps the recipe under its name, for this browser; one of the same name is replaced. The link of this page holds it, too."),
    ):  # fmt: skip
        try:
            save(owner_of(visitor()), recipe)
        except LiveTorchError as error:
            st.error(sentence(error), icon=":material/error:")
        else:
            st.toast(_("Saved as {title}.").format(title=recipe.title), icon=":material/bookmark_added:")


def train_menu(recipe: RecipeConfig, dataset: str) -> None:
    """Hands the recipe to the pages that train."""
    rooms = [name for name in ROOMS if recipe_suffix(name)]
    words = {"cnn": _("Train with this"), "transfer": _("Teach own classes with this")}
    for name in rooms:
        if st.button(
            words[name], key=f"{PAGE}_train_{name}", icon=":material/play_arrow:", disabled=recipe.empty,
            type="primary" if name == "cnn" else "secondary",
            help=_("Opens {title} with this recipe; nothing is trained before you press Train.").format(title=_(ROOMS[name].title)),
        ):  # fmt: skip
            values = {f"{name}_{recipe_suffix(name)}": recipe.text}
            if name == "cnn":
                values |= {"cnn_augmentation": "none"} | ({"cnn_dataset": dataset} if dataset else {})
            open_with(name, values)


def code_popover(recipe: RecipeConfig, size: tuple[int, int], seed: int) -> None:
    """The recipe as PyTorch code."""
    with st.popover(_("Code"), icon=":material/code:", key=f"{PAGE}_code"):
        code = recipe_code(recipe, size, seed)
        st.markdown(
            _("torchvision v2 for pictures of {height} x {width} pixels; lengths are worked out for that size.").format(height=size[0], width=size[1])
        )  # fmt: skip
        st.download_button(
            _("Download"), code, file_name="augmentation.py", mime="text/x-python", icon=":material/download:",
            on_click="ignore", key=f"{PAGE}_download",
        )  # fmt: skip
        st.code(code, language="python", height=420)


def warnings(recipe: RecipeConfig, dataset: str) -> None:
    """Where labels may break: loud where it is known what is on the pictures."""
    for template, values in risks(recipe, dataset):
        said = _(template).format(**{**values, "name": _(str(values.get("name", "")))})
        if dataset and "name" in values:
            st.warning(said, icon=":material/warning:")
        else:
            st.caption(f":material/warning: {said}")


st.title(_("Augmentation"))
st.markdown(
    _("A network that sees every picture slightly changed each time learns what does not matter. Build a recipe, look at what it really does, then train with it.")
)  # fmt: skip
take_linked()
actions = st.container(horizontal=True, gap="small", key=f"{PAGE}_actions")
left, right = st.columns([330, 830], gap="large")
with left, st.container(key=f"{PAGE}_transforms"):
    recipe = recipe_controls()
with right, st.container(key=f"{PAGE}_pictures"):
    dataset = source_control()
    pictures = chosen_pictures(dataset)
    warnings(recipe, dataset)
    draw = draw_controls()
    answer = None
    if pictures:
        answer = asked(recipe, pictures, draw)
    else:
        st.markdown(_("Choose a picture to see what the recipe makes of it."))
    if answer is not None:
        st.subheader(_("After each transform"))
        chains(recipe, answer, bool(draw["difference"]))
        st.subheader(_("What else may be drawn"))
        sheets(recipe, answer, bool(draw["difference"]))
with actions:
    start_menu()
    save_button(recipe)
    train_menu(recipe, dataset)
    first = answer["pictures"][0]["size"] if answer else [224, 224]
    code_popover(recipe, DATASETS[dataset].shape[1:] if dataset else (first[0], first[1]), draw["seed"])
