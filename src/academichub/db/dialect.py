"""The statements that SQLAlchemy spells per dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Sequence


def _insert(dialect: sa.Dialect, table: sa.Table) -> Any:  # noqa: ANN401  # two unrelated classes with one interface
    return (sqlite if dialect.name == "sqlite" else postgresql).insert(table)


def insert_ignore(dialect: sa.Dialect, table: sa.Table) -> sa.Insert:
    """Insert rows, leaving those that are there already as they are."""
    statement: sa.Insert = _insert(dialect, table).on_conflict_do_nothing()
    return statement


def upsert(
    connection: sa.Connection,
    table: sa.Table,
    *,
    add: Sequence[str] = (),
    take: Sequence[str] = (),
    take_later: Sequence[str] = (),
) -> sa.Insert:
    """Insert rows; where the primary key is there, add to some columns and overwrite others.

    Args:
        connection: Whose dialect is spoken.
        table: Where to.
        add: Columns that are added to.
        take: Columns that are overwritten.
        take_later: Columns that are overwritten together, where the first of them is not earlier than what is
            there.
    """
    plain = _insert(connection.dialect, table)
    arriving = plain.excluded
    changes = {name: table.c[name] + arriving[name] for name in add} | {name: arriving[name] for name in take}
    if take_later:
        known, said = table.c[take_later[0]], arriving[take_later[0]]
        is_later = sa.or_(known.is_(None), said >= known)
        changes |= {name: sa.case((is_later, arriving[name]), else_=table.c[name]) for name in take_later}
    statement: sa.Insert = plain.on_conflict_do_update(
        index_elements=list(table.primary_key.columns), set_=changes
    )
    return statement
