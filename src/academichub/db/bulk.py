"""Insert many rows at little cost.

SQLAlchemy prepares every row of an executemany anew: some 25 microseconds for a row of this hub, several
times what SQLite needs to take it. Here the statement and the columns' bind processors are prepared once per
table; SQLAlchemy still writes the SQL, so both dialects stay its business.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from academichub.db.dialect import insert_ignore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import sqlalchemy as sa

Processor: TypeAlias = "Callable[[Any], Any] | None"


def insert_rows(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[dict[str, Any]],
    *,
    ignore_known: bool = False,
) -> None:
    """Insert rows that all name the same columns; leave known ones alone where told to."""
    if not rows:
        return
    columns = tuple(rows[0])
    text, names, processors, is_positional = _plan(connection.dialect, table, columns, ignore_known)
    # Column by column: a processor is looked at once a column, and not once a value.
    filled = [
        [row[name] for row in rows] if to is None else [to(row[name]) for row in rows]
        for name, to in zip(names, processors, strict=True)
    ]
    values: list[Any] = list(zip(*filled, strict=True))
    if not is_positional:
        values = [dict(zip(names, row, strict=True)) for row in values]
    connection.exec_driver_sql(text, values)


@lru_cache(maxsize=64)
def _plan(
    dialect: sa.Dialect,
    table: sa.Table,
    columns: tuple[str, ...],
    ignore_known: bool,  # noqa: FBT001  # a cache key
) -> tuple[str, tuple[str, ...], tuple[Processor, ...], bool]:
    statement = insert_ignore(dialect, table) if ignore_known else table.insert()
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    names = tuple(getattr(compiled, "positiontup", None) or columns)
    processors = tuple(_processor(table.c[name].type, dialect) for name in names)
    return str(compiled), names, processors, bool(getattr(compiled, "positional", False))


def _processor(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Processor:
    processor: Processor = kind.dialect_impl(dialect).bind_processor(dialect)
    return processor
