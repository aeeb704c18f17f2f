"""What an order at the desk is worth: one run per id, in turn, with its outcome told."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from academichub.errors import JobsError, SourceUnreachable
from academichub.jobs.engine import Job, step
from tests.fakes.jobs_worker import Journal, worker_process
from tests.fakes.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from academichub.jobs.desk import Desk
    from academichub.jobs.job import JobState
    from tests.contract.jobs.conftest import StartEngine


def in_state(desk: Desk, job_id: str, *states: JobState) -> bool:
    status = desk.status(job_id)
    return status is not None and status.state in states


def test_a_job_ordered_three_times_under_one_id_runs_once(start_engine: StartEngine, desk: Desk) -> None:
    runs: list[int] = []
    engine = start_engine(jobs=[Job("count", lambda: runs.append(1), queue="bulk")])

    desk.enqueue("count", id="only", queue="bulk")
    desk.enqueue("count", id="only", queue="bulk")
    engine.wait_idle(40)
    desk.enqueue("count", id="only", queue="bulk")
    engine.wait_idle(40)

    assert runs == [1]
    assert [status.id for status in desk.recent(10)] == ["only"]


def test_the_desk_tells_what_a_job_returned(start_engine: StartEngine, desk: Desk) -> None:
    def add(*, left: int, right: int) -> dict[str, int]:
        return {"sum": step("add", lambda: left + right)}

    engine = start_engine(jobs=[Job("add", add, queue="bulk")])
    desk.enqueue("add", id="a", queue="bulk", arguments={"left": 2, "right": 3})
    engine.wait_idle(40)
    status = desk.status("a")

    assert status is not None
    assert (status.state, status.result, status.failure) == ("done", {"sum": 5}, None)
    assert (status.job, status.queue, status.attempts) == ("add", "bulk", 1)
    assert status.started_at is not None
    assert status.finished_at is not None
    assert status.enqueued_at <= status.started_at <= status.finished_at


def test_the_desk_tells_why_a_job_failed(start_engine: StartEngine, desk: Desk) -> None:
    def refresh() -> None:
        raise SourceUnreachable(url="https://example.org/", status=503, reason="busy")

    def stumble() -> None:
        msg = "a fault of ours"
        raise ValueError(msg)

    engine = start_engine(jobs=[Job("refresh", refresh, queue="bulk"), Job("stumble", stumble, queue="bulk")])
    desk.enqueue("refresh", id="named", queue="bulk")
    desk.enqueue("stumble", id="unnamed", queue="bulk")
    engine.wait_idle(40)
    named, unnamed = desk.status("named"), desk.status("unnamed")

    assert named is not None
    assert named.failure is not None
    assert unnamed is not None
    assert unnamed.failure is not None
    assert (named.state, named.failure.name, named.failure.code) == (
        "failed",
        "SourceUnreachable",
        "source.unreachable",
    )
    assert '"status": 503' in named.failure.message
    assert (unnamed.failure.name, unnamed.failure.message) == ("ValueError", "a fault of ours")


def test_a_result_that_is_no_json_is_a_failure_and_not_a_riddle(
    start_engine: StartEngine, desk: Desk
) -> None:
    engine = start_engine(jobs=[Job("odd", object, queue="bulk")])  # type: ignore[arg-type]  # that is the point
    desk.enqueue("odd", id="a", queue="bulk")
    engine.wait_idle(40)
    status = desk.status("a")

    assert status is not None
    assert status.state == "failed"


def test_orders_that_could_never_run_are_refused_at_the_desk(desk: Desk) -> None:
    with pytest.raises(JobsError, match="no queue is named attic"):
        desk.enqueue("a", id="1", queue="attic")
    with pytest.raises(JobsError, match="fetch needs partition"):
        desk.enqueue("a", id="1", queue="fetch")
    with pytest.raises(JobsError, match="bulk has no partition"):
        desk.enqueue("a", id="1", queue="bulk", partition="example.org")
    with pytest.raises(JobsError, match="arguments are no JSON"):
        desk.enqueue("a", id="1", queue="bulk", arguments={"a": float("nan")})
    desk.enqueue("a", id="1", queue="bulk")
    with pytest.raises(JobsError, match="different function name"):
        desk.enqueue("another", id="1", queue="bulk")

    assert [status.id for status in desk.recent(10)] == ["1"]


def test_the_desk_knows_nothing_of_an_id_that_nobody_ordered(desk: Desk) -> None:
    assert desk.status("nothing") is None
    assert desk.oldest_waiting() is None
    assert desk.recent(5) == ()


def test_orders_wait_for_a_worker_and_the_oldest_is_known(start_engine: StartEngine, desk: Desk) -> None:
    desk.enqueue("nothing", id="1", queue="bulk")
    desk.enqueue("nothing", id="2", queue="bulk")
    oldest = desk.oldest_waiting()
    engine = start_engine(jobs=[Job("nothing", lambda: None, queue="bulk")])
    engine.wait_idle(40)

    assert oldest is not None
    assert (oldest.id, oldest.state) == ("1", "waiting")
    assert [status.state for status in desk.recent(5)] == ["done", "done"]


def test_jobs_of_one_host_take_turns_while_another_hosts_run(start_engine: StartEngine, desk: Desk) -> None:
    other_runs = threading.Event()
    now: dict[str, int] = {"a": 0, "b": 0}
    most: dict[str, int] = {"a": 0, "b": 0}
    order: list[str] = []

    def ask(*, host: str, name: str) -> bool:
        now[host] += 1
        most[host] = max(most[host], now[host])
        order.append(name)
        if host == "b":
            other_runs.set()
        waited = other_runs.wait(40)
        time.sleep(0.05)
        now[host] -= 1
        return waited

    for name in ("a1", "a2", "a3", "b1"):
        desk.enqueue(
            "ask", id=name, queue="fetch", partition=name[0], arguments={"host": name[0], "name": name}
        )
    engine = start_engine(jobs=[Job("ask", ask, queue="fetch")])
    engine.wait_idle(40)

    assert most == {"a": 1, "b": 1}
    assert [name for name in order if name.startswith("a")] == ["a1", "a2", "a3"]
    assert all(status.result is True for status in desk.recent(10))


@pytest.mark.slow
def test_two_workers_share_the_hosts_and_still_ask_each_one_question_at_a_time(
    database_url: str, desk: Desk, tmp_path: Path
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("a SQLite home has one worker")
    hosts = ("a", "b", "c")
    journal = Journal(tmp_path / "journal")
    rounds = 0

    def one_more_round() -> bool:
        nonlocal rounds
        for host in hosts:
            desk.enqueue("ask", id=f"{host}{rounds}", queue="fetch", partition=host, arguments={"host": host})
        rounds += 1
        asked = 2 + rounds * len(hosts) * 2  # the two that said they were ready; each question and answer
        eventually(lambda: len(journal.lines()) == asked, within_seconds=20, what="the last answer")
        both = {line.split()[-1] for line in journal.lines() if not line.startswith("ready")}
        return rounds >= 8 and len(both) == 2

    with worker_process(database_url, tmp_path), worker_process(database_url, tmp_path):
        # Who takes up an order is left to chance, so orders are given until both had their share.
        eventually(one_more_round, within_seconds=30, what="the share of the second worker")
    lines = [line.split() for line in journal.lines() if not line.startswith("ready")]

    for host in hosts:
        turns = [line[1] for line in lines if line[0] == host]
        assert turns == ["begins", "ends"] * rounds


@pytest.mark.slow
def test_a_delayed_order_waits(start_engine: StartEngine, desk: Desk) -> None:
    engine = start_engine(jobs=[Job("nothing", lambda: None, queue="bulk")])
    desk.enqueue("nothing", id="later", queue="bulk", delay_seconds=1.0)

    assert in_state(desk, "later", "delayed")
    engine.wait_idle(40)
    assert in_state(desk, "later", "done")


@pytest.mark.slow
def test_a_job_past_its_time_ends_and_frees_its_host(start_engine: StartEngine, desk: Desk) -> None:
    let_go = threading.Event()
    reached: list[str] = []

    def hang() -> None:
        step("hang", lambda: let_go.wait(60))
        step("never", lambda: reached.append("never"))

    engine = start_engine(
        jobs=[
            Job("hang", hang, queue="fetch", timeout_seconds=0.3),
            Job("next", lambda: None, queue="fetch"),
        ]
    )
    desk.enqueue("hang", id="1", queue="fetch", partition="a")
    desk.enqueue("next", id="2", queue="fetch", partition="a")
    eventually(lambda: in_state(desk, "2", "done"), within_seconds=10, what="the next job of the host")
    let_go.set()
    engine.stop()

    assert in_state(desk, "1", "timed_out")
    assert reached == []


def test_a_step_outside_a_job_is_simply_done() -> None:
    assert step("anything", lambda: (1, 2)) == (1, 2)
