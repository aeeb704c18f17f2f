"""Find the collections that a library elsewhere made here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.db.keepingtables import collections
from academichub.model.radar import LOCAL_READER
from academichub.store.collections import Found

if TYPE_CHECKING:
    from academichub.db.engine import Connection


def collections_from(
    connection: Connection, origin: str, *, reader_id: int = LOCAL_READER
) -> dict[str, Found]:
    """Give the collections of an origin and of those below it, "origin/...", the oldest of each."""
    found: dict[str, Found] = {}
    below = collections.c.origin.startswith(f"{origin}/", autoescape=True)
    statement = WITH_ORIGIN.where(
        collections.c.reader_id == reader_id, sa.or_(collections.c.origin == origin, below)
    )
    for row in connection.execute(statement):
        found.setdefault(row.origin, Found(*row))
    return found


WITH_ORIGIN = sa.select(
    collections.c.id, collections.c.key, collections.c.name, collections.c.origin, collections.c.version
).order_by(collections.c.id)
