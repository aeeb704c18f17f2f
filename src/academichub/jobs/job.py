"""Say what work there is, when it is due and in which queue it waits. Pure shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from academichub.errors import JobsError

if TYPE_CHECKING:
    from datetime import datetime

JsonValue: TypeAlias = bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None
Role: TypeAlias = Literal["worker", "web"]
JobState: TypeAlias = Literal["waiting", "delayed", "running", "done", "failed", "timed_out", "gave_up"]


@dataclass(frozen=True, slots=True)
class QueueSpec:
    """A queue and how much of it may run at once.

    Attributes:
        name: The queue's name.
        worker_concurrency: Jobs of this queue that one worker runs at once, >= 1.
        global_concurrency: Jobs of this queue that all workers together run at once; None is no limit.
        partitioned: Each job names a partition (a host, say), and of each partition one job runs at a time,
            over all workers, in the order in which they came (before Python 3.12 SQLite knows that order
            to the second; within one, it is the order of the ids).
    """

    name: str
    worker_concurrency: int
    global_concurrency: int | None = None
    partitioned: bool = False


# Eight hosts are asked at once, each host one question at a time; heavy work goes one by one, and beside it
# embedding and ranking, which take minutes; a briefing waits for neither, nor one for another.
DEFAULT_QUEUES = (
    QueueSpec("fetch", worker_concurrency=8, partitioned=True),
    QueueSpec("bulk", worker_concurrency=1),
    QueueSpec("think", worker_concurrency=1),
    QueueSpec("write", worker_concurrency=2),
)


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of work.

    Attributes:
        name: What the desk asks for, and what stays in the database: never rename one with work waiting.
        run: A plain function of JSON-able keyword arguments that returns a JSON-able value. It may be killed
            anywhere and is then run again, its finished `step`s remembered.
        queue: Where scheduled runs wait.
        max_recoveries: How often it is run again after the worker under it died; then it is given up.
        timeout_seconds: From the first start, time without a worker included, > 0; None is no limit. It
            frees the queue at once, and ends the job at its next step.
    """

    name: str
    run: Callable[..., JsonValue]
    queue: str
    max_recoveries: int = 3
    timeout_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a job is due.

    Attributes:
        name: The schedule's name, unique.
        cron: Five fields, or six with seconds first.
        job: The name of the job to run; its queue may not be partitioned.
        time_zone: An IANA name; the hours of `cron` are local there, summer time included.
        catch_up: After a pause run every missed time once, instead of none.
        arguments: The job's keyword arguments, JSON values.
    """

    name: str
    cron: str
    job: str
    time_zone: str = "UTC"
    catch_up: bool = False
    arguments: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobFailure:
    """Why a job failed.

    Attributes:
        name: The error's class, such as SourceUnreachable.
        message: What it says of itself.
        code: Our stable code such as source.unreachable, where the error is one of ours.
    """

    name: str
    message: str
    code: str | None


@dataclass(frozen=True, slots=True)
class JobStatus:
    """Where one run of a job stands. Instants are UTC; before Python 3.12 SQLite keeps whole seconds.

    Attributes:
        result: What the job returned, once done.
        failure: Why it failed, once failed.
        attempts: How often it was started.
    """

    id: str
    job: str
    state: JobState
    queue: str | None
    partition: str | None
    enqueued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempts: int
    result: JsonValue
    failure: JobFailure | None


def check_plan(*, jobs: Sequence[Job], schedules: Sequence[Schedule], queues: Sequence[QueueSpec]) -> None:
    """Refuse a plan that could never run.

    Raises:
        JobsError: Two jobs or schedules share a name; a job's queue or a schedule's job does not exist; or a
            schedule's job waits in a partitioned queue, where a run without a partition is never taken.
    """
    queue_by_name = {queue.name: queue for queue in queues}
    job_by_name = {job.name: job for job in jobs}
    if len(job_by_name) < len(jobs):
        raise JobsError(job=None, reason="two jobs share a name")
    if len({schedule.name for schedule in schedules}) < len(schedules):
        raise JobsError(job=None, reason="two schedules share a name")
    for job in jobs:
        if job.queue not in queue_by_name:
            raise JobsError(job=job.name, reason=f"no queue is named {job.queue}")
    for schedule in schedules:
        due = job_by_name.get(schedule.job)
        if due is None:
            raise JobsError(job=schedule.job, reason=f"schedule {schedule.name} names no job")
        if queue_by_name[due.queue].partitioned:
            raise JobsError(job=due.name, reason=f"schedule {schedule.name} leads into a partitioned queue")
