"""Open the database: one engine, real transactions, the two dialects' differences."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, InterfaceError, OperationalError

from academichub.errors import StoreUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

# One shelving transaction at a time over all workers: the number is ours, any constant would do.
SHELVING_LOCK = 4_711_2026


# For flows, which hand connections on and never ask one themselves.
Connection: TypeAlias = sa.Connection


class Database:
    """An engine and the few things that SQLite and PostgreSQL do differently."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _make_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection for reading; nothing written in it is kept.

        Raises:
            StoreUnreachable: The database does not answer.
        """
        try:
            with self.engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            self._explain(error)
            raise

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection inside one transaction: all of it is kept, or none.

        On SQLite the write lock is taken at the start (BEGIN IMMEDIATE), so two writers queue instead
        of failing half way.

        Raises:
            StoreUnreachable: The database does not answer.
        """
        try:
            with self.engine.connect() as connection:
                marked = connection.execution_options(academichub_writes=True)
                with marked.begin():
                    yield marked
        except DBAPIError as error:
            self._explain(error)
            raise

    @contextmanager
    def shelving(self) -> Iterator[sa.Connection]:
        """Like `writing`, and the only shelving transaction anywhere while it lasts.

        Judging reads what is known and then writes: two workers doing so at once could both find a
        paper new. SQLite has one writer anyway; PostgreSQL gets an advisory lock for the transaction.
        """
        with self.writing() as connection:
            if not self.is_sqlite:
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": SHELVING_LOCK})
            yield connection

    def take_ids(
        self,
        connection: sa.Connection,
        table: sa.Table,
        count: int,
        *,
        but: sa.Column[int] | None = None,
    ) -> range | list[int]:
        """Reserve `count` fresh ids of a table inside a shelving transaction, in rising order.

        Args:
            connection: Of the transaction.
            table: Whose ids.
            count: How many.
            but: A column that remembers ids of rows that are gone, which must not come again.
        """
        if count == 0:
            return []
        if self.is_sqlite:
            last = connection.execute(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))).scalar_one()
            if but is not None:
                last = max(last, connection.execute(sa.select(sa.func.max(but))).scalar() or 0)
            return range(last + 1, last + 1 + count)
        drawn = connection.execute(
            sa.text(f"SELECT nextval('{table.name}_id_seq') FROM generate_series(1, :count)"),  # noqa: S608  # a table of ours
            {"count": count},
        )
        return sorted(drawn.scalars())

    def clock(self, connection: sa.Connection) -> float:
        """Read the database's own clock, in seconds since the epoch; the only clock workers share."""
        text = (
            "SELECT (julianday('now') - 2440587.5) * 86400.0"
            if self.is_sqlite
            else "SELECT extract(epoch FROM clock_timestamp())::double precision"
        )
        return float(connection.execute(sa.text(text)).scalar_one())

    def is_made(self) -> bool:
        """Tell whether there is a database to connect to; SQLite would make one by looking."""
        file = self.engine.url.database
        return not self.is_sqlite or not file or Path(file).exists()

    @property
    def shown_url(self) -> str:
        """The address without its password."""
        url = self.engine.url
        if "password" in url.query:
            url = url.update_query_dict({"password": "***"})
        return url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()

    def _explain(self, error: DBAPIError) -> None:
        """Name an error that is the database's and not ours: away, full, locked, or no database at all."""
        if isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError:
            raise StoreUnreachable(database=self.shown_url, reason=_reason(error)) from error


def _reason(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__


def _make_engine(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
    except (ArgumentError, ValueError) as error:  # a port that is no number, say
        # The address itself may hold a password, and so may what SQLAlchemy says of it.
        raise StoreUnreachable(database="***", reason="the address cannot be read") from error
    if parsed.get_backend_name() == "sqlite":
        engine = sa.create_engine(
            parsed,
            # Threads hand connections back to the pool; SQLite itself is compiled thread-safe.
            connect_args={"check_same_thread": False, "timeout": 30.0},
            query_cache_size=1200,
        )
        _teach_sqlite(engine)
        return engine
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    return sa.create_engine(
        parsed,
        connect_args={"options": "-c timezone=UTC"},  # days are UTC days on both databases
        pool_pre_ping=True,
        query_cache_size=1200,
    )


def _teach_sqlite(engine: sa.Engine) -> None:
    """Emit BEGIN ourselves, so that DDL is transactional and writers take their lock at the start."""

    @sa.event.listens_for(engine, "connect")
    def on_connect(dbapi_connection: Any, _record: object) -> None:  # noqa: ANN401  # sqlite3.Connection, or a wrapper
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        # A paper's row takes some 7 kB: on SQLite's usual pages of 4 kB each would be a chain of three.
        cursor.execute("PRAGMA page_size=16384")  # heeded only while the file is empty
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.execute("PRAGMA cache_size=-65536")
        cursor.execute("PRAGMA mmap_size=1073741824")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("academichub_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
