"""What readers elsewhere make of papers, kept by identifier: the paper may come later, or never."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.db.dialect import upsert
from academichub.db.tables import signals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from academichub.model.papers import Signal


def keep(connection: sa.Connection, heard: Sequence[Signal], *, now: datetime) -> None:
    """Write signals down; one that is known takes its newest strength."""
    rows = {
        (one.scheme, one.value, one.name, one.on): {
            "scheme": one.scheme,
            "value": one.value,
            "name": one.name,
            "day": one.on,
            "strength": one.strength,
            "seen_at": now,
        }
        for one in heard
    }
    if rows:
        connection.execute(upsert(connection, signals, take=("strength", "seen_at")), list(rows.values()))


def of_pairs(connection: sa.Connection, pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Give the greatest strength of each signal on a work's identifiers, by the signal's name."""
    found: dict[str, int] = {}
    for scheme, value in pairs:
        for row in connection.execute(OF_PAIR, {"scheme": scheme, "value": value}):
            found[row.name] = max(row.strength, found.get(row.name, 0))
    return found


OF_PAIR = (
    sa.select(signals.c.name, signals.c.strength)
    .where(signals.c.scheme == sa.bindparam("scheme"), signals.c.value == sa.bindparam("value"))
    .order_by(signals.c.name, signals.c.day)
)
