"""When jobs are due: once each, whoever looks at the clock, and what was missed only where it is wanted."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from academichub.jobs.engine import Job, Schedule
from tests.fakes.jobs_worker import Journal, worker_process
from tests.fakes.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from academichub.jobs.desk import Desk
    from tests.contract.jobs.conftest import StartEngine

EVERY_SECOND = "* * * * * *"


def due_times(desk: Desk, schedule: str) -> list[datetime]:
    """Read the times for which a schedule's runs were ordered, from their ids."""
    prefix = f"sched-{schedule}-"
    found = [status.id.removeprefix(prefix) for status in desk.recent(200) if status.id.startswith(prefix)]
    return sorted(datetime.fromisoformat(time_text) for time_text in found)


def between(times: Iterable[datetime], begin: datetime, end: datetime) -> list[datetime]:
    return [due for due in times if begin < due < end]


@pytest.mark.slow
def test_missed_times_are_skipped_unless_they_are_to_be_caught_up(
    start_engine: StartEngine, desk: Desk
) -> None:
    got: list[str] = []
    plan = {
        "jobs": [Job("note", lambda *, line: got.append(line), queue="bulk")],
        "schedules": [
            Schedule("skips", EVERY_SECOND, job="note", arguments={"line": "skips"}),
            Schedule("catches up", EVERY_SECOND, job="note", arguments={"line": "catches"}, catch_up=True),
        ],
    }

    first = start_engine(**plan)
    eventually(lambda: {"skips", "catches"} <= set(got), within_seconds=5, what="the first firing")
    first.stop()
    stopped_at = datetime.now(UTC)
    time.sleep(2.5)
    started_at = datetime.now(UTC)
    second = start_engine(**plan)
    fired = len(got)
    eventually(lambda: len(got) >= fired + 3, within_seconds=5, what="the next firings")
    second.stop()
    pause = (stopped_at, started_at - timedelta(seconds=1))

    assert between(due_times(desk, "skips"), *pause) == []
    assert len(between(due_times(desk, "catches up"), *pause)) >= 1


@pytest.mark.slow
def test_a_schedule_fires_once_with_two_workers(database_url: str, tmp_path: Path, desk: Desk) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("a SQLite home has one worker")
    with (
        worker_process(database_url, tmp_path, with_schedule=True),
        worker_process(database_url, tmp_path, with_schedule=True),
    ):
        journal = Journal(tmp_path / "journal")
        eventually(lambda: journal.count("tick") >= 3, within_seconds=10, what="three ticks")
        workers = [known for known in desk.heartbeats() if known.role == "worker"]
    times = due_times(desk, "every second")

    assert len(workers) == 2
    assert len(times) == len(set(times))
    assert len({due.replace(microsecond=0) for due in times}) == len(times)
    assert journal.count("tick") <= len(times)


def test_a_schedule_that_is_no_longer_listed_is_forgotten(start_engine: StartEngine) -> None:
    job = Job("nothing", lambda: None, queue="bulk")
    start_engine(jobs=[job], schedules=[Schedule("old", "0 6 * * *", job="nothing")]).stop()

    start_engine(
        jobs=[job], schedules=[Schedule("new", "0 6 * * *", job="nothing", time_zone="Asia/Shanghai")]
    )
    from dbos import DBOS

    known = {schedule["schedule_name"]: schedule["cron_timezone"] for schedule in DBOS.list_schedules()}
    assert known == {"new": "Asia/Shanghai", "jobs.retention": "UTC"}
