"""A back-fill whose process is killed goes on where it was: every record once, every account balanced."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.engine import Database
from academichub.db.migrate import migrate
from academichub.db.tables import fetches, harvests, manifestations, sightings, works
from academichub.fetch.manners import ARXIV_INTERVAL_SECONDS
from academichub.flows.subscribing import subscribe
from tests.fakes.answers import OAI, oai_page, raw_record
from tests.fakes.house import FRIDAY, KEY
from tests.fakes.web import FakeWeb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES, ON_A_PAGE = 6, 500
RECORDS = PAGES * ON_A_PAGE
KILLS = 3
LONGEST_SECONDS = 240.0  # one killed within its request leaves arXiv's gate shut for two minutes
TIMING_SLACK_SECONDS = 0.05


def an_archive(web: FakeWeb) -> None:
    """Script six pages; each is dated anew whenever it is asked for, as real ones are."""
    for number in range(PAGES):
        first = number * ON_A_PAGE
        records = [raw_record(f"2606.{one:05d}") for one in range(first + 1, first + ON_A_PAGE + 1)]
        then = f"page{number + 1}" if number + 1 < PAGES else ""
        answers = [
            oai_page(*records, then=then, total=RECORDS, at=f"2026-06-19T05:{minute:02d}:00Z")
            for minute in range(KILLS + 2)
        ]
        web.put(OAI if not number else f"{OAI}?verb=ListRecords&resumptionToken=page{number}", *answers)


@contextmanager
def a_backfill(home: Path, web: FakeWeb) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command in a process of its own; it does not outlive the test."""
    window = ["--from", "2026-06-01", "--until", "2026-06-19"]
    process = subprocess.Popen(
        [sys.executable, "-m", "academichub", "--home", str(home), "backfill", KEY, *window],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "ACADEMICHUB_HOME": str(home), "ACADEMICHUB_FETCH_REPLAY": web.url("")},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def shelved(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count(manifestations.c.id))).scalar_one())


@pytest.mark.slow
def test_killed_at_three_random_moments_every_record_is_there_once_and_the_harvest_is_finished(
    tmp_path: Path,
) -> None:
    dice = random.Random(20260619)  # noqa: S311  # moments, not secrets
    database = Database(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    migrate(database)
    subscribe(database, KEY, now=FRIDAY)
    moments = sorted(dice.uniform(0.05, 0.9) * RECORDS for _ in range(KILLS))
    reached: list[int] = []

    with FakeWeb() as web:
        an_archive(web)
        for moment in moments:
            with a_backfill(tmp_path, web) as process:
                deadline = time.monotonic() + LONGEST_SECONDS
                while shelved(database) < moment and process.poll() is None and time.monotonic() < deadline:
                    time.sleep(0.005)
                assert process.poll() is None, "it ended, or hung, before it could be killed"
                process.send_signal(signal.SIGKILL)
                process.wait()
            reached.append(shelved(database))
        with a_backfill(tmp_path, web) as process:
            assert process.wait(LONGEST_SECONDS) == 0
        visits = web.visits

    assert all(0 < count < RECORDS for count in reached)
    with database.reading() as connection:
        items = list(connection.execute(sa.select(manifestations.c.item)).scalars())
        assert len(items) == len(set(items)) == RECORDS
        for table in (works, sightings):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == RECORDS
        (harvest,) = connection.execute(sa.select(harvests)).all()
        runs = connection.execute(sa.select(fetches)).all()
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert (harvest.status, harvest.step, harvest.error_code) == ("ok", None, None)
    assert (harvest.seen, harvest.total, harvest.pages, harvest.restarts) == (RECORDS, RECORDS, PAGES, 0)
    for run in runs:
        parts = run.new + run.revised + run.twin + run.unchanged + run.rejected
        assert run.received == run.done == parts
    assert sum(run.new for run in runs) == RECORDS
    assert sum(run.status == "ok" for run in runs) == PAGES
    assert {run.status for run in runs} <= {"ok", "interrupted"}
    assert PAGES <= len(visits) <= PAGES + KILLS
    gaps = [after.started_at - before.ended_at for before, after in itertools.pairwise(visits)]
    assert min(gaps) >= ARXIV_INTERVAL_SECONDS - TIMING_SLACK_SECONDS
    database.close()
