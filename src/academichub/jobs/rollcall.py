"""Call the roll: which processes live, by the database's clock, the only one that all of them share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.jobs.home import workers_table

if TYPE_CHECKING:
    from collections.abc import Collection

    from academichub.db.engine import Database
    from academichub.jobs.job import Role


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A process that has signed in, and `age_seconds` ago gave its last sign of life. Instants are UTC."""

    executor: str
    role: Role
    host: str
    pid: int
    started_at: datetime
    beat_at: datetime
    age_seconds: float


@dataclass(frozen=True, slots=True)
class Member:
    """One process start, never to be repeated: host, process number and a random part."""

    executor: str
    role: Role
    host: str
    pid: int


def beat(database: Database, member: Member) -> float:
    """Sign in, or give a sign of life. A member whose row was struck signs in anew.

    Returns:
        Seconds since the member's last sign, >= 0; 0.0 for a new one.
    """
    workers = workers_table(database)
    mine = workers.c.executor == member.executor
    with database.writing() as connection:
        now = database.clock(connection)
        last = connection.execute(sa.select(workers.c.beat_at).where(mine)).scalar()
        if last is not None:
            connection.execute(sa.update(workers).where(mine).values(beat_at=now))
            return max(0.0, now - float(last))
        connection.execute(
            sa.insert(workers).values(
                executor=member.executor,
                role=member.role,
                host=member.host,
                pid=member.pid,
                started_at=now,
                beat_at=now,
            )
        )
        return 0.0


def sign_out(database: Database, executors: Collection[str]) -> None:
    """Strike processes from the roll."""
    workers = workers_table(database)
    with database.writing() as connection:
        connection.execute(sa.delete(workers).where(workers.c.executor.in_(list(executors))))


def heartbeats(database: Database) -> tuple[Heartbeat, ...]:
    """Read the roll, oldest process first."""
    workers = workers_table(database)
    with database.reading() as connection:
        now = database.clock(connection)
        rows = connection.execute(sa.select(workers).order_by(workers.c.started_at, workers.c.executor)).all()
    return tuple(
        Heartbeat(
            executor=row.executor,
            role=row.role,
            host=row.host,
            pid=row.pid,
            started_at=datetime.fromtimestamp(row.started_at, UTC),
            beat_at=datetime.fromtimestamp(row.beat_at, UTC),
            age_seconds=max(0.0, now - row.beat_at),
        )
        for row in rows
    )
