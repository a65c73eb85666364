"""The right side of the augmentation page: which pictures, and what the recipe makes of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.augmentation.preview import preview
from core.config import DATASETS as DATASET_NAMES
from core.config.augmentation import RecipeConfig
from core.datasets import DATASETS
from core.errors import LiveTorchError
from core.figures.augmentation import chain_html, mixed_html, sheet_html, table_html
from core.runs.service import service
from pages.shared.augmenting_list import PAGE
from pages.shared.gallery import gallery
from pages.shared.language import _, sentence
from pages.shared.words.augmentation import drawn_words, time_words, told_lines

OWN = "own"  # the pictures of the visitor's library
MOST, MOST_DRAWS, SIDE = 6, 24, 160  # pictures; draws; pixels of a photo's longer side
TIMEOUT = 30.0


def source_control() -> str:
    """Where the pictures come from: the library, or a data set that is here; its name, "" for the library."""
    names = [OWN, *(name for name, spec in DATASETS.items() if spec.available())]
    key = f"{PAGE}_source"
    if key not in st.session_state and st.query_params.get("from") in names:
        st.session_state[key] = st.query_params["from"]
    chosen = st.selectbox(
        _("Pictures"), names, key=key, persist_state="session",
        format_func=lambda name: _("Photos: mine, and some to start with") if name == OWN else _(DATASET_NAMES[name]),
        help=_("On which pictures the recipe is shown: your own, or those that networks are trained on here."),
    )  # fmt: skip
    if chosen == OWN:
        st.query_params.pop("from", None)
        return ""
    st.query_params["from"] = chosen
    return str(chosen)


def chosen_pictures(dataset: str) -> list[dict[str, Any]]:
    """The pictures to be shown, as the preview's question wants them."""
    if not dataset:
        chosen = gallery(PAGE, choose="many", most=MOST)
        return [{"sha": one.sha, "name": one.label or one.name} for one in chosen.pictures[:MOST]]
    most = DATASETS[dataset].train_size - 1
    first, count = st.columns(2)
    with first:
        start = st.number_input(
            _("First picture"), 0, most, 0, key=f"{PAGE}_first", help=_("Its number in the training part, from 0 to {most:,}.").format(most=most),
        )  # fmt: skip
    with count:
        many = st.slider(_("How many"), 1, MOST, 3, key=f"{PAGE}_many", help=_("Pictures shown, one after another."))
    return [{"dataset": dataset, "number": min(int(start) + place, most)} for place in range(many)]


def draw_controls() -> dict[str, Any]:
    """Seed, number of draws, and how they are shown."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        seed = st.number_input(
            _("Seed"), 0, 2**31 - 1, 0, key=f"{PAGE}_seed", width=130, bind="query-params",
            help=_("Start of the random numbers: the same seed draws the same values. Draw number k uses seed + k - 1."),
        )  # fmt: skip
        st.button(
            _("Draw anew"), key=f"{PAGE}_redraw", icon=":material/casino:", on_click=_redraw, help=_("Another seed."),
        )  # fmt: skip
        count = st.slider(
            _("Draws"), 1, MOST_DRAWS, 12, key=f"{PAGE}_count", width=160, help=_("How many are shown of each picture.")
        )
        how = st.segmented_control(
            _("Show"), ["", "size", "signed"], default="", required=True, key=f"{PAGE}_difference",
            format_func=lambda name: {"": _("Pictures"), "size": _("Difference"), "signed": _("Signed")}[name],
            help=_("The pictures themselves, or by how much each value changed: |after - before|, black where nothing did; or 128 + (after - before) / 2, grey where nothing did."),
        )  # fmt: skip
        same = st.toggle(
            _("Same draw for all"), True, key=f"{PAGE}_same",
            help=_("Every picture gets the same random numbers. In training each one gets its own."),
        )  # fmt: skip
    return {"seed": int(seed), "count": int(count), "difference": how or "", "same": bool(same)}


def _redraw() -> None:
    st.session_state[f"{PAGE}_seed"] = random.randrange(1_000_000)


def asked(recipe: RecipeConfig, pictures: list[dict[str, Any]], draw: dict[str, Any]) -> dict[str, Any] | None:
    """The answer of the preview, kept for as long as nothing changes; ``None`` after saying what cannot be."""
    question = {"recipe": recipe.text, "pictures": pictures, "side": SIDE} | draw
    known, key = st.session_state.get(f"{PAGE}_answer"), repr(question)
    if known and known[0] == key:
        return dict(known[1])
    try:
        answer: dict[str, Any] = service().client.ask(preview, question, timeout=TIMEOUT)
    except LiveTorchError as error:
        st.error(sentence(error), icon=":material/error:")
        return None
    st.session_state[f"{PAGE}_answer"] = (key, answer)
    return answer


def chains(recipe: RecipeConfig, answer: dict[str, Any], changed: bool) -> None:
    """Each picture after each transform, with what was drawn and how long it took."""
    words = {"before": _("As it is"), "alt": _("{name} after {step}")}
    for picture in answer["pictures"]:
        steps = [
            {"title": _(one.spec.title), "values": drawn_words(one, stage["drawn"]), "time": time_words(time)}
            for one, stage, time in zip(recipe.active, picture["chain"], answer["milliseconds"], strict=True)
        ]
        st.html(chain_html(picture, steps, words, changed))
    if recipe.active:
        whole = sum(answer["milliseconds"])
        st.caption(
            _("Time of torchvision's call for one such picture on one CPU thread, done every time: {whole:.2f} ms for all. Training draws for each picture, then does many transforms to the whole batch at once.").format(whole=whole)
        )  # fmt: skip


def sheets(recipe: RecipeConfig, answer: dict[str, Any], changed: bool) -> None:
    """All draws of each picture; the values on hover and in a table."""
    alt = _("{name}, draw {number}")
    for picture in answer["pictures"]:
        if len(answer["pictures"]) > 1:
            st.caption(picture["name"])
        st.html(sheet_html(picture, lambda drawn: told_lines(recipe, drawn), alt, changed))
    if answer["mixed"]:
        st.subheader(_("Mixed with the picture before, labels too"))
        st.html(mixed_html(answer["mixed"]))
    elif recipe.batch != "none":
        st.caption(_("Choose two pictures or more to see them mixed."))
    if recipe.active:
        with st.expander(_("Values drawn")):
            picture: dict[str, Any] = answer["pictures"][0]
            heads = [_("Draw number"), *(_(one.spec.title) for one in recipe.active)]
            rows: list[Sequence[str]] = [
                [
                    str(number),
                    *(drawn_words(one, found) for one, found in zip(recipe.active, draw["drawn"], strict=True)),
                ]
                for number, draw in enumerate(picture["draws"], 1)
            ]
            st.html(table_html(heads, rows))
