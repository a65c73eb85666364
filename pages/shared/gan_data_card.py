"""The card "Data" of the GAN page: points in the plane, drawn ones too, or pictures."""

from __future__ import annotations

import streamlit as st

from core.config import CNNRunConfig
from core.config.gan import GAN_DATASETS, PLANE
from core.datasets import DATASETS, sizes
from pages.shared.asked import tell
from pages.shared.cards import card_label, setting, value_of
from pages.shared.controls import control
from pages.shared.data_card import look_button
from pages.shared.downloading import dataset_offer
from pages.shared.language import _
from pages.shared.transport import change


def gan_data_controls(page: str) -> None:
    """What the generator is to imitate."""
    dataset = value_of(page, "dataset")
    label = card_label(_("Data"), _(GAN_DATASETS.get(dataset, "")))
    with st.expander(label, expanded=True, icon=":material/scatter_plot:", key=f"{page}_data_card"):
        control(page, "dataset", on_change=lambda: _fit_players(page))
        dataset = st.session_state[f"{page}_dataset"]
        st.caption(plane_words(dataset) if dataset in PLANE else _picture_words(dataset))
        if dataset in PLANE:
            control(page, "spread", on_change=lambda: change(page, "spread"))
        elif DATASETS[dataset].available():
            look_button(page, CNNRunConfig(dataset=dataset))
        else:
            dataset_offer(page, dataset)
        if dataset not in PLANE or value_of(page, "conditional"):
            setting(page, "conditional")


def data_here(dataset: str) -> bool:
    """Whether the data can be trained on now; points are made as they are needed."""
    return dataset in PLANE or DATASETS[dataset].available()


def _fit_players(page: str) -> None:
    """Points have neither pixels nor classes, so what only pictures can have goes with them."""
    if st.session_state[f"{page}_dataset"] in PLANE:
        plain = {"generator_kind": "mlp", "discriminator_kind": "mlp", "conditional": False}
        tell(page, {f"{page}_{suffix}": value for suffix, value in plain.items()})


def plane_words(dataset: str) -> str:
    """What the points are."""
    return {
        "line": _("Points along a straight line. The easiest to imitate."),
        "ring": _("Eight clusters on a circle of radius 1. The standard test: does the generator reach all of them?"),
        "grid": _("25 clusters, 5 by 5. Easy to miss some of them."),
        "spiral": _("One spiral: a thin curve that has to be wound up."),
        "disjoint": _("Two strokes with nothing between them; a smooth generator has to jump."),
        "drawn": _("Your own points: draw and erase them in the picture, also while it trains."),
    }[dataset]


def _picture_words(dataset: str) -> str:
    count = sizes(CNNRunConfig(dataset=dataset))[0]
    return _("{count:,} pictures of {classes} classes. {source}").format(
        count=count, classes=len(DATASETS[dataset].classes), source=_(DATASETS[dataset].source)
    )
