"""A radar's revision: it moves with whatever changes its ranking, and pages follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.db.radartables import radars
from academichub.errors import RadarUnknown
from academichub.store.kinship import chunks
from academichub.store.log import touch_pages

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


def hold(connection: sa.Connection, radar_id: int) -> None:
    """Keep others from changing or removing a radar while this transaction lasts.

    Raises:
        RadarUnknown: There is no such radar.
    """
    if not hold_all(connection, [radar_id]):
        raise RadarUnknown(radar=str(radar_id), suggestion=None)


def hold_all(connection: sa.Connection, radar_ids: Iterable[int]) -> set[int]:
    """Hold those of the radars that are there, and tell which.

    In the order of their numbers, before anything else is locked: two that do so never wait for each other.
    """
    held: set[int] = set()
    for chunk in chunks(set(radar_ids)):
        held.update(connection.execute(HELD, {"ids": chunk}).scalars())
    return held


def note_change(connection: sa.Connection, *radar_ids: int, now: datetime) -> None:
    """Move the revisions of radars that are held, and the pages'."""
    for chunk in chunks(radar_ids):
        connection.execute(
            sa.update(radars)
            .where(radars.c.id.in_(chunk))
            .values(revision=radars.c.revision + 1, changed_at=now)
        )
    touch_pages(connection)


HELD = (
    sa.select(radars.c.id)
    .where(radars.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(radars.c.id)
    .with_for_update()
)
