"""Carry whole tables: every row out as JSON values, in one order, and back in on either database."""

from __future__ import annotations

import base64
import binascii
import json
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import sqlalchemy as sa

from academichub.db.bulk import insert_rows
from academichub.db.columns import Instant, Lines
from academichub.db.tables import merges, metadata, works
from academichub.store.log import touch_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from academichub.db.engine import Connection, Database

Value: TypeAlias = str | int | float | bool | None

STREAMED: Final = 200  # rows held at once; one that holds a briefing takes a megabyte
# Who asks which server at this moment: true of one machine and one second.
LEFT_OUT: Final = frozenset({"host_gates", "alembic_version"})
# Filled by the migrations themselves, or by looking: a hub that has nothing else is empty.
READY: Final = frozenset({"readers", "counters"})
# How often pages have changed here: what caches follow, and nobody's content.
LOCAL_COUNTER: Final = "pages"
_LEAST, _MOST = -(2**63), 2**63 - 1


class RowUnfit(Exception):
    """A row that its table cannot hold. The text says why."""


class Part(NamedTuple):
    """A table as an archive has it."""

    name: str
    columns: tuple[str, ...]


class _Codec(NamedTuple):
    """How one column's values are read, written as JSON, and brought back."""

    name: str
    read: sa.ColumnElement[Any]
    to_json: Callable[[Any], Value] | None  # None: as it is
    from_json: Callable[[Any], Any]  # ValueError, TypeError: it is no such value
    null: Any  # what stands for NULL where a row is put in
    is_nullable: bool


# -- which tables -----------------------------------------------------------------------------------


def tables_of(connection: Connection | None = None) -> dict[str, sa.Table]:
    """Give the tables that are carried, those first that others refer to.

    Args:
        connection: To a database of an older revision, whose own tables are read; None for this program's.
    """
    found = metadata
    if connection is not None:
        found = sa.MetaData()
        found.reflect(connection)
    return {table.name: table for table in found.sorted_tables if table.name not in LEFT_OUT}


def part_of(table: sa.Table) -> Part:
    """Name a table and its columns."""
    return Part(table.name, tuple(column.name for column in table.columns))


def first_filled(connection: Connection) -> str:
    """Name a table that holds something of somebody's; "" where the hub is empty."""
    for name, table in tables_of().items():
        if name not in READY and connection.execute(sa.select(sa.literal(1)).select_from(table)).first():
            return name
    return ""


# -- out --------------------------------------------------------------------------------------------


@contextmanager
def moment(database: Database) -> Iterator[Connection]:
    """Give a connection that sees the shelves as they are at one moment, however long it reads."""
    # SQLite's readers see one moment anyway.
    options = {} if database.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    with database.reading() as connection:
        yield connection.execution_options(**options)


def rows(connection: Connection, table: sa.Table) -> Iterator[list[Value]]:
    """Stream the rows of a table as JSON values, by primary key, in the same order on both databases."""
    codecs = [_codec(column) for column in table.columns]
    writers = [(place, codec.to_json) for place, codec in enumerate(codecs) if codec.to_json is not None]
    statement = sa.select(*(codec.read.label(codec.name) for codec in codecs))
    statement = statement.order_by(*(_bytewise(connection, one) for one in table.primary_key.columns))
    if table.name == "counters":
        statement = statement.where(table.c.name != LOCAL_COUNTER)
    found = connection.execute(statement, execution_options={"yield_per": STREAMED})
    for part in found.partitions():
        for row in part:
            values: list[Any] = list(row)
            for place, to_json in writers:
                if values[place] is not None and to_json is not None:
                    values[place] = to_json(values[place])
            yield values


def _bytewise(connection: Connection, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Order texts by their bytes, whatever the language of the database."""
    if isinstance(column.type, sa.String) and connection.dialect.name == "postgresql":
        return sa.collate(column, "C")
    return column


# -- in ---------------------------------------------------------------------------------------------


def make_room(connection: Connection, tables: dict[str, sa.Table]) -> None:
    """Take out what migrations and a first look have put into an empty hub."""
    for name in sorted(READY & tables.keys()):
        table = tables[name]
        statement = sa.delete(table)
        if name == "counters":
            statement = statement.where(table.c.name != LOCAL_COUNTER)
        connection.execute(statement)


def put(
    connection: Connection, table: sa.Table, columns: Sequence[str], values: Sequence[Sequence[Value]]
) -> None:
    """Put rows into a table.

    Args:
        connection: Inside a transaction.
        table: Where to.
        columns: The names of the values, in their order.
        values: The rows.

    Raises:
        RowUnfit: A value is none of its column's, or the database refuses the rows.
    """
    codecs = {column.name: _codec(column) for column in table.columns}
    ordered = [codecs[name] for name in columns]
    filled = [_filled(table.name, ordered, row) for row in values]
    try:
        insert_rows(connection, table, filled)
    except (sa.exc.IntegrityError, sa.exc.DataError, sa.exc.StatementError) as error:
        if isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError):
            raise  # the database's trouble, and no fault of the rows
        said = str(error.orig or error).strip().splitlines()
        reason = f"table {table.name}: {said[0] if said else type(error).__name__}"
        raise RowUnfit(reason) from error
    except (OverflowError, UnicodeError) as error:
        reason = f"table {table.name}: {error}"
        raise RowUnfit(reason) from error


def _filled(name: str, codecs: Sequence[_Codec], row: Sequence[Value]) -> dict[str, Any]:
    if len(row) != len(codecs):
        reason = f"table {name}: a row of {len(row)} values for {len(codecs)} columns"
        raise RowUnfit(reason)
    filled: dict[str, Any] = {}
    for codec, value in zip(codecs, row, strict=True):
        if value is None:
            if not codec.is_nullable:
                reason = f"table {name}, column {codec.name}: nothing where something must be"
                raise RowUnfit(reason)
            filled[codec.name] = codec.null
            continue
        try:
            filled[codec.name] = codec.from_json(value)
        except (ValueError, TypeError, RecursionError) as error:
            reason = f"table {name}, column {codec.name}: {error}"[:300]
            raise RowUnfit(reason) from error
    return filled


def settle(connection: Connection) -> None:
    """After the last row: let new numbers begin behind the old ones, and let every page be read anew."""
    if connection.dialect.name == "postgresql":
        for table in tables_of().values():
            _advance(connection, table)
    touch_pages(connection)


def _advance(connection: Connection, table: sa.Table) -> None:
    """Set a table's sequence behind its last number; that of a work which was merged never comes again."""
    if table.autoincrement_column is None:
        return
    key = table.autoincrement_column
    last = sa.select(sa.func.max(key))
    if table.name == works.name:
        gone = sa.select(sa.func.max(merges.c.gone_id)).scalar_subquery()
        last = sa.select(sa.func.greatest(sa.func.max(key), gone))
    highest = connection.execute(last).scalar()
    named = sa.func.pg_get_serial_sequence(table.name, key.name)
    if highest is not None:
        connection.execute(sa.select(sa.func.setval(named, highest)))


# -- values -----------------------------------------------------------------------------------------


def _codec(column: sa.Column[Any]) -> _Codec:
    nullable = bool(column.nullable)
    if isinstance(column.type, Lines):
        return _Codec(column.name, sa.type_coerce(column, sa.Text), None, _lines, None, nullable)
    if isinstance(column.type, sa.JSON):
        # As text: NULL and JSON's own null are two things, and the order of keys is kept.
        return _Codec(column.name, sa.cast(column, sa.Text), None, _json, sa.null(), nullable)
    for kind, to_json, from_json in _KINDS:
        if isinstance(column.type, kind):
            return _Codec(column.name, column, to_json, from_json, None, nullable)
    msg = f"{column.table.name}.{column.name}: no way to carry {column.type!r}"
    raise TypeError(msg)


def _instant_said(value: datetime) -> str:
    utc = value if value.tzinfo is None else value.astimezone(UTC)
    return f"{utc.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _instant(value: object) -> datetime:
    said = datetime.fromisoformat(_text(value))
    if said.tzinfo is None:
        msg = "an instant without a time zone"
        raise ValueError(msg)
    return said.astimezone(UTC)


def _naive_instant(value: object) -> datetime:
    return _instant(value).replace(tzinfo=None)


def _day(value: object) -> date:
    return date.fromisoformat(_text(value))


def _bytes_said(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def _json(value: object) -> object:
    return json.loads(_text(value))


def _lines(value: object) -> list[str]:
    text = _text(value)
    return text.split("\n") if text else []


def _text(value: object) -> str:
    if not isinstance(value, str):
        msg = f"{type(value).__name__} where text is wanted"
        raise TypeError(msg)
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        msg = f"{type(value).__name__} where true or false is wanted"
        raise TypeError(msg)
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not _LEAST <= value <= _MOST:
        msg = "no whole number of 64 bits"
        raise TypeError(msg)
    return value


def _real(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        msg = f"{type(value).__name__} where a number is wanted"
        raise TypeError(msg)
    return float(value)


_KINDS: Final[tuple[tuple[type[Any], Callable[[Any], Value] | None, Callable[[Any], Any]], ...]] = (
    (Instant, _instant_said, _instant),
    (sa.DateTime, _instant_said, _naive_instant),  # of a database of an older revision: always SQLite's
    (sa.Date, date.isoformat, _day),
    (sa.LargeBinary, _bytes_said, _bytes),
    (sa.Boolean, None, _truth),
    (sa.Float, None, _real),
    (sa.Integer, None, _whole),
    (sa.String, None, _text),
)
