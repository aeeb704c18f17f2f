"""The statements that SQLAlchemy spells per dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa


def _insert(dialect: sa.Dialect, table: sa.Table) -> Any:  # noqa: ANN401  # two unrelated classes with one interface
    return (sqlite if dialect.name == "sqlite" else postgresql).insert(table)


def insert_ignore(dialect: sa.Dialect, table: sa.Table) -> sa.Insert:
    """Insert rows, leaving those that are there already as they are."""
    statement: sa.Insert = _insert(dialect, table).on_conflict_do_nothing()
    return statement


def upsert(
    connection: sa.Connection, table: sa.Table, *, add: Sequence[str] = (), take: Sequence[str] = ()
) -> sa.Insert:
    """Insert rows; where the primary key is there, add to some columns and overwrite others."""
    plain = _insert(connection.dialect, table)
    arriving = plain.excluded
    statement: sa.Insert = plain.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + arriving[name] for name in add} | {name: arriving[name] for name in take},
    )
    return statement
