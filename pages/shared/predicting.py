"""The tab "Predict": what networks trained on ImageNet say of the visitor's pictures, side by side, and why."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.backbones.registry import BACKBONES, OFFLINE, ZOO
from core.backbones.spec import BackboneSpec
from pages.shared.downloading import weights_offer
from pages.shared.gallery import gallery
from pages.shared.inspect_rooms import inspect_script
from pages.shared.language import _, language, paragraph
from pages.shared.live import component
from pages.shared.words.predicting import predict_words

PAGE = "transfer_predict"
MOST_PICTURES, MOST_MODELS = 12, 4  # at a time
FIRST = "mobilenet_v2"


def predict_tab() -> None:
    """The whole tab; keys of its widgets begin with ``transfer_predict_``."""
    st.markdown(
        _(
            "These networks were trained on ImageNet to tell 1,000 classes apart: about 400 animals, the rest mostly everyday things, hardly any people. Whatever a picture shows, they name the nearest of these. Press an answer to see what it rests on."
        )
    )
    pictures, models = _pictures(), _models()
    if not pictures:
        st.info(_("Choose at least one picture to have it named."), icon=":material/image:")
    elif not models:
        st.info(_("Choose at least one network."), icon=":material/hub:")
    else:
        _answers(pictures, models)


def _pictures() -> list[dict[str, str]]:
    """The chosen pictures: fingerprint and name each."""
    chosen = gallery(PAGE, choose="many", most=MOST_PICTURES)
    return [{"sha": one.sha, "name": one.name} for one in chosen.pictures]


def _models() -> list[BackboneSpec]:
    """The chosen networks, and their downloads."""
    here = [name for name, spec in ZOO.items() if spec.available()]
    chosen = st.pills(
        _("Networks, up to {most} side by side").format(most=MOST_MODELS),
        list(ZOO),
        selection_mode="multi",
        default=here[:2] or [FIRST],
        format_func=_label,
        key=f"{PAGE}_models",
        help=_("Larger ones are more often right and take longer. Those with an arrow have to be downloaded first."),
    )
    if len(chosen) > MOST_MODELS:
        st.caption(_("The first {most} are asked; take one away to add another.").format(most=MOST_MODELS))
    asked = chosen[:MOST_MODELS]
    missing = [name for name in asked if not ZOO[name].available()]
    if missing:
        st.caption(_missing_words())
        for column, name in zip(st.columns(max(2, len(missing))), missing, strict=False):
            with column:
                weights_offer(PAGE, name)
    return [ZOO[name] for name in asked]


def _missing_words() -> str:
    said = _("Weights that are not on this machine are fetched once. Until then a network answers with random weights.")
    if not BACKBONES[OFFLINE].available():
        return said
    offline = _("Without network, the offline backbone “{name}” can be taught your own classes.")
    return paragraph([said, offline.format(name=_(BACKBONES[OFFLINE].title))])


def _label(name: str) -> str:
    spec = ZOO[name]
    return spec.title if spec.available() else f":material/download: {spec.title}"


def _answers(pictures: list[dict[str, str]], models: list[BackboneSpec]) -> None:
    """The component that asks and shows; follows where it leads."""
    result = component("inspect_run")(
        key=f"{PAGE}_answers",
        data={
            "inspect": "predict",
            "page": "zoo",
            "run": None,
            "model": None,
            "state": None,
            "links": {},
            "pictures": pictures,
            "backbones": [_facts(spec) for spec in models],
            "lang": language(),
            "text": predict_words(),
        },
        on_open_change=lambda: None,
    )
    opened: Any = result.get("open")
    if isinstance(opened, dict) and opened.get("model") in ZOO:
        query = {"model": str(opened["model"]), "picture": str(opened.get("picture", ""))}
        st.session_state.pop("features_subject", None)
        st.switch_page(inspect_script("features"), query_params=query)


def _facts(spec: BackboneSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "title": spec.title,
        "weights": "imagenet" if spec.available() else "random",
        "parameters": spec.parameters,
        "megabytes": spec.megabytes,
        "top1": spec.top1,
    }
