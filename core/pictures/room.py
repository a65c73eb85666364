"""How much a visitor has, and whether there is room for more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from core.errors import LimitError
from core.i18n import N_
from core.pictures.table import PICTURES
from core.runs.record import owner_of

if TYPE_CHECKING:
    from core.runs.limits import Limits
    from core.runs.store import Store

MEGABYTE = 2**20


def used(store: Store, visitor: str) -> tuple[int, int]:
    """How many pictures a visitor has, and their bytes."""
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(PICTURES.c.bytes), 0))
    with store.reading() as connection:
        row = connection.execute(query.where(PICTURES.c.visitor == owner_of(visitor))).one()
    return int(row[0]), int(row[1])


def check_room(store: Store, limits: Limits, visitor: str, pictures: int, size: int) -> None:
    """Raises :class:`LimitError` where a visitor may not keep ``pictures`` more of ``size`` bytes together."""
    count, held = used(store, visitor)
    if count + pictures > limits.pictures_per_visitor:
        raise LimitError(
            N_("You have {count:,} pictures here; {most:,} are as many as one visitor may keep. Delete some first."),
            count=count,
            most=limits.pictures_per_visitor,
        )
    if held + size > limits.pictures_per_visitor_mb * MEGABYTE:
        raise LimitError(
            N_("Your pictures take {held:.0f} MB here; one visitor may keep {most} MB. Delete some first."),
            held=held / MEGABYTE,
            most=limits.pictures_per_visitor_mb,
        )
    if store.free_mb() < limits.disk_floor_mb:
        raise LimitError(
            N_("This server has less than {limit} MB of disk left, so no picture is kept."), limit=limits.disk_floor_mb
        )
