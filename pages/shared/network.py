"""The network that the settings describe: its picture, the table of its layers and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from itertools import groupby
from typing import Any

import streamlit as st

from core.config import CNNRunConfig
from core.errors import ConfigError, LiveTorchError
from core.figures.network import network_html, shape_text
from core.models.flatten import flatten_lesson
from core.models.table import layer_table
from core.runs.service import service
from pages.shared.controls import mark
from pages.shared.language import _, paragraph, sentence

Row = dict[str, Any]
TIMEOUT = 20.0  # seconds; the first question waits for the workers to start


def network(page: str, config: CNNRunConfig | None) -> bool:
    """Draw the network of ``config``; returns whether it can be trained."""
    st.subheader(_("What a picture passes through"))
    if config is None:
        return False
    try:
        table = service().ask(layer_table, config.to_dict(), timeout=TIMEOUT)
        lesson = service().ask(flatten_lesson, config.to_dict(), timeout=TIMEOUT)
    except ConfigError as error:
        mark(page, error, sentence(error))
        st.error(sentence(error), icon=":material/error:")
        return False
    except LiveTorchError as error:
        st.error(sentence(error), icon=":material/error:")
        return False
    count = f"{table['parameters']:,}"
    st.html(network_html(table, _("Network with {count} parameters").format(count=count)) + _legend(table["rows"]))
    st.caption(
        _(
            "Each box is what a layer hands on: its height is the side of the picture, its thickness the number of channels; a bar is a row of units. 14² means 14 × 14 pixels."
        )
    )
    st.html(_layers(table))
    _why(page, lesson, config.batch_size)
    with st.expander(_("Arithmetic, memory, receptive field"), icon=":material/speed:", key=f"{page}_costs"):
        st.html(_costs(table))
        st.caption(
            _(
                "For one picture: millions of additions and multiplications in convolutions and matrix products, the size of what the layer hands on in float32, and the square of the picture that one value depends on (5² means 5 × 5 pixels). The weights take {weights}."
            ).format(weights=_size(table["weights"]))
        )
    return True


def _legend(rows: list[Row]) -> str:
    """What the colours mean, of those that are in the picture."""
    kinds = {row["kind"] for row in rows}
    marks = [("conv", _("Convolution")), ("dense", _("Dense"))]
    if kinds & {"MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d"}:
        marks.insert(1, ("pool", _("Pooling")))
    if "Residual" in kinds:
        marks.append(("skip", _("Skip connection")))
    return f'<div class="lt-legend">{"".join(f"<span class=lt-{name}>{escape(word)}</span>" for name, word in marks)}</div>'


def _layers(table: dict[str, Any]) -> str:
    """Layer, output and parameters; the flattened size is worked out."""

    def cells(row: Row) -> str:
        if row["kind"] == "Flatten":
            product = f"{shape_text(row['input'])} = {row['output'][0]:,}"
            return f'<td class="lt-shape lt-number" colspan="2">{product}</td>'
        return f'<td class="lt-shape">{shape_text(row["output"])}</td>' + _number(f"{row['parameters']:,}")

    first = f'<td class="lt-shape">{shape_text(table["input"])}</td>{_number("0")}'
    total = "<td></td>" + _number(f"{table['parameters']:,}")
    return _html(table["rows"], [_("Output"), _("Parameters")], cells, first, total)


def _costs(table: dict[str, Any]) -> str:
    """Arithmetic, memory and receptive field of each layer, for one picture."""

    def cells(row: Row) -> str:
        sees = _("all") if row["sees"] is None else f"{row['sees']}²"
        return _number(_millions(row["flops"])) + _number(_size(row["memory"])) + _number(sees)

    first = _number("0") + _number("") + _number("1²")
    total = _number(_millions(table["flops"])) + _number(_size(table["memory"])) + "<td></td>"
    return _html(table["rows"], [_("MFLOPs"), _("Memory"), _("Sees")], cells, first, total)


def _html(rows: list[Row], titles: list[str], cells: Callable[[Row], str], first: str, total: str) -> str:
    """A table with a row for each layer, gathered by blocks whose numbers stand in the margin."""
    numeric = [f'<th class="{"" if title == _("Output") else "lt-number"}">{escape(title)}</th>' for title in titles]
    head = f'<th colspan="2">{escape(_("Layer"))}</th>{"".join(numeric)}'
    parts = [f'<tbody><tr><td colspan="2">{escape(_("Input"))}</td>{first}</tr></tbody>']
    for group, found in groupby(rows, lambda row: row["name"].split(".")[0] if "block" in row["name"] else ""):
        lines = list(_lines(list(found), group.removeprefix("block"), cells))
        parts.append(f"<tbody>{''.join(lines)}</tbody>")
    label = escape(_("Total"))
    last = f'<tbody><tr class="lt-total"><td colspan="2">{label}</td>{total}</tr></tbody>'
    return f'<table class="lt-table"><thead><tr>{head}</tr></thead>{"".join(parts)}{last}</table>'


def _lines(rows: list[Row], block: str, cells: Callable[[Row], str]) -> Iterator[str]:
    for place, row in enumerate(rows):
        margin = ""
        if block and place == 0:
            title = escape(_("Block {number}").format(number=block))
            margin = f'<td class="lt-gutter" rowspan="{len(rows)}" title="{title}">{block}</td>'
        span = "" if block else ' colspan="2"'
        arguments = ", ".join(f"{name}={value}" for name, value in row["arguments"].items())
        branch = {"body": "lt-body", "shortcut": "lt-beside"}.get(row["branch"], "")
        title = escape(f"{row['name']}({arguments})")
        yield f'<tr class="{branch}" title="{title}">{margin}<td class="lt-label"{span}>{_label(row)}</td>{cells(row)}</tr>'


def _label(row: Row) -> str:
    """The layer's class in torch, and what tells it from others of its kind."""
    if row["kind"] == "Residual":
        return escape(_("Add")) + " <small>f(x) + x</small>"
    given, detail = row["arguments"], ""
    kind = row["kind"].replace("Pool2d", "<wbr>Pool2d")  # the one name that may need two lines
    if "kernel_size" in given:
        detail = f"{given['kernel_size']}×{given['kernel_size']}"
        detail += f" /{given['stride']}" if given.get("stride", 1) > 1 else ""
        detail += " " + _("per channel") if given.get("groups", 1) > 1 else ""
    return f"{kind} <small>{escape(detail)}</small>" if detail else str(kind)


def _number(text: str) -> str:
    return f'<td class="lt-number{" lt-zero" if text in ("0", "0.00") else ""}">{escape(text)}</td>'


def _millions(flops: int) -> str:
    return f"{flops / 1e6:,.2f}" if flops >= 10_000 else f"{flops / 1e6:.4f}" if flops else "0"


def _size(count: int) -> str:
    """Bytes as people read them: 512 B, 3.1 kB, 2.4 MB."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1e3:,.1f} kB" if count < 1e6 else f"{count / 1e6:,.1f} MB"


def _why(page: str, lesson: dict[str, Any], batch: int) -> None:
    """How the size of the flattened picture comes about, and what PyTorch says to a wrong one."""
    label = _("Why {count} inputs?").format(count=f"{lesson['right']:,}")
    with st.popover(label, icon=":material/help:", key=f"{page}_why_size"):
        st.markdown(_("The first dense layer has one input for each value that is left of the picture:"))
        st.code("\n".join(lesson["steps"]), language=None, wrap_lines=True)
        said = {
            "side": _("Who forgets that the picture shrinks on the way counts {wrong} inputs."),
            "pixels": _("Who counts the maps and forgets their pixels takes {wrong} inputs."),
        }[lesson["mistake"]].format(wrong=f"{lesson['wrong']:,}")
        then = _("The network is built all the same; PyTorch refuses the first batch of {batch}:").format(batch=batch)
        st.markdown(paragraph([said, then]))
        st.code(lesson["error"], language=None, wrap_lines=True)
        st.caption(
            _(
                "In your own code, print x.shape before the dense layer, or use nn.LazyLinear, which takes the number from the first batch."
            )
        )
