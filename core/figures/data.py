"""A data set in pictures: samples and mean of each class, and how many there are of each."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TRAIN, VALIDATION = "#0072b2", "#c65000"


def balance_figure(look: dict[str, Any], train: str, validation: str, axis: str) -> Figure:
    """Share of each class among the training and the validation pictures of ``look`` (of ``data_look``) as bars.

    ``train`` and ``validation`` name the two in the legend, ``axis`` the share. Counts are read off by hovering.
    """
    from plotly.graph_objects import Bar, Figure  # takes most of a second, so not before somebody looks

    bars = []
    for name, counts, colour in ((train, look["train"], TRAIN), (validation, look["validation"], VALIDATION)):
        whole = max(1, sum(counts))
        shares = [100 * count / whole for count in counts]
        bars.append(Bar(name=name, x=look["classes"], y=shares, customdata=counts, marker_color=colour))
    figure = Figure(bars)
    figure.update_traces(hovertemplate="%{x}: %{y:.1f} % (%{customdata:,})<extra>%{fullData.name}</extra>")
    figure.update_layout(
        height=260,
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"type": "category"},
        yaxis={"title": axis, "ticksuffix": " %", "rangemode": "tozero"},
        bargap=0.25,
    )
    return figure


def samples_html(look: dict[str, Any], heads: tuple[str, str, str], mistaken: str, empty: str) -> str:
    """A row for each class: its name, its mean picture, and samples, wrongly labelled ones outlined.

    ``heads`` are the titles of the three columns; ``mistaken`` says what an outlined picture is, with {given} and
    {true}; ``empty`` stands where a class has no pictures.
    """
    classes, mean_of = look["classes"], heads[1]
    parts = [f"<span class='lt-look-head'>{escape(head)}</span>" for head in heads]
    for name, mean, row in zip(classes, look["means"], look["samples"], strict=True):
        parts.append(f"<b>{escape(name)}</b>")
        if mean is None:
            parts.append(f"<span></span><span class='lt-look-head'>{escape(empty)}</span>")
            continue
        parts.append(_image(mean, f"{mean_of}: {name}"))
        wrong = [
            f'<i style="--k:{place}" title="{escape(mistaken.format(given=name, true=classes[true]))}"></i>'
            for place, true in enumerate(row["true"])
            if classes[true] != name
        ]
        strip = _image(row["png"], f"{heads[2]}: {name}") + "".join(wrong)
        parts.append(f'<span class="lt-look-strip" style="--n:{len(row["true"])}">{strip}</span>')
    return f"<div class='lt-look'>{''.join(parts)}</div>"


def _image(png: str, description: str) -> str:
    return f'<img src="data:image/png;base64,{png}" alt="{escape(description)}">'
