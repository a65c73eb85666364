"""What every page that trains does the same way: its link, its settings, its bar."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.config import RunConfig
from core.errors import ConfigError, LiveTorchError, NotFoundError
from core.families import FAMILIES
from core.runs.service import RunView, service
from pages.shared.attached import attached
from pages.shared.compare import differences_table
from pages.shared.controls import mark
from pages.shared.hiding import write_hidden
from pages.shared.inside_links import inside_links
from pages.shared.language import _, sentence
from pages.shared.live import run_status
from pages.shared.recipe import config_of, refused
from pages.shared.share import code_button, share
from pages.shared.transport import notices, transport

TIMEOUT = 20.0  # seconds; the first question waits for the workers to start


def opened(page: str) -> RunView | None:
    """The run that the page shows, after saying what of its link or of the last action could not be."""
    if f"{page}_refused" not in st.session_state:
        st.session_state[f"{page}_refused"] = refused(page, st.query_params.to_dict())
    write_hidden(page)
    try:
        run = attached(page)
    except NotFoundError as error:
        run = None
        st.warning(sentence(error), icon=":material/link_off:")
    if problems := st.session_state[f"{page}_refused"]:
        said = [_("Some of the link was not taken; the defaults stand in for it:"), *map(sentence, problems)]
        st.warning("\n- ".join(said), icon=":material/link_off:")
    st.session_state[f"{page}_refused"] = []
    notices(page)
    return run


def transport_place(page: str) -> st.delta_generator.DeltaGenerator:
    """Where the bar will be drawn, when it is known whether the settings make a network."""
    return st.container(key=f"{page}_transport", horizontal=True, vertical_alignment="center", gap="small")


def current_config(page: str) -> RunConfig | None:
    """The config the widgets describe, or ``None`` after saying what is wrong with it."""
    try:
        return config_of(page, st.session_state)
    except ConfigError as error:
        mark(page, error, sentence(error))
        st.error(sentence(error))
        return None


def checked(page: str, config: RunConfig | None) -> dict[str, object] | None:
    """What the family's check says of ``config`` (its size and layers), or ``None`` after saying what cannot be."""
    if config is None:
        return None
    try:
        found: dict[str, object] = service().ask(FAMILIES[page].check, config.to_dict(), timeout=TIMEOUT)
        return found
    except ConfigError as error:
        mark(page, error, sentence(error))
        st.error(sentence(error), icon=":material/error:")
    except LiveTorchError as error:
        st.error(sentence(error), icon=":material/error:")
    return None


def bar(page: str, run: RunView | None, usable: bool, more: Callable[[], None] | None = None) -> None:
    """Train, Pause, Step, Stop, Reset, the state of the run and its code; ``more``: what stands beside Step."""
    transport(page, run, usable, more)
    run_status(page, run)
    code_button(page, run)


def around(
    page: str,
    place: st.delta_generator.DeltaGenerator,
    result: st.delta_generator.DeltaGenerator,
    config: RunConfig | None,
    run: RunView | None,
    compared: list[RunView],
) -> None:
    """What speaks of the run outside of what :func:`pages.shared.follow.follow` draws: links, and other runs."""
    with place:
        share(page, config, run)
    with result:
        inside_links(run)
        differences_table([*([run] if run else []), *compared] if compared else [])
