"""The recurrent network that the settings describe: unrolled in time, and the table of its layers."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from core.config.rnn import CELLS, RNNRunConfig
from pages.shared.language import _

Row = dict[str, Any]


def rnn_network(config: RNNRunConfig | None, table: dict[str, Any] | None) -> bool:
    """Draw the network of ``config``; returns whether it can be trained."""
    st.subheader(_("What a sequence passes through"))
    if config is None or table is None:
        return False
    st.html(_unrolled(config, table))
    st.caption(_picture_words(config))
    st.html(_layers(table))
    st.caption(_size_words(table))
    return True


def _unrolled(config: RNNRunConfig, table: dict[str, Any]) -> str:
    """The first steps, dots, the last one: answers above, layers, inputs below."""
    steps = table["input"][0]
    times = [str(step) for step in range(1, steps + 1)] if steps <= 4 else ["1", "2", "…", str(steps)]
    cell = escape(CELLS[config.model.cell].split(" ")[0])
    every = config.kind in ("forecast", "characters")
    answers = [every or time == times[-1] for time in times]
    rows = [
        _line([_box("answer", "ŷ", time) if shown else "<i></i>" for time, shown in zip(times, answers, strict=True)])
    ]
    rows.append(_line(["<span>↑</span>" if shown else "<i></i>" for shown in answers]))
    sign = "⇄" if config.model.bidirectional else "→"
    for _layer in range(config.model.layers):
        rows.append(_line([f'<b class="lt-cell">{cell}</b>' for _time in times], sign))
        rows.append(_line(["<span>↑</span>" for _time in times]))
    rows.append(_line([_box("input", "x", time) for time in times]))
    alt = escape(_("The network unrolled over {steps} time steps").format(steps=steps))
    return f'<div class="lt-unroll" role="img" aria-label="{alt}">{"".join(rows)}</div>'


def _box(kind: str, name: str, time: str) -> str:
    return f'<b class="lt-{kind}">…</b>' if time == "…" else f'<b class="lt-{kind}">{name}<sub>{escape(time)}</sub></b>'


def _line(cells: list[str], between: str = "") -> str:
    return f"<div>{f'<span>{between}</span>'.join(cells)}</div>"  # every second column lies between two steps


def _picture_words(config: RNNRunConfig) -> str:
    """What is read at each step and what is answered."""
    same = _("It is one network, drawn once for each time step: the same weights everywhere, and the state handed on.")
    said = {
        "forecast": _("After every value it says the next one."),
        "characters": _("After every character it says how likely each next one is."),
        "classify": _("Only after the last step it says the class."),
        "memory": _("It must keep what it saw at the beginning until the end, where the answer is wanted."),
    }
    return f"{same} {said[config.kind]}"


def _size_words(table: dict[str, Any]) -> str:
    said = _("{samples:,} sequences to train on, {validation:,} to check on; {steps:,} optimiser steps per epoch.")
    return said.format(samples=table["samples"], validation=table["validation_samples"], steps=table["steps_per_epoch"])


def _layers(table: dict[str, Any]) -> str:
    """Layer, output, parameters."""
    heads = ((_("Layer"), ""), (_("Output"), ""), (_("Parameters"), "lt-number"))
    head = "".join(f'<th class="{name}">{escape(title)}</th>' for title, name in heads)
    first = {"name": "", "kind": _("Input"), "arguments": {}, "output": table["input"], "parameters": 0}
    rows = "".join(_row(row) for row in [first, *table["rows"]])
    label = escape(_("Total"))
    total = f'<tr class="lt-total"><td>{label}</td><td></td><td class="lt-number">{table["parameters"]:,}</td></tr>'
    return f'<table class="lt-table"><thead><tr>{head}</tr></thead><tbody>{rows}{total}</tbody></table>'


def _row(row: Row) -> str:
    arguments = ", ".join(f"{name}={value}" for name, value in row["arguments"].items())
    title = escape(f"{row['name']}({arguments})")
    zero = "" if row["parameters"] else " lt-zero"
    shape = escape(" × ".join(map(str, row["output"])))
    return (
        f'<tr title="{title}"><td>{escape(row["kind"])}</td><td class="lt-shape">{shape}</td>'
        f'<td class="lt-number{zero}">{row["parameters"]:,}</td></tr>'
    )
