"""The card "Data": which pictures the network learns from, fetching them, and looking at them first."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.config import AUGMENTATIONS, CNNRunConfig, DataConfig
from core.config import DATASETS as DATASET_NAMES
from core.datasets import DATASETS, sizes
from core.datasets.download import downloads
from core.datasets.fetch import Cancelled
from core.datasets.look import data_look
from core.errors import LiveTorchError
from core.figures.data import balance_figure, samples_html
from core.runs.service import service
from pages.shared.cards import card_label, setting, value_of
from pages.shared.language import _, sentence

STYLE = Path(__file__).resolve().parents[2] / "assets" / "data_look.css"
SHARES = ("train_share", "label_noise", "validation_share")


def data_summary(page: str) -> str:
    """The data set's name."""
    return _(DATASET_NAMES.get(value_of(page, "dataset"), ""))


def data_controls(page: str) -> None:
    """Which pictures the network learns from."""
    label = card_label(_("Data"), data_summary(page))
    with st.expander(label, expanded=True, icon=":material/grid_view:", key=f"{page}_data_card"):
        setting(page, "dataset")
        config = _chosen(page)
        st.caption(_size_words(config))
        if DATASETS[config.dataset].available():
            look_button(page, config)
        else:
            download_offer(page, config.dataset)
        with st.expander(card_label(_("More"), _more_summary(config.data))):
            for name in (*SHARES, "augmentation"):
                setting(page, name)


def _chosen(page: str) -> CNNRunConfig:
    """What the card describes; settings of other cards stay at their defaults, so the answers to questions are shared."""
    values = {name: value_of(page, name) for name in (*SHARES, "augmentation")}
    return CNNRunConfig(dataset=value_of(page, "dataset"), data=DataConfig(**values))


def _size_words(config: CNNRunConfig) -> str:
    spec, (train, validation) = DATASETS[config.dataset], sizes(config)
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
    if data.augmentation != "none":
        said.append(_(AUGMENTATIONS[data.augmentation]).lower())
    return ", ".join(said) or _("all pictures, as they are")


def download_offer(page: str, name: str) -> None:
    """Offers to fetch a data set that is not here, or shows how that goes."""
    seen = f"{page}_download_seen"  # the data set whose download this visitor has seen running
    progress = downloads().progress(name)
    if progress.state == "running":
        st.session_state[seen] = name
        st.fragment(_running, run_every=0.5)(page, name)
        return
    if progress.error is not None and st.session_state.get(seen) == name:
        say = st.info if isinstance(progress.error, Cancelled) else st.error
        say(sentence(progress.error), icon=":material/error:" if say is st.error else ":material/info:")
    st.button(
        _("Download ({size} MB)").format(size=DATASETS[name].download_mb),
        key=f"{page}_download",
        icon=":material/download:",
        help=_("Fetches the published files once, checks them and keeps them on the server. Nothing else leaves it."),
        on_click=_start,
        args=(page, name),
        width="stretch",
    )


def _start(page: str, name: str) -> None:
    st.session_state[f"{page}_download_seen"] = name
    downloads().start(name)


def _running(page: str, name: str) -> None:
    """Body of a fragment: the bar of a download that is on; the whole page is drawn anew when it ends."""
    progress = downloads().progress(name)
    if progress.state != "running":
        st.rerun()
    done, total = (count / 2**20 for count in (progress.done, progress.total))
    st.progress(
        min(1.0, progress.done / progress.total), _("{done:.1f} of {total:.1f} MB").format(done=done, total=total)
    )
    cancel = downloads().cancel
    st.button(
        _("Cancel"),
        key=f"{page}_download_cancel",
        icon=":material/close:",
        help=_("Gives the download up; what has come is removed."),
        on_click=cancel,
        args=(name,),
        width="stretch",
    )


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
    own = _("the set's own test pictures")
    said = [
        _("**{train:,}** pictures to train on, **{validation:,}** to check on: {which}.").format(
            train=train, validation=validation, which=held_out if config.data.validation_share else own
        )
    ]
    if config.data.train_share < 1:
        said.append(_("{share:.0%} of the training pictures are used.").format(share=config.data.train_share))
    if wrong:
        said.append(_("**{wrong:,}** training labels are wrong; such pictures are outlined.").format(wrong=wrong))
    return " ".join(said)
