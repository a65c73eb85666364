"""The learning rate over a run, as a small picture that stands still."""

from __future__ import annotations

from html import escape


def schedule_html(rates: list[tuple[float, float]], unit: str, description: str) -> str:
    """``rates`` ((epoch, learning rate), in order) as a filled shape with its first, highest and last value.

    HTML and CSS, because Streamlit takes SVG out of what a page is given.
    """
    last, top = rates[-1][0], max(rate for _epoch, rate in rates)

    def place(epoch: float, rate: float) -> str:
        across, down = epoch / max(last, 1e-9), 1 - (rate / top if top > 0 else 0.0)
        return f"{100 * across:.2f}% {100 * down:.2f}%"

    edge = ", ".join(place(epoch, rate) for epoch, rate in rates)
    shape = f"polygon(0% 100%, {edge}, 100% 100%)"
    said = f"{description}: {rates[0][1]:.3g}, {top:.3g}, {rates[-1][1]:.3g}"
    return (
        f'<figure class="lt-schedule"><div role="img" aria-label="{escape(said)}" title="{escape(said)}">'
        f'<i style="clip-path: {shape}"></i></div>'
        f"<figcaption><span>{rates[0][1]:.3g}</span><span>max {top:.3g}</span><span>{rates[-1][1]:.3g}</span></figcaption>"
        f"<figcaption><span>0</span><span>{escape(unit)}</span><span>{last:g}</span></figcaption></figure>"
    )
