"""The card "Data": which pictures the network learns from, fetching them, and looking at them first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from core.config import AUGMENTATIONS, CNNRunConfig, DataConfig
from core.config.augmentation import RecipeConfig
from core.config.cnn import CHOICES, OWN
from core.datasets import sizes, spec_of
from core.datasets.look import data_look
from core.errors import LiveTorchError
from core.figures.data import balance_figure, samples_html
from core.runs.service import service
from core.training.seen import batch_seen
from pages.shared.cards import card_label, setting, value_of
from pages.shared.downloading import dataset_offer
from pages.shared.language import _, listed, paragraph, sentence
from pages.shared.own_pictures import own_controls
from pages.shared.recipe_choice import chosen_recipe, recipe_choice, seen_button

STYLE = Path(__file__).resolve().parents[2] / "assets" / "data_look.css"
SHARES = ("train_share", "label_noise", "validation_share")


def data_summary(page: str) -> str:
    """The data set's name."""
    return _(CHOICES.get(value_of(page, "dataset"), ""))


def data_controls(page: str) -> None:
    """Which pictures the network learns from."""
    label = card_label(_("Data"), data_summary(page))
    with st.expander(label, expanded=True, icon=":material/grid_view:", key=f"{page}_data_card"):
        setting(page, "dataset")
        if value_of(page, "dataset") == OWN:
            own_controls(page)
        config = _chosen(page)
        st.caption(_size_words(config))
        if spec_of(config).available():
            look_button(page, replace(config, recipe=RecipeConfig()))  # so that its answers are shared
            drawn = {"seed": value_of(page, "seed"), "batch_size": value_of(page, "batch_size")}
            seen_button(page, replace(config, **drawn), batch_seen)
        elif config.dataset == OWN:
            st.warning(
                _("The pictures of this link are not on this server any more. Choose an album."),
                icon=":material/link_off:",
            )
        else:
            dataset_offer(page, config.dataset)
        with st.expander(card_label(_("Augmentation"), _augmentation_summary(config)), key=f"{page}_augmentation_card"):
            setting(page, "augmentation")
            recipe_choice(page, "" if config.dataset == OWN else config.dataset)
        with st.expander(card_label(_("More"), _more_summary(config.data))):
            for name in SHARES:
                setting(page, name)


def _chosen(page: str) -> CNNRunConfig:
    """What the card describes; settings of other cards stay at their defaults, so the answers to questions are shared."""
    values = {name: value_of(page, name) for name in (*SHARES, "augmentation")}
    which = {name: value_of(page, name) for name in ("dataset", "pictures", "side")}
    return CNNRunConfig(**which, data=DataConfig(**values), recipe=chosen_recipe(page))


def _size_words(config: CNNRunConfig) -> str:
    spec, (train, validation) = spec_of(config), sizes(config)
    return _("{train:,} pictures to train on, {validation:,} to check on, {classes} classes. {source}").format(
        train=train, validation=validation, classes=len(spec.classes), source=_(spec.source)
    )


def _more_summary(data: DataConfig) -> str:
    """What is not as the data set's makers left it."""
    said = []
    if data.train_share < 1:
        said.append(_("{share:.0%} used").format(share=data.train_share))
    if data.label_noise:
        said.append(_("{share:.0%} wrong labels").format(share=data.label_noise))
    if data.validation_share:
        said.append(_("{share:.0%} held out").format(share=data.validation_share))
    return listed(said) or _("all pictures")


def _augmentation_summary(config: CNNRunConfig) -> str:
    """What is done to the training pictures."""
    said = [_(AUGMENTATIONS[config.data.augmentation]).lower()] if config.data.augmentation != "none" else []
    if not config.recipe.empty:
        said.append(config.recipe.title or _("own recipe"))
    return listed(said) or _("none")


def look_button(page: str, config: CNNRunConfig) -> None:
    if st.button(
        _("Look at the data"),
        key=f"{page}_look_data",
        icon=":material/visibility:",
        help=_("Pictures of each class, their mean, and how many there are of each, before anything is trained."),
        width="stretch",
    ):
        st.dialog(_("What the network learns from"), width="large")(_look)(config)


def _look(config: CNNRunConfig) -> None:
    """Body of the dialog."""
    try:
        look = service().ask(data_look, config.to_dict(), timeout=20.0)
    except LiveTorchError as error:
        st.error(sentence(error), icon=":material/error:")
        return
    st.markdown(_split_words(config, look["wrong"]))
    st.html(STYLE)
    samples, balance = st.columns([3, 2], gap="medium")
    with samples:
        heads = (_("Class"), _("Mean"), _("First pictures to train on"))
        mistaken = _("Labelled {given}, in truth {true}")
        st.html(samples_html(look, heads, mistaken, _("No pictures left of this class")))
    with balance:
        st.caption(
            _("How many of the pictures are of each class. Always guessing the largest one gets that share right.")
        )
        figure = balance_figure(look, _("Training"), _("Validation"), _("Share of pictures"))
        st.plotly_chart(figure, key="data_balance", config={"displayModeBar": False})


def _split_words(config: CNNRunConfig, wrong: int) -> str:
    """The split in words."""
    train, validation = sizes(config)
    held_out = _("held out of the training part, so the set's own test pictures stay unseen")
    own = _("a fifth of each class") if config.dataset == OWN else _("the set's own test pictures")
    said = [
        _("**{train:,}** pictures to train on, **{validation:,}** to check on: {which}.").format(
            train=train, validation=validation, which=held_out if config.data.validation_share else own
        )
    ]
    if config.data.train_share < 1:
        said.append(_("{share:.0%} of the training pictures are used.").format(share=config.data.train_share))
    if wrong:
        said.append(_("**{wrong:,}** training labels are wrong; such pictures are outlined.").format(wrong=wrong))
    return paragraph(said)
