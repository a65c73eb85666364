"""The network that the settings describe: its picture and the table of its layers."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from core.config import RunConfig
from core.errors import ConfigError, LiveTorchError
from core.figures.network import network_html, shape_text
from core.models.table import layer_table
from core.runs.service import service
from pages.shared.controls import mark
from pages.shared.language import _, sentence


def network(page: str, config: RunConfig | None) -> bool:
    """Draw the network of ``config``; returns whether it can be trained."""
    st.subheader(_("What a picture passes through"))
    if config is None:
        return False
    try:
        table = service().ask(layer_table, config.to_dict(), timeout=20.0)
    except ConfigError as error:
        mark(page, error, sentence(error))
        st.error(sentence(error), icon=":material/error:")
        return False
    except LiveTorchError as error:
        st.error(sentence(error), icon=":material/error:")
        return False
    count = f"{table['parameters']:,}"
    st.html(network_html(table, _("Network with {count} parameters").format(count=count)))
    st.caption(
        _(
            "Each slab is what a layer hands on: its height is the side of the picture, its width the number of channels or units."
        )
    )
    st.html(_table(table))
    return True


def _table(table: dict[str, Any]) -> str:
    head = "".join(f"<th>{escape(title)}</th>" for title in (_("Layer"), _("Output"), _("Parameters")))
    rows = [f"<tr><td>{escape(_('Input'))}</td><td>{shape_text(table['input'])}</td><td>0</td></tr>"]
    for row in table["rows"]:
        arguments = ", ".join(f"{name}={value}" for name, value in row["arguments"].items())
        rows.append(
            f'<tr title="{escape(arguments)}"><td>{escape(row["kind"])}</td>'
            f"<td>{shape_text(row['output'])}</td><td>{row['parameters']:,}</td></tr>"
        )
    total = f"<tr class='lt-total'><td>{escape(_('Total'))}</td><td></td><td>{table['parameters']:,}</td></tr>"
    return f"<table class='lt-table'><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}{total}</tbody></table>"
