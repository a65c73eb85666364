"""Offering a download, and how it goes: data sets and weights alike."""

from __future__ import annotations

import streamlit as st

from core.backbones.download import weights_downloads
from core.backbones.registry import BACKBONES
from core.datasets import DATASETS
from core.datasets.download import Downloads, downloads
from core.datasets.fetch import Cancelled
from pages.shared.language import _, sentence


def download_offer(page: str, fetched: Downloads, name: str, *, label: str, help: str) -> None:
    """Offers to fetch ``name``, which is not here, or shows how that goes. Keys of widgets begin with ``page``."""
    seen = f"{page}_download_seen"  # what this visitor has seen on its way
    progress = fetched.progress(name)
    if progress.state == "running":
        st.session_state[seen] = name
        st.fragment(_running, run_every=0.5)(page, fetched, name)
        return
    if progress.error is not None and st.session_state.get(seen) == name:
        say = st.info if isinstance(progress.error, Cancelled) else st.error
        say(sentence(progress.error), icon=":material/error:" if say is st.error else ":material/info:")
    st.button(
        label,
        key=f"{page}_download",
        icon=":material/download:",
        help=help,
        on_click=_start,
        args=(page, fetched, name),
        width="stretch",
    )


def _start(page: str, fetched: Downloads, name: str) -> None:
    st.session_state[f"{page}_download_seen"] = name
    fetched.start(name)


def _running(page: str, fetched: Downloads, name: str) -> None:
    """Body of a fragment: the bar of a download that is on; the whole page is drawn anew when it ends."""
    progress = fetched.progress(name)
    if progress.state != "running":
        st.rerun()
    done, total = (count / 2**20 for count in (progress.done, progress.total))
    st.progress(
        min(1.0, progress.done / progress.total), _("{done:.1f} of {total:.1f} MB").format(done=done, total=total)
    )
    st.button(
        _("Cancel"),
        key=f"{page}_download_cancel",
        icon=":material/close:",
        help=_("Gives the download up; what has come is removed."),
        on_click=fetched.cancel,
        args=(name,),
        width="stretch",
    )


def dataset_offer(page: str, name: str) -> None:
    """Offers the data set ``name``, which is not here."""
    download_offer(
        page,
        downloads(),
        name,
        label=_("Download ({size} MB)").format(size=DATASETS[name].download_mb),
        help=_("Fetches the published files once, checks them and keeps them on the server. Nothing else leaves it."),
    )


def weights_offer(page: str, name: str) -> None:
    """Offers the weights of backbone ``name``, which are not here."""
    spec = BACKBONES[name]
    download_offer(
        f"{page}_{name}",
        weights_downloads(),
        name,
        label=_("Download {name} ({size} MB)").format(name=_(spec.title), size=max(1, round(spec.megabytes))),
        help=_(
            "Fetches the published weights once from download.pytorch.org, checks their SHA-256 and keeps them on the server. Nothing else leaves it."
        ),
    )
