"""Kill the worker and see what is left: nothing is lost, finished steps stay, the deadly job is given up."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from academichub.jobs.desk import Desk
from tests.fakes.databases import KINDS, fresh_database
from tests.fakes.jobs_worker import Journal, worker, worker_process
from tests.fakes.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from academichub.jobs.job import JobState

pytestmark = pytest.mark.slow


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_database(request.param, config=request.config, folder=tmp_path) as url:
        yield url


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with Desk(database_url) as opened:
        yield opened


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def in_state(desk: Desk, job_id: str, state: JobState) -> bool:
    status = desk.status(job_id)
    return status is not None and status.state == state


def order(desk: Desk, job: str, job_id: str, *, host: str, **arguments: str) -> None:
    desk.enqueue(job, id=job_id, queue="fetch", partition=host, arguments=arguments)


STEPS_OF_A_JOB_KILLED_IN_STEP_2 = [
    "a one",
    'a met source.unreachable {"reason": "busy", "status": 503, "url": "https://example.org/"}',
    "a two begins",
    # killed; taken up again: step 1 is not done again but its error is met again, step 2 is done anew
    'a met source.unreachable {"reason": "busy", "status": 503, "url": "https://example.org/"}',
    "a two begins",
    "a two ends",
    "a three",
]


def test_a_job_killed_in_its_second_step_goes_on_there_after_a_restart(
    database_url: str, desk: Desk, journal: Journal, tmp_path: Path
) -> None:
    (tmp_path / "hold").touch()
    order(desk, "in_three", "a", host="x", name="a")
    with worker_process(database_url, tmp_path) as first:
        eventually(lambda: journal.count("a two begins") == 1, within_seconds=10, what="step two")
        first.send_signal(signal.SIGKILL)
        first.wait()
    (tmp_path / "hold").unlink()
    assert in_state(desk, "a", "running")  # so the database still believes

    with worker(database_url, tmp_path) as engine:
        engine.wait_idle(15)

    status = desk.status("a")
    assert status is not None
    assert (status.state, status.result, status.attempts) == ("done", "a", 2)
    assert [line for line in journal.lines() if line.startswith("a ")] == STEPS_OF_A_JOB_KILLED_IN_STEP_2


def test_a_living_worker_takes_up_what_a_killed_one_left(
    database_url: str, desk: Desk, journal: Journal, tmp_path: Path
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("a SQLite home has one worker; its restart is tested above")
    (tmp_path / "hold").touch()
    with worker_process(database_url, tmp_path) as first:
        order(desk, "in_three", "a", host="x", name="a")
        order(desk, "note", "b", host="x", line="b")
        eventually(lambda: journal.count("a two begins") == 1, within_seconds=10, what="step two")
        with worker_process(database_url, tmp_path), worker_process(database_url, tmp_path):
            first.send_signal(signal.SIGKILL)
            first.wait()
            (tmp_path / "hold").unlink()
            eventually(lambda: in_state(desk, "b", "done"), within_seconds=15, what="the host's next job")
            status = desk.status("a")
            eventually(
                lambda: len(desk.heartbeats()) == 2, within_seconds=5, what="the dead one's signing out"
            )

    assert status is not None
    assert (status.state, status.result, status.attempts) == ("done", "a", 2)
    assert [line for line in journal.lines() if line.startswith("a ")] == STEPS_OF_A_JOB_KILLED_IN_STEP_2
    assert journal.count("b") == 1


def test_a_job_that_kills_every_worker_is_given_up_and_blocks_nobody(
    database_url: str, desk: Desk, journal: Journal, tmp_path: Path
) -> None:
    order(desk, "kill", "deadly", host="x")
    order(desk, "note", "next", host="x", line="next")

    for _ in range(2):  # its first run, and the one recovery it is allowed
        with worker_process(database_url, tmp_path) as victim:
            assert victim.wait(40) == -signal.SIGKILL
    with worker_process(database_url, tmp_path):
        eventually(lambda: in_state(desk, "next", "done"), within_seconds=15, what="the host's next job")

    assert in_state(desk, "deadly", "gave_up")
    assert journal.count("kill") == 2
    assert journal.count("next") == 1


def test_a_worker_asked_to_end_does_so_in_good_order(
    database_url: str, desk: Desk, journal: Journal, tmp_path: Path
) -> None:
    with worker_process(database_url, tmp_path) as asked:
        order(desk, "note", "a", host="x", line="done")
        eventually(lambda: journal.count("done") == 1, within_seconds=10, what="the job")
        eventually(lambda: in_state(desk, "a", "done"), within_seconds=5, what="its result")
        asked.terminate()

        assert asked.wait(40) == 0
    assert desk.heartbeats() == ()
