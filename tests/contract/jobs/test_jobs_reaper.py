"""Who is dead, and who only could not be heard."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.engine import Database
from academichub.jobs.engine import Job, Tempo
from academichub.jobs.home import workers_table
from academichub.jobs.rollcall import Member, beat
from tests.fakes.waiting import eventually

if TYPE_CHECKING:
    from academichub.jobs.desk import Desk
    from tests.contract.jobs.conftest import StartEngine


def runs_table(database: Database) -> sa.TableClause:
    """Reach into the engine's own table."""
    names = ("status", "executor_id", "started_at_epoch_ms")
    schema = None if database.is_sqlite else "academichub_jobs"
    return sa.table("workflow_status", *(sa.column(name) for name in names), schema=schema)


@pytest.mark.slow
def test_a_worker_that_was_silent_itself_first_lets_the_others_be_heard(
    start_engine: StartEngine, desk: Desk, database_url: str
) -> None:
    database = Database(database_url)
    beat(database, Member(executor="other", role="worker", host="elsewhere", pid=1))
    tempo = Tempo(polling_seconds=0.05, heartbeat_seconds=0.2, reap_after_seconds=4.0, drain_seconds=2.0)
    start_engine(jobs=[Job("nothing", lambda: None, queue="bulk")], tempo=tempo)
    desk.enqueue("nothing", id="a", queue="bulk", delay_seconds=3600)

    # The database was away for everybody: nobody could give a sign of life, and the other holds a job.
    runs = runs_table(database)
    with database.writing() as connection:
        workers = workers_table(database)
        connection.execute(sa.update(workers).values(beat_at=workers.c.beat_at - 100))
        connection.execute(sa.update(runs).values(status="PENDING", executor_id="other"))
    database.close()
    time.sleep(0.8)  # four rounds of the reaper; the other has 4 s to be heard
    spared = desk.status("a")
    eventually(lambda: [status.state for status in desk.recent(1)] == ["done"], within_seconds=10)
    eventually(lambda: len(desk.heartbeats()) == 1, within_seconds=5)

    assert spared is not None
    assert spared.state == "running"


def test_a_job_that_was_claimed_but_never_begun_is_begun_again(
    start_engine: StartEngine, desk: Desk, database_url: str
) -> None:
    engine = start_engine(jobs=[Job("nothing", lambda: None, queue="bulk")])
    desk.enqueue("nothing", id="a", queue="bulk", delay_seconds=3600)

    # The database went away after the claim, and no thread ever heard of it.
    database = Database(database_url)
    long_ago = int((time.time() - 100) * 1000)
    with database.writing() as connection:
        connection.execute(
            sa.update(runs_table(database)).values(
                status="PENDING", executor_id=engine.executor, started_at_epoch_ms=long_ago
            )
        )
    database.close()

    eventually(lambda: [status.state for status in desk.recent(1)] == ["done"], within_seconds=5)
