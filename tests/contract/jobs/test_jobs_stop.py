"""How the engine starts and stops: in good order, one at a time, and with nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from academichub.errors import JobsError, StoreUnreachable
from academichub.jobs.desk import Desk
from academichub.jobs.engine import Engine, Job, QueueSpec, Schedule, Tempo, step
from tests.fakes.jobs_worker import QUICK
from tests.fakes.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.contract.jobs.conftest import StartEngine


def test_a_job_interrupted_by_a_stop_goes_on_at_its_next_step_even_in_edited_code(
    start_engine: StartEngine, desk: Desk
) -> None:
    done: list[str] = []
    begun = threading.Event()

    def old() -> str:
        step("one", lambda: done.append("old one"))
        begun.set()
        time.sleep(0.2)
        step("two", lambda: done.append("old two"))
        return "old"

    def new() -> str:
        step("one", lambda: done.append("new one"))
        step("two", lambda: done.append("new two"))
        return "new"

    first = start_engine(jobs=[Job("edited", old, queue="bulk")])
    desk.enqueue("edited", id="a", queue="bulk")
    assert begun.wait(40)
    stuck = first.stop()
    between = desk.status("a")
    second = start_engine(jobs=[Job("edited", new, queue="bulk")])
    second.wait_idle(40)
    after = desk.status("a")

    assert stuck == frozenset()
    assert between is not None
    # The stop does not count as a crash: any number of them never makes the engine give the job up.
    assert (between.state, between.attempts) == ("waiting", 0)
    assert after is not None
    assert (after.state, after.result) == ("done", "new")
    assert done == ["old one", "new two"]


def test_a_stop_does_not_wait_for_a_job_that_hangs(start_engine: StartEngine, desk: Desk) -> None:
    begun, let_go = threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        let_go.wait(60)

    engine = start_engine(
        jobs=[Job("hang", hang, queue="bulk")],
        tempo=Tempo(polling_seconds=0.05, drain_seconds=0.3),
    )
    desk.enqueue("hang", id="a", queue="bulk")
    assert begun.wait(40)
    before = time.monotonic()
    stuck = engine.stop()
    took_seconds = time.monotonic() - before
    left = desk.status("a")
    on_the_roll = [known.executor for known in desk.heartbeats()]
    let_go.set()

    assert stuck == {"a"}
    assert took_seconds < 15
    assert left is not None
    assert left.state == "running"  # until the reaper finds that its process is silent
    assert on_the_roll == [engine.executor]


def test_nothing_is_left_after_a_stop(database_url: str) -> None:
    before = set(threading.enumerate())

    for run in range(2):  # a process may start an engine again
        engine = Engine(database_url=database_url, jobs=[Job("a", lambda: None, queue="bulk")], tempo=QUICK)
        with engine, Desk(database_url) as desk:
            desk.enqueue("a", id=f"a{run}", queue="bulk")
            engine.wait_idle(40)
            assert [known.executor for known in desk.heartbeats()] == [engine.executor]

    with Desk(database_url) as desk:
        assert desk.heartbeats() == ()
        assert [status.state for status in desk.recent(5)] == ["done", "done"]
    eventually(lambda: set(threading.enumerate()) <= before, within_seconds=2, what="the last thread's end")


def test_a_process_has_one_engine(start_engine: StartEngine, database_url: str) -> None:
    start_engine(jobs=[])

    with pytest.raises(JobsError, match="already has a job engine"):
        Engine(database_url=database_url, jobs=[]).start()


def test_a_web_process_is_seen_but_runs_nothing(start_engine: StartEngine, desk: Desk) -> None:
    start_engine(jobs=[Job("nothing", lambda: None, queue="bulk")], role="web")
    desk.enqueue("nothing", id="a", queue="bulk")
    time.sleep(0.5)
    waiting = desk.oldest_waiting()

    assert waiting is not None
    assert [(known.role, known.pid) for known in desk.heartbeats()] == [("web", os.getpid())]


def test_a_second_worker_on_one_sqlite_home_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'jobs.sqlite'}"
    asks = (
        "from academichub.jobs.engine import Engine\n"
        "from academichub.errors import AlreadyRunning\n"
        f"engine = Engine(database_url={url!r}, jobs=[])\n"
        "try:\n    engine.start()\nexcept AlreadyRunning as refusal:\n    print(refusal.facts['pid'])\n"
    )

    with Engine(database_url=url, jobs=[], tempo=QUICK):
        answer = subprocess.run(
            [sys.executable, "-W", "error", "-c", asks], capture_output=True, text=True, check=True
        )

    assert answer.stdout.strip() == str(os.getpid())
    assert answer.stderr == ""


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://nobody@127.0.0.1:1/nothing", "sqlite:////nowhere/at/all/jobs.sqlite"]
)
def test_a_database_that_does_not_answer_is_named_at_once(url: str) -> None:
    with pytest.raises(StoreUnreachable):
        Engine(database_url=url, jobs=[]).start()
    with pytest.raises(StoreUnreachable):
        Desk(url)


def test_a_plan_that_could_never_run_is_refused() -> None:
    job = Job("a", lambda: None, queue="bulk")
    host_job = Job("b", lambda: None, queue="fetch")

    with pytest.raises(JobsError, match="two jobs share a name"):
        Engine(database_url="sqlite://", jobs=[job, job])
    with pytest.raises(JobsError, match="no queue is named attic"):
        Engine(database_url="sqlite://", jobs=[Job("a", lambda: None, queue="attic")])
    with pytest.raises(JobsError, match="schedule daily names no job"):
        Engine(database_url="sqlite://", jobs=[job], schedules=[Schedule("daily", "0 6 * * *", job="c")])
    with pytest.raises(JobsError, match="leads into a partitioned queue"):
        Engine(database_url="sqlite://", jobs=[host_job], schedules=[Schedule("x", "0 6 * * *", job="b")])
    twice = [Schedule("x", "0 6 * * *", job="a"), Schedule("x", "0 7 * * *", job="a")]
    with pytest.raises(JobsError, match="two schedules share a name"):
        Engine(database_url="sqlite://", jobs=[job], schedules=twice)
    with pytest.raises(JobsError, match="every queue is partitioned"):
        Engine(database_url="sqlite://", jobs=[], queues=[QueueSpec("fetch", 1, partitioned=True)])


def test_a_schedule_that_cannot_be_read_is_refused_and_leaves_nothing_running(
    database_url: str,
) -> None:
    job = Job("a", lambda: None, queue="bulk")
    schedules = [Schedule("x", "every day", job="a")]
    engine = Engine(database_url=database_url, jobs=[job], schedules=schedules, tempo=QUICK)

    with pytest.raises(JobsError, match="every day"):
        engine.start()

    with Engine(database_url=database_url, jobs=[job], tempo=QUICK), Desk(database_url) as desk:
        assert len(desk.heartbeats()) == 1


@pytest.mark.slow
def test_the_makers_environment_variables_change_nothing_or_are_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'jobs.sqlite'}"
    tells = (
        "from academichub.jobs.engine import Engine\n"
        f"with Engine(database_url={url!r}, jobs=[], executor='ours'):\n"
        "    from dbos._utils import GlobalParams\n"
        "    print(GlobalParams.executor_id, GlobalParams.app_version)\n"
    )
    meddling = {
        "DBOS__VMID": "theirs",
        "DBOS__APPVERSION": "theirs",
        "DBOS_SYSTEM_DATABASE_URL": "sqlite:////nowhere",
        "DBOS__CONDUCTOR_KEY": "theirs",
    }

    def run(extra: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-c", tells],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | meddling | extra,
        )

    ignored, refused = run({}), run({"DBOS__CLOUD": "true"})

    assert (ignored.stdout.strip(), ignored.stderr) == ("ours 1", "")
    assert refused.returncode != 0
    assert "DBOS__CLOUD is set" in refused.stderr


def test_on_postgresql_everything_of_the_engine_is_in_a_schema_of_its_own(
    start_engine: StartEngine, database_url: str
) -> None:
    start_engine(jobs=[])
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has no schemas; there the engine has a file of its own")
    engine = create_engine(database_url)
    with engine.connect() as connection:
        schemas = connection.execute(
            text("SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname !~ '^(pg_|information)'")
        ).scalars()
        found = set(schemas)
    engine.dispose()

    assert found == {"academichub_jobs"}
