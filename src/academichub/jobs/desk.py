"""Take orders for jobs and tell how they stand, from any process, without running the engine in it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from academichub.db.engine import Database
from academichub.errors import JobsError, StoreUnreachable
from academichub.jobs.home import APPLICATION, SCHEMA, VERSION, move_in, serializer
from academichub.jobs.job import DEFAULT_QUEUES, JobFailure, JobStatus
from academichub.jobs.rollcall import heartbeats

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType
    from typing import Self

    from dbos import EnqueueOptions, WorkflowStatus

    from academichub.jobs.job import JobState, JsonValue, QueueSpec
    from academichub.jobs.rollcall import Heartbeat

STATE_BY_STATUS: dict[str, JobState] = {
    "ENQUEUED": "waiting",
    "DELAYED": "delayed",
    "PENDING": "running",
    "SUCCESS": "done",
    "ERROR": "failed",
    "CANCELLED": "timed_out",  # nothing but a deadline cancels here
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "gave_up",
}


class Desk:
    """The counter in front of the job engine. Safe to share between threads; close it at the end.

    Args:
        database_url: The jobs' database; missing tables are made.
        queues: The queues that the workers serve.

    Raises:
        StoreUnreachable: The database does not answer.
    """

    def __init__(self, database_url: str, *, queues: Sequence[QueueSpec] = DEFAULT_QUEUES) -> None:
        self._database = Database(database_url)
        self._queue_by_name = {queue.name: queue for queue in queues}
        try:
            move_in(self._database)
        except BaseException:
            self._database.close()
            raise
        from dbos import DBOSClient

        self._client = DBOSClient(
            system_database_url=self._database.engine.url.render_as_string(hide_password=False),
            dbos_system_schema=SCHEMA,
            serializer=serializer(),
            application_name=APPLICATION,
            lazy=True,
            retry_connection_errors=False,
        )

    def enqueue(
        self,
        job_name: str,
        *,
        id: str,  # noqa: A002  # the word for it at every door
        queue: str,
        arguments: Mapping[str, JsonValue] | None = None,
        partition: str | None = None,
        delay_seconds: float = 0.0,
    ) -> str:
        """Order one run of a job. The same id again is the same run, whatever has become of it.

        Args:
            job_name: A `Job.name` of the workers.
            id: The run's identity, such as fetch:nature:2026-05-04T06.
            queue: The queue to wait in.
            arguments: The job's keyword arguments, JSON values.
            partition: What to take turns on (a host); for a partitioned queue, and only there.
            delay_seconds: How long to wait at least, >= 0.

        Returns:
            The id.

        Raises:
            JobsError: The queue is unknown, the partition is missing or not wanted, an argument is no JSON
                value, or the id already belongs to another job.
            StoreUnreachable: The database does not answer.
        """
        spec = self._queue_by_name.get(queue)
        if spec is None:
            raise JobsError(job=job_name, reason=f"no queue is named {queue}")
        if spec.partitioned != (partition is not None):
            wanted = "needs" if spec.partitioned else "has no"
            raise JobsError(job=job_name, reason=f"the queue {queue} {wanted} partition")
        try:
            values: dict[str, JsonValue] = json.loads(json.dumps(dict(arguments or {}), allow_nan=False))
        except (TypeError, ValueError) as flaw:
            raise JobsError(job=job_name, reason=f"arguments are no JSON: {flaw}") from flaw
        options: EnqueueOptions = {
            "workflow_name": job_name,
            "queue_name": queue,
            "workflow_id": id,
            "app_version": VERSION,
        }
        if partition is not None:
            options["queue_partition_key"] = partition
        if delay_seconds > 0:
            options["delay_seconds"] = delay_seconds
        from dbos import error

        with self._reached():
            try:
                self._client.enqueue(options, **values)
            except error.DBOSException as refusal:
                raise JobsError(job=job_name, reason=str(refusal)) from refusal
        return id

    def status(self, id: str) -> JobStatus | None:  # noqa: A002  # as above
        """Tell how a run stands; None for an id that nobody ordered or that is forgotten."""
        with self._reached():
            found = self._client.list_workflows(workflow_ids=[id], load_input=False)
        return _status(found[0]) if found else None

    def recent(self, limit: int) -> tuple[JobStatus, ...]:
        """List the latest orders, newest first, at most `limit`."""
        with self._reached():
            found = self._client.list_workflows(limit=limit, sort_desc=True, load_input=False)
        return tuple(_status(run) for run in found)

    def oldest_waiting(self) -> JobStatus | None:
        """Tell which run has waited longest for a worker; None where none waits."""
        with self._reached():
            found = self._client.list_workflows(status="ENQUEUED", limit=1, load_input=False)
        return _status(found[0]) if found else None

    def heartbeats(self) -> tuple[Heartbeat, ...]:
        """Tell which processes have signed in and how long ago each was last heard, oldest process first."""
        return heartbeats(self._database)

    def close(self) -> None:
        """Close every connection."""
        self._client.destroy()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            raise StoreUnreachable(database=self._database.shown_url, reason=str(error.orig)) from error


def _status(run: WorkflowStatus) -> JobStatus:
    return JobStatus(
        id=run.workflow_id,
        job=run.name,
        state=STATE_BY_STATUS[run.status],
        queue=run.queue_name,
        partition=run.queue_partition_key,
        enqueued_at=datetime.fromtimestamp((run.created_at or 0) / 1000, UTC),
        started_at=_instant(run.dequeued_at),
        finished_at=_instant(run.completed_at),
        attempts=run.recovery_attempts or 0,
        result=run.output,
        failure=_failure(run.error),
    )


def _instant(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


def _failure(error: Exception | None) -> JobFailure | None:
    """Read an error back as the JSON serializer keeps it: a name, a message and perhaps a code."""
    if error is None:
        return None
    code = getattr(error, "code", None)
    return JobFailure(
        name=str(getattr(error, "name", type(error).__name__)),
        message=str(error),
        code=code if isinstance(code, str) else None,
    )
