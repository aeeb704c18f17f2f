"""The last days of many radars at once, and what one of them depended on: what their list says."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from academichub.db.radartables import radar_days, radar_items
from academichub.model.radar import Inputs
from academichub.store.kinship import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime


def strips(
    connection: sa.Connection, radar_ids: Iterable[int], *, since: date
) -> dict[int, tuple[tuple[date, int], ...]]:
    """Count what each radar showed on its days since one, oldest first; radars without any are left out."""
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for chunk in chunks(set(radar_ids)):
        for row in connection.execute(STRIPS, {"ids": chunk, "since": since}):
            found[row.radar_id].append((row.day, row.shown))
    return {radar_id: tuple(lines) for radar_id, lines in found.items()}


class Ranked(NamedTuple):
    """What a radar's day was made of."""

    candidates: int
    embedded: int
    ranked_at: datetime


def ranked_on(connection: sa.Connection, on: date) -> dict[int, Ranked]:
    """Read what a day was made of when each radar ranked it; radars that did not are left out."""
    return {
        row.radar_id: Ranked(row.candidates, row.embedded, row.ranked_at)
        for row in connection.execute(RANKED_ON, {"day": on})
    }


def inputs(connection: sa.Connection, radar_id: int, on: date) -> Inputs | None:
    """Read what a radar's day depended on; None where it was not ranked."""
    kept = connection.execute(INPUTS, {"radar_id": radar_id, "day": on}).scalar_one_or_none()
    return None if kept is None else Inputs(**kept)


STRIPS = (
    sa.select(radar_days.c.radar_id, radar_days.c.day, sa.func.count(radar_items.c.work_id).label("shown"))
    .select_from(
        radar_days.outerjoin(
            radar_items,
            sa.and_(radar_items.c.radar_id == radar_days.c.radar_id, radar_items.c.day == radar_days.c.day),
        )
    )
    .where(
        radar_days.c.radar_id.in_(sa.bindparam("ids", expanding=True)),
        radar_days.c.day >= sa.bindparam("since"),
    )
    .group_by(radar_days.c.radar_id, radar_days.c.day)
    .order_by(radar_days.c.radar_id, radar_days.c.day)
)
RANKED_ON = (
    sa.select(radar_days.c.radar_id, radar_days.c.candidates, radar_days.c.embedded, radar_days.c.ranked_at)
    .where(radar_days.c.day == sa.bindparam("day"))
    .order_by(radar_days.c.radar_id)
)
INPUTS = sa.select(radar_days.c.inputs).where(
    radar_days.c.radar_id == sa.bindparam("radar_id"), radar_days.c.day == sa.bindparam("day")
)
