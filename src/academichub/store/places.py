"""Where a card stands on its day's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.db.tables import works
from academichub.store.kinship import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable


def places(connection: sa.Connection, work_ids: Iterable[int]) -> dict[int, int]:
    """Number works as the unfiltered page of their day does, from 1."""
    found: dict[int, int] = {}
    for chunk in chunks(set(work_ids)):
        found |= {row.id: row.place for row in connection.execute(PLACES, {"ids": chunk})}
    return found


_ABOVE = works.alias("above")  # and the work itself
PLACES = (
    sa.select(works.c.id, sa.func.count(_ABOVE.c.id).label("place"))
    .join(
        _ABOVE,
        sa.and_(
            _ABOVE.c.listed_on == works.c.listed_on,
            sa.or_(
                _ABOVE.c.order_key > works.c.order_key,
                sa.and_(_ABOVE.c.order_key == works.c.order_key, _ABOVE.c.id >= works.c.id),
            ),
        ),
    )
    .where(works.c.id.in_(sa.bindparam("ids", expanding=True)))
    .group_by(works.c.id)
    .order_by(works.c.id)
)
