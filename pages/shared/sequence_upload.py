"""What a visitor brings: a series, a text, labelled lines. Checked, kept on the server, named by its fingerprint."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.config.rnn import SHA256, UPLOADED
from core.datasets import uploads
from core.datasets.sequences import upload_summary
from core.errors import LiveTorchError
from core.runs.service import service
from pages.shared.language import _, sentence

FILE_TYPES = {"series": ["csv", "txt"], "text": ["txt", "md", "py"], "lines": ["txt", "tsv"]}
LARGEST_MB = 2
LONGEST_PASTE = 200_000  # characters
TIMEOUT = 20.0  # seconds


def adopt_upload(page: str) -> None:
    """Take the fingerprint over from a link, and keep the link up to date. It has no widget that would do so."""
    key = f"{page}_upload"
    linked = st.query_params.get(key, "")
    if key not in st.session_state:
        st.session_state[key] = linked if SHA256.fullmatch(linked) else ""
    dataset = st.session_state.get(f"{page}_dataset")
    if not st.session_state[key] and dataset in UPLOADED:  # a preset was taken
        chosen_upload(page, dataset)
    if st.session_state[key]:
        if linked != st.session_state[key]:
            st.query_params[key] = st.session_state[key]
    elif key in st.query_params:
        del st.query_params[key]


def chosen_upload(page: str, dataset: str) -> None:
    """Other data were chosen: what was brought for them before is there again."""
    st.session_state[f"{page}_upload"] = st.session_state.get(f"{page}_uploads", {}).get(dataset, "")


def bring(page: str, dataset: str) -> None:
    """A place for a file and one to paste into, and what was read of it."""
    file, paste = f"{page}_file_{dataset}", f"{page}_paste_{dataset}"
    st.file_uploader(
        _("File"),
        type=FILE_TYPES[dataset],
        key=file,
        max_upload_size=LARGEST_MB,
        on_change=_taken,
        args=(page, dataset, file),
        help=_("At most {size} MB, UTF-8. It is kept on this server under its fingerprint, for runs that use it.").format(size=LARGEST_MB),
    )  # fmt: skip
    with st.popover(_("Paste instead"), icon=":material/content_paste:", key=f"{page}_paste_menu", width="stretch"):
        st.text_area(_("Text"), key=paste, height=200, max_chars=LONGEST_PASTE, placeholder=_placeholder(dataset))
        st.button(_("Use it"), key=f"{page}_paste_use", on_click=_taken, args=(page, dataset, paste), width="stretch")
    if isinstance(refused := st.session_state.pop(f"{page}_upload_refused", None), LiveTorchError):
        st.error(sentence(refused), icon=":material/error:")
    if sha := st.session_state.get(f"{page}_upload"):
        _say(dataset, sha)


def _placeholder(dataset: str) -> str:
    return {
        "series": _("month,value\n1,20.5\n2,21.3\n..."),
        "text": _("At least 2,000 characters"),
        "lines": _("French\tDubois\nGerman\tSchneider\n..."),
    }[dataset]


def _taken(page: str, dataset: str, key: str) -> None:
    """Check and keep what was brought; a refusal is said when the page is drawn, and what was there stays."""
    given = st.session_state[key]
    if given is None:
        return  # the file was taken out of the list
    content = given.encode() if isinstance(given, str) else given.getvalue()
    try:
        sha = _kept(dataset, content)
    except LiveTorchError as error:
        st.session_state[f"{page}_upload_refused"] = error
        return
    st.session_state[f"{page}_upload"] = sha
    st.session_state[f"{page}_uploads"] = st.session_state.get(f"{page}_uploads", {}) | {dataset: sha}


def _kept(dataset: str, content: bytes) -> str:
    """The fingerprint of what was kept and checked. What was refused is nobody's, and goes when room is needed."""
    sha = uploads.keep(content)
    _summary(dataset, sha)
    return sha


def _summary(dataset: str, sha: str) -> dict[str, Any]:
    found: dict[str, Any] = service().ask(upload_summary, dataset, sha, timeout=TIMEOUT)
    return found


def _say(dataset: str, sha: str) -> None:
    """What was read."""
    try:
        summary = _summary(dataset, sha)
    except LiveTorchError:
        return  # the page says why, with the settings
    if dataset == "series":
        said = _("Read **{numbers:,} numbers**, from {first:g} to {last:g}.").format(**summary)
    elif dataset == "text":
        said = _("Read **{characters:,} characters**, {vocabulary} different ones.").format(**summary)
    else:
        classes = summary["classes"]
        shown = ", ".join(f"{name} {count:,}" for name, count in list(classes.items())[:6])
        more = ", ..." if len(classes) > 6 else ""
        said = _("Read **{lines:,} lines** of {count} classes: {classes}").format(
            lines=summary["lines"], count=len(classes), classes=_plain(shown) + more
        )
    st.caption(said)


def _plain(text: str) -> str:
    """Labels are a visitor's: no Markdown in them."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>()#+-.!|$:~" else letter for letter in text)
