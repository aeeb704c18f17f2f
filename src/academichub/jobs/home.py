"""Keep the engine's house: where its tables are, under which name and version, and how they get there."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Collection

    from dbos import DBOSPortableJSONSerializer

    from academichub.db.engine import Database

APPLICATION = "academichub"
SCHEMA = "academichub_jobs"  # on PostgreSQL, beside the hub's own tables; SQLite has a file of its own

# Left to itself the engine hashes our source code, and every edit strands the work of yesterday's version.
# Raise it only when a job's steps change so that half-done runs cannot go on.
VERSION = "1"

HOUSE_LOCK = 4_711_2027  # ours; any constant would do
REAPING_LOCK = 4_711_2028


def serializer() -> DBOSPortableJSONSerializer:
    """Build what writes values to the tables: JSON, because whoever can write a pickle there can run code."""
    from dbos import DBOSPortableJSONSerializer

    return DBOSPortableJSONSerializer()


def schema_of(database: Database) -> str | None:
    """Name the schema of every table in this room; None on SQLite."""
    return None if database.is_sqlite else SCHEMA


def workers_table(database: Database) -> sa.Table:
    """Describe the roll of processes: who lives, by the database's clock, in seconds since the epoch."""
    return sa.Table(
        "hub_workers",
        sa.MetaData(),
        sa.Column("executor", sa.String, primary_key=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("started_at", sa.Double, nullable=False),
        sa.Column("beat_at", sa.Double, nullable=False),
        schema=schema_of(database),
    )


def move_in(database: Database) -> None:
    """Make the engine's tables and ours where they are missing; several processes may try at once.

    Opening the database also sets SQLite's write-ahead log, which the engine itself does not.

    Raises:
        StoreUnreachable: The database does not answer.
    """
    with database.reading() as connection:  # the engine would try again for ever; this fails at once
        database.clock(connection)
    from dbos import DBOS

    quieten()
    DBOS.migrate(database.engine.url.render_as_string(hide_password=False), schema=SCHEMA)
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": HOUSE_LOCK})
        workers_table(database).create(connection, checkfirst=True)


def quieten() -> None:
    """Let the engine's warnings flow into the hub's log, instead of onto a console handler of its own."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.setLevel(logging.WARNING)
    if not any(isinstance(known, _Echoes) for known in logger.filters):
        logger.addFilter(_Echoes())


class _Echoes(logging.Filter):
    """Drop the stack trace that the engine prints for each failed job: the job's own line says it."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith("Exception encountered in background workflow")


# -- the engine's own table, where its functions do not reach -----------------------------------------------


def _runs(database: Database) -> sa.TableClause:
    names = ("workflow_uuid", "status", "executor_id", "owner_xid")
    numbers = ("recovery_attempts", "started_at_epoch_ms", "workflow_deadline_epoch_ms")
    return sa.table(
        "workflow_status",
        *(sa.column(name, sa.Text) for name in names),
        *(sa.column(name, sa.BigInteger) for name in numbers),
        schema=schema_of(database),
    )


def set_deadline(database: Database, job_id: str, *, timeout_seconds: float) -> None:
    """Give a run that just started its deadline, unless it has one from an earlier start.

    The engine takes timeouts only from whoever enqueues; here they belong to the job.
    """
    runs = _runs(database)
    with database.writing() as connection:
        deadline = int((database.clock(connection) + timeout_seconds) * 1000)
        connection.execute(
            sa.update(runs)
            .where(runs.c.workflow_uuid == job_id, runs.c.workflow_deadline_epoch_ms.is_(None))
            .values(workflow_deadline_epoch_ms=deadline)
        )


def give_back(
    database: Database, executor: str, *, keep: Collection[str], claimed_seconds_ago: float = 0.0
) -> int:
    """Put unfinished runs that this living process does not work on back into their queues.

    The engine's own recovery would count each of them as a crash, and give a long job up after a few stops.

    Args:
        database: The jobs' database.
        executor: This process.
        keep: Runs that its threads hold.
        claimed_seconds_ago: Leave younger claims alone, >= 0: a thread may be about to take them.

    Returns:
        The number of runs given back.
    """
    runs = _runs(database)
    with database.writing() as connection:
        claimed_before = int((database.clock(connection) - claimed_seconds_ago) * 1000)
        given = connection.execute(
            sa.update(runs)
            .where(
                runs.c.status == "PENDING",
                runs.c.executor_id == executor,
                runs.c.started_at_epoch_ms <= claimed_before,
                runs.c.workflow_uuid.not_in(list(keep)),
            )
            .values(
                status="ENQUEUED",
                owner_xid=None,
                started_at_epoch_ms=None,
                recovery_attempts=runs.c.recovery_attempts - 1,
            )
        )
    return given.rowcount
