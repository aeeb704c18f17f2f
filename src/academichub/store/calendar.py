"""Read a month of the shelves: how many works each day lists, and where the neighbouring months are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.db.tables import day_tallies

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True, slots=True)
class Counted:
    """The days of a stretch, and the nearest days with works around it."""

    works: Mapping[date, int]  # days without works are left out
    earlier: date | None
    later: date | None
    latest: date | None


def count_days(connection: sa.Connection, first: date, last: date) -> Counted:
    """Count the works of each day from `first` to `last`, both included. Two questions, however many days."""
    stretch = {"first": first, "last": last}
    around = connection.execute(AROUND, stretch).one()
    return Counted(
        works={row.listed_on: row.works for row in connection.execute(BETWEEN, stretch)},
        earlier=around.earlier,
        later=around.later,
        latest=around.latest,
    )


_HAS_WORKS = (day_tallies.c.facet == "all", day_tallies.c.works > 0)
_DAY = day_tallies.c.listed_on
BETWEEN = (
    sa.select(_DAY, day_tallies.c.works)
    .where(*_HAS_WORKS, _DAY.between(sa.bindparam("first"), sa.bindparam("last")))
    .order_by(_DAY)
)
AROUND = sa.select(
    sa.select(sa.func.max(_DAY))
    .where(*_HAS_WORKS, sa.bindparam("first") > _DAY)
    .scalar_subquery()
    .label("earlier"),
    sa.select(sa.func.min(_DAY))
    .where(*_HAS_WORKS, sa.bindparam("last") < _DAY)
    .scalar_subquery()
    .label("later"),
    sa.select(sa.func.max(_DAY)).where(*_HAS_WORKS).scalar_subquery().label("latest"),
)
