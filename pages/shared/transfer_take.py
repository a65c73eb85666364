"""The tab "Take away": weights, a script that predicts, a script that trains, and all of it with the pictures."""

from __future__ import annotations

import streamlit as st

from core.config import RunConfig
from core.errors import LiveTorchError
from core.runs.service import RunView, service
from pages.shared.language import _, sentence
from pages.shared.visitor import visitor


def take_away(page: str, run: RunView | None) -> None:
    """What can be downloaded of ``run``."""
    if run is None or run.page != page:
        st.info(
            _("Teach a network first; then its weights and scripts can be taken away here."), icon=":material/school:"
        )
        return
    if run.active or not run.step:
        st.info(_("The run is still on. When it has ended, its weights are here."), icon=":material/hourglass_top:")
        return
    st.markdown(_("**{title}**, {step:,} steps.").format(title=run.title, step=run.step))
    view = "" if run.own else f"?view={run.view_token}"
    rows = (
        ("takeaway.zip", ":material/folder_zip:", _("Everything, with the pictures"), _everything()),
        ("weights.safetensors", ":material/weight:", _("Weights"), _weights()),
        ("predict.py", ":material/search:", _("Script that predicts"), _predict()),
        ("script.py", ":material/code:", _("Script that trains"), _train()),
    )
    record = service().record(run.id, visitor(), None if run.own else run.view_token)
    try:
        service().check_fits(record)
    except LiveTorchError as error:
        st.warning(sentence(error), icon=":material/history:")
        rows = tuple(row for row in rows if row[0] == "weights.safetensors")
    for name, icon, label, words in rows:
        with st.container(
            border=True, horizontal=True, vertical_alignment="center", key=f"{page}_take_{name.split('.')[0]}"
        ):
            st.link_button(label, f"/api/runs/{run.id}/{name}{view}", icon=icon, width=280)
            st.caption(words)
    if len(rows) > 1:
        with st.expander(_("The script that predicts"), icon=":material/search:"):
            _shown(record.config)


def _shown(config: RunConfig) -> None:
    from core.export.predict_script import predict_script_of

    st.code(predict_script_of(config), language="python", height=480)


def _everything() -> str:
    return _(
        "A zip with the three below and your pictures in folders by class, as the training script reads them. Unpack it, then: python train.py"
    )


def _weights() -> str:
    return _(
        "The head and whatever of the backbone has learned, as safetensors; classes, settings and how a picture is prepared are in its metadata."
    )


def _predict() -> str:
    return _(
        "Names the classes of any pictures: python predict.py photo.jpg. It needs PyTorch, torchvision and safetensors, and the weights beside it; pillow-heif for HEIC."
    )


def _train() -> str:
    return _(
        "Repeats the training from your pictures; on the CPU of this machine it prints the same losses to the last digit."
    )
