"""What is kept of a job, how, and for how long."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, text

from academichub.errors import SourceUnreachable
from academichub.jobs.engine import RETENTION, Job, step
from tests.fakes.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.jobs.desk import Desk
    from tests.contract.jobs.conftest import StartEngine


def ask(database_url: str, statement: str, **values: Any) -> Sequence[Any]:
    """Look into the engine's own tables, past every door."""
    engine = create_engine(database_url)
    on_postgresql = engine.dialect.name == "postgresql"
    with engine.begin() as connection:
        if on_postgresql:
            connection.execute(text("SET LOCAL search_path TO academichub_jobs"))
        answer = connection.execute(text(statement), values)
        rows = answer.all() if answer.returns_rows else ()
    engine.dispose()
    return rows


def test_every_value_in_the_tables_is_json_and_none_is_a_pickle(
    start_engine: StartEngine, desk: Desk, database_url: str
) -> None:
    def work(*, titles: list[str]) -> dict[str, list[str]]:
        return {"kept": step("keep", lambda: titles)}

    def fail() -> None:
        raise SourceUnreachable(url="https://example.org/", status=None, reason="slow")

    engine = start_engine(jobs=[Job("work", work, queue="bulk"), Job("fail", fail, queue="bulk")])
    desk.enqueue("work", id="a", queue="bulk", arguments={"titles": ["数学", "maths"]})
    desk.enqueue("fail", id="b", queue="bulk")
    engine.wait_idle(40)
    inputs = ask(database_url, "SELECT inputs FROM workflow_input")
    outputs = ask(database_url, "SELECT output, error FROM workflow_output")
    steps = ask(database_url, "SELECT output, error FROM operation_outputs")
    ways = ask(database_url, "SELECT DISTINCT serialization FROM workflow_status")
    values = [json.loads(value) for row in [*inputs, *outputs, *steps] for value in row if value is not None]

    assert ways == [("portable_json",)]
    assert {"kept": ["数学", "maths"]} in values
    assert len(inputs) == len(outputs) == 2
    assert len(steps) == 1


def test_the_version_stays_the_same_whatever_the_code(
    start_engine: StartEngine, desk: Desk, database_url: str
) -> None:
    start_engine(jobs=[Job("a", lambda: 1, queue="bulk")]).stop()
    engine = start_engine(jobs=[Job("a", lambda: 2, queue="bulk"), Job("b", lambda: 3, queue="bulk")])
    desk.enqueue("a", id="a", queue="bulk")
    engine.wait_idle(40)

    assert ask(database_url, "SELECT version_name FROM application_versions") == [("1",)]
    assert ask(database_url, "SELECT DISTINCT application_version FROM workflow_status") == [("1",)]


def test_sqlite_keeps_a_write_ahead_log(desk: Desk, database_url: str) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL always has one")

    assert desk.recent(1) == ()
    assert ask(database_url, "PRAGMA journal_mode") == [("wal",)]


def test_retention_forgets_old_finished_jobs_and_nothing_else(
    start_engine: StartEngine, desk: Desk, database_url: str
) -> None:
    def work() -> None:
        step("one", lambda: None)

    def fail() -> None:
        msg = "no"
        raise ValueError(msg)

    engine = start_engine(
        jobs=[Job("work", work, queue="bulk"), Job("fail", fail, queue="bulk")], retention_days=30
    )
    for number in range(3):
        desk.enqueue("work", id=f"old {number}", queue="bulk")
    desk.enqueue("fail", id="old failed", queue="bulk")
    desk.enqueue("work", id="young", queue="bulk")
    engine.wait_idle(40)
    desk.enqueue("work", id="waiting", queue="bulk", delay_seconds=3600)
    age(database_url, "id LIKE 'old%' OR id = 'waiting'", days=31)
    age(database_url, "id = 'young'", days=29)
    desk.enqueue(RETENTION, id="tonight", queue="bulk")
    eventually(lambda: desk.status("tonight").state == "done", within_seconds=5)  # type: ignore[union-attr]  # just ordered
    tonight = desk.status("tonight")

    assert tonight is not None
    assert tonight.result == {"forgotten": 4}
    assert sorted(status.id for status in desk.recent(10)) == ["tonight", "waiting", "young"]
    for table in ("workflow_input", "workflow_output", "operation_outputs"):
        assert not ask(database_url, f"SELECT 1 FROM {table} WHERE workflow_uuid LIKE 'old%'")  # noqa: S608  # ours


def age(database_url: str, condition: str, *, days: float) -> None:
    """Make jobs as old as if they had been ordered, and had ended, so many days ago."""
    then = int((datetime.now(UTC) - timedelta(days=days)).timestamp() * 1000)
    ask(
        database_url,
        "UPDATE workflow_status SET created_at = :then, updated_at = :then,"  # noqa: S608  # conditions of ours
        " completed_at = CASE WHEN completed_at IS NULL THEN NULL ELSE :then END"
        f" WHERE {condition.replace('id ', 'workflow_uuid ')}",
        then=then,
    )
