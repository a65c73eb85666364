"""The table of pictures, as :mod:`core.runs.migrations` made it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa

PICTURES = sa.Table(
    "pictures",
    sa.MetaData(),
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("visitor", sa.String(64)),
    sa.Column("sha", sa.String(64)),
    sa.Column("name", sa.Text),
    sa.Column("album", sa.Text),
    sa.Column("label", sa.Text),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
    sa.Column("bytes", sa.Integer),
    sa.Column("created", sa.Float),
)
STRETCH = 500  # values in one statement: databases bound how many it may have


def stretches(values: Iterable[str]) -> Iterator[list[str]]:
    """Different ``values`` in lists that fit into one statement each."""
    named = list(dict.fromkeys(values))
    return (named[start : start + STRETCH] for start in range(0, len(named), STRETCH))
