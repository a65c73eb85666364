"""Several runs in one picture: which ones, in what they differ, whether they started alike."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from html import escape
from typing import Any

import streamlit as st

from core.errors import NotFoundError
from core.runs.compare import Difference, differences, same_start
from core.runs.service import RunView, service
from pages.shared.language import _
from pages.shared.visitor import visitor

MOST = 6  # as many colours as can be told apart


def compare_menu(page: str, run: RunView | None) -> list[RunView]:
    """A popover to choose the runs drawn beside ``run``; returns them, the baseline first."""
    mine = {one.id: one for one in service().views(visitor()) if one.step and one.page == page}
    others = [one for one in mine if run is None or one != run.id]
    chosen, baseline = f"{page}_compare", f"{page}_baseline"
    with st.popover(
        _("Compare"),
        icon=":material/stacked_line_chart:",
        key=f"{page}_compare_menu",
        width="stretch",
        help=_("Draw other runs of yours beside this one."),
    ):
        beside = choose_runs(
            _("Runs to draw beside this one"),
            chosen,
            [mine[one] for one in others],
            MOST - 1,
            _("None") if others else _("Train a second run to have something to compare"),
        )
        pinned = choose_runs(
            _("Baseline, drawn in grey beside every run that follows"), baseline, list(mine.values()), 1, _("None")
        )
        if run is not None and run.own and run.id in mine:
            st.button(
                _("Pin this run as baseline"),
                key=f"{page}_pin",
                icon=":material/keep:",
                on_click=_pin,
                args=(baseline, run.id),
            )
    drawn = [one for one in dict.fromkeys([*pinned, *beside]) if one in others]
    return [mine[one] for one in drawn[:MOST]]


def choose_runs(label: str, key: str, runs: list[RunView], most: int, placeholder: str) -> list[str]:
    """A multiselect of ``runs`` under ``key``; returns the ids that are chosen."""
    names = run_names(runs)
    if key in st.session_state:  # what was deleted since cannot stay chosen
        st.session_state[key] = [one for one in st.session_state[key] if one in names]
    picked: list[str] = st.multiselect(
        label,
        list(names),
        key=key,
        max_selections=most,
        format_func=lambda one: names.get(one, one),
        persist_state="session",
        placeholder=placeholder,
    )
    return picked


def run_names(runs: list[RunView]) -> dict[str, str]:
    """Run id -> title with its time and accuracy; no two are the same, which a multiselect needs."""
    names: dict[str, str] = {}
    for run in runs:
        accuracy = run.latest.get("validation", {}).get("accuracy", math.nan)
        parts = [run.title, datetime.fromtimestamp(run.created, UTC).strftime("%H:%M:%S")]
        name = " · ".join([*parts, f"{accuracy:.1%}"] if math.isfinite(accuracy) else parts)
        names[run.id] = name if name not in names.values() else f"{name} · {run.id[:4]}"
    return names


def _pin(key: str, run_id: str) -> None:
    st.session_state[key] = [run_id]


def overlays(page: str, runs: list[RunView]) -> list[dict[str, Any]]:
    """``runs`` as the live view wants them."""
    baseline = st.session_state.get(f"{page}_baseline", [])
    return [{"run": one.id, "view": None, "title": one.title, "baseline": one.id in baseline} for one in runs]


def differences_table(runs: list[RunView]) -> None:
    """In what the settings of ``runs`` differ, and whether their first weights were the same."""
    if len(runs) < 2:
        return
    st.subheader(_("In what these runs differ"))
    alike = same_start([run.info for run in runs])
    if alike is not None:
        st.caption(
            _("Same start: their initial weights are the same, number for number (checksum {checksum}).").format(
                checksum=runs[0].info["start"]
            )
            if alike
            else _(
                "Different starts: their initial weights are not the same, because seed, network or initialisation differ."
            )
        )
    found = differences([run.config for run in runs])
    if not found:
        st.markdown(_("In nothing: the settings are the same."))
        return
    head = "".join(f"<th>{escape(run.title)}</th>" for run in runs)
    rows = "".join(_row(one) for one in found)
    first = escape(_("Setting"))
    st.html(
        f"<div class='lt-scroll'><table class='lt-table lt-differences'><thead><tr><th>{first}</th>{head}"
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(one: Difference) -> str:
    label = _(one.label) if one.number is None else f"{_(one.label)} {one.number}"
    cells = "".join(f"<td>{escape(_shown(value, one.choices))}</td>" for value in one.values)
    return f"<tr><th scope='row'>{escape(label)}</th>{cells}</tr>"


def _shown(value: Any, choices: dict[Any, str]) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if value in choices:
        return _(choices[value])
    return f"{value:g}" if isinstance(value, float) else str(value)


def runs_by_id(ids: list[str]) -> tuple[list[RunView], bool]:
    """The visitor's runs of ``ids``, at most :data:`MOST`, and whether some were not found."""
    found = []
    for one in ids[:MOST]:
        try:
            found.append(service().view(one, visitor()))
        except NotFoundError:
            continue
    return found, len(found) < len(ids)
