"""Pictures before, between and after transforms as HTML. Knows neither torch nor Streamlit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

SMALL = 64  # pixels of a picture that is enlarged without smoothing


def tile(
    src: str, title: str, alt: str, *, under: str = "", size: Sequence[int] = (224, 224), quiet: bool = False
) -> str:
    """One picture with what is said under it; ``title`` is read on hover, ``quiet``: nothing was done to it."""
    classes = "lt-aug-tile" + " lt-aug-quiet" * quiet
    sharp = " lt-aug-sharp" * (max(size) <= SMALL)
    height, width = size
    return (
        f'<figure class="{classes}" title="{escape(title)}" tabindex="0">'
        f'<img class="lt-aug-picture{sharp}" style="aspect-ratio: {width} / {height}" src="{escape(src)}" alt="{escape(alt)}">'
        f"<figcaption>{under}</figcaption></figure>"
    )


def chain_html(
    picture: Mapping[str, Any], steps: Sequence[Mapping[str, str]], words: Mapping[str, str], changed: bool
) -> str:
    """The picture as it is, then after each transform of ``steps`` (``title``, ``values``, ``time``).

    ``changed``: shows what each transform changed in the place of its result. ``words``: before, alt.
    """
    size, name = picture["size"], picture["name"]
    parts = [
        tile(picture["before"], name, f"{name}: {words['before']}", under=_under(words["before"], name), size=size)
    ]
    for stage, step in zip(picture["chain"], steps, strict=True):
        src = stage["difference"] if changed and stage["difference"] else stage["src"]
        under = _under(step["title"], step["values"], step["time"])
        said = f"{step['title']}\n{step['values']}"
        alt = words["alt"].format(name=name, step=step["title"])
        parts.append('<span class="lt-aug-arrow" aria-hidden="true">→</span>')
        parts.append(tile(src, said, alt, under=under, size=size, quiet=stage["drawn"] is None))
    return f'<div class="lt-aug-chain">{"".join(parts)}</div>'


def sheet_html(picture: Mapping[str, Any], told: Callable[[Sequence[Any]], str], alt: str, changed: bool) -> str:
    """All draws of a picture, numbered; ``told`` says the values of one on several lines."""
    parts = []
    for number, draw in enumerate(picture["draws"], 1):
        src = draw["difference"] if changed and draw["difference"] else draw["src"]
        quiet = bool(draw["drawn"]) and all(one is None for one in draw["drawn"])
        name = alt.format(name=picture["name"], number=number)
        parts.append(tile(src, told(draw["drawn"]), name, under=f"<b>{number}</b>", size=picture["size"], quiet=quiet))
    return f'<div class="lt-aug-sheet">{"".join(parts)}</div>'


def table_html(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The values of all draws: a row for each draw, a column for each transform."""
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(one)}</td>" for one in row) + "</tr>" for row in rows)
    return f'<div class="lt-scroll"><table class="lt-table lt-aug-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def mixed_html(mixed: Sequence[Mapping[str, Any]]) -> str:
    """Mixed pictures with the shares of their labels."""
    parts = []
    for one in mixed:
        said = ", ".join(f"{name} {share:.0%}" for name, share in one["shares"])
        parts.append(tile(one["src"], said, said, under=f"<span>{escape(said)}</span>", size=one["size"]))
    return f'<div class="lt-aug-sheet">{"".join(parts)}</div>'


def batch_html(seen: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """A batch as it is stored and as a network sees it; ``words``: before, after."""
    rows = []
    for key in ("before", "after"):
        tiles = []
        for src, shares in zip(seen[key], seen["shares"], strict=True):
            said = shares[0][0] if len(shares) == 1 else ", ".join(f"{name} {share:.0%}" for name, share in shares)
            under = f"<span>{escape(said)}</span>" if key == "after" else ""
            tiles.append(tile(src, said, f"{words[key]}: {said}", under=under, size=seen["size"][1:]))
        rows.append(
            f'<p class="lt-aug-head">{escape(words[key])}</p><div class="lt-aug-sheet lt-aug-batch">{"".join(tiles)}</div>'
        )
    return "".join(rows)


def _under(title: str, values: str, time: str = "") -> str:
    lines = [f"<b>{escape(title)}</b>", f"<span>{escape(values)}</span>"]
    if time:
        lines.append(f"<code>{escape(time)}</code>")
    return "".join(lines)
