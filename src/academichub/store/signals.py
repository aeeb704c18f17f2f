"""What readers elsewhere make of papers, kept by identifier: the paper may come later, or never."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.db.dialect import upsert
from academichub.db.tables import signals
from academichub.store.kinship import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
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


def strongest(
    connection: sa.Connection, pairs_by_work: Mapping[int, Iterable[tuple[str, str]]]
) -> dict[int, int]:
    """Give the greatest strength of any signal on each work's identifiers; works without one are left out."""
    values: dict[str, set[str]] = defaultdict(set)
    works: dict[tuple[str, str], int] = {}
    for work_id, pairs in pairs_by_work.items():
        for scheme, value in pairs:
            values[scheme].add(value)
            works[scheme, value] = work_id
    found: dict[int, int] = {}
    for scheme, wanted in sorted(values.items()):
        for chunk in chunks(wanted):
            for row in connection.execute(OF_VALUES, {"scheme": scheme, "values": chunk}):
                work_id = works[scheme, row.value]
                found[work_id] = max(row.strength, found.get(work_id, 0))
    return found


OF_VALUES = (
    sa.select(signals.c.value, signals.c.strength)
    .where(
        signals.c.scheme == sa.bindparam("scheme"),
        signals.c.value.in_(sa.bindparam("values", expanding=True)),
    )
    .order_by(signals.c.value, signals.c.name, signals.c.day)
)
OF_PAIR = (
    sa.select(signals.c.name, signals.c.strength)
    .where(signals.c.scheme == sa.bindparam("scheme"), signals.c.value == sa.bindparam("value"))
    .order_by(signals.c.name, signals.c.day)
)
