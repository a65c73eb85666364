"""The card "Data" of the RNN page: which sequences the network learns from, and how they are cut."""

from __future__ import annotations

import streamlit as st

from core.config.rnn import KINDS, SEQUENCES, UPLOADED
from core.datasets.sequences import SOURCES
from core.presets_rnn import PRESETS, STARTS
from pages.shared.asked import tell
from pages.shared.cards import card_label, pair, setting, value_of
from pages.shared.controls import control
from pages.shared.language import _, listed
from pages.shared.recipe import widget_values
from pages.shared.sequence_upload import bring, chosen_upload

OWN_LENGTH = ("rows", "pixels", "lines")  # whose sequences are as long as they are


def sequence_data_controls(page: str) -> None:
    """Which sequences the network learns from."""
    dataset = value_of(page, "dataset")
    title = _(SEQUENCES.get(dataset, "")).split(" (")[0]
    with st.expander(card_label(_("Data"), title), expanded=True, icon=":material/timeline:", key=f"{page}_data_card"):
        control(page, "dataset", on_change=_other_data(page))
        dataset = st.session_state[f"{page}_dataset"]
        st.caption(_(SOURCES[dataset]))
        if dataset in UPLOADED:
            bring(page, dataset)
        _suits_button(page, dataset)
        pair(page, *_cuts(dataset))
        with st.expander(card_label(_("More"), _more_summary(page, dataset))):
            setting(page, "bptt")
            for suffix in _switches(page, dataset):
                setting(page, suffix)
            if KINDS[dataset] == "forecast":
                setting(page, "season")


def _cuts(dataset: str) -> list[str]:
    """What says how long a sequence is, for those that have no length of their own."""
    if dataset in OWN_LENGTH:
        return []
    return ["length", "items"] if dataset == "copy" else ["length"]


def _switches(page: str, dataset: str) -> list[str]:
    """Switches that mean something here; one that is on where it cannot be stays in reach."""
    kind = KINDS[dataset]
    carries = kind in ("forecast", "characters") or value_of(page, "carry")
    return [*(["carry"] if carries else []), *(["difference"] if kind == "forecast" else [])]


def _more_summary(page: str, dataset: str) -> str:
    said = [_("gradients {steps} steps back").format(steps=value_of(page, "bptt"))] if value_of(page, "bptt") else []
    if value_of(page, "carry"):
        said.append(_("state carried"))
    if KINDS[dataset] == "forecast" and value_of(page, "difference"):
        said.append(_("changes"))
    return listed(said) or _("gradients through the whole sequence")


def _other_data(page: str):  # type: ignore[no-untyped-def]
    """Other data were chosen: what cannot be with them is switched off."""

    def changed() -> None:
        dataset = st.session_state[f"{page}_dataset"]
        kind = KINDS[dataset]
        if kind in ("classify", "memory"):
            tell(page, {f"{page}_carry": False})
        if kind in ("forecast", "characters") or dataset == "copy":
            tell(page, {f"{page}_bidirectional": False})
        chosen_upload(page, dataset)

    return changed


def _suits_button(page: str, dataset: str) -> None:
    """Sets network and training to what is known to work with the chosen data, where it is not that already."""
    config = PRESETS[STARTS[dataset]].make(dataset)
    wanted = widget_values(page, config)
    if all(value_of(page, key.removeprefix(f"{page}_")) == value for key, value in wanted.items() if key not in _KEPT):
        return

    def take() -> None:
        tell(page, {key: value for key, value in wanted.items() if key not in _KEPT})

    st.button(
        _("Set the rest to suit these data"),
        key=f"{page}_suit",
        icon=":material/auto_fix_high:",
        on_click=take,
        help=_("Length, network and training as in the recipe that is known to work with data of this kind."),
        width="stretch",
    )


_KEPT = ("rnn_upload", "rnn_dataset", "rnn_seed", "rnn_device", "rnn_threads", "rnn_precision")
