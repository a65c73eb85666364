"""Links and code to take away."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import streamlit as st

from core.config import CONFIG_VERSION, RunConfig
from core.errors import LiveTorchError
from core.runs.service import RunView, service
from pages.shared.hiding import hidden, hide_value, teachers_menu
from pages.shared.language import _, sentence
from pages.shared.recipe import linked_values
from pages.shared.rooms import ROOMS
from pages.shared.visitor import visitor


def share(page: str, config: RunConfig | None, run: RunView | None) -> None:
    """A popover with the link to these settings and the read-only link to this run."""
    with st.popover(
        _("Share"), icon=":material/share:", key=f"{page}_share", help=_("Links to these settings and to this run.")
    ):
        if config is not None:
            st.markdown(_("**These settings**: whoever opens the link finds every control as it is here."))
            st.code(settings_link(page, config), language=None, wrap_lines=True)
        if run is not None:
            st.markdown(
                _("**This run**, to watch only: whoever has the link sees it live, but cannot stop or change it.")
            )
            st.code(run_link(page, run), language=None, wrap_lines=True)
        teachers_menu(page)


def settings_link(page: str, config: RunConfig) -> str:
    """A link that carries every value and the format's version, so that later defaults do not alter it."""
    trimmed = {"hide": hide_value(page)} if hidden(page) else {}
    values = {"v": CONFIG_VERSION} | linked_values(page, config) | trimmed
    return f"{_base()}/{ROOMS[page].address}?" + urlencode(values)


def run_link(page: str, run: RunView) -> str:
    """A link that shows this run, read-only."""
    return f"{_base()}/{ROOMS[page].address}?" + urlencode({"run": run.id, "view": run.view_token})


def _base() -> str:
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}"


def code_button(page: str, run: RunView | None) -> None:
    """Opens the standalone script of the run on the page."""
    if st.button(
        _("Code"),
        key=f"{page}_code",
        icon=":material/code:",
        disabled=run is None,
        help=_("The PyTorch script of exactly this run, with what you changed while it ran."),
    ):
        assert run is not None
        _code_dialog(page, run.id)


def _code_dialog(page: str, run_id: str) -> None:
    @st.dialog(_("The code of this run"), width="large")
    def dialog() -> None:
        try:
            script = service().script(run_id, visitor=visitor(), token=st.session_state.get(f"{page}_view"))
        except LiveTorchError as error:
            st.error(sentence(error))
            return
        st.markdown(
            _(
                "A standalone script: it needs PyTorch, not LiveTorch. On the CPU of this machine it prints the same losses to the last digit."
            )
        )
        st.download_button(
            _("Download script"),
            script,
            file_name=f"livetorch_{run_id[:8]}.py",
            mime="text/x-python",
            icon=":material/download:",
            on_click="ignore",
        )
        st.code(script, language="python", height=480)

    dialog()
