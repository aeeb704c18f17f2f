"""Run jobs that survive a kill: queues, schedules, workers; SQLite in one process or PostgreSQL in many.

A thin skin over DBOS, which no other room imports. What the library leaves to its users is added here and
beside: a reaper for dead processes, retention, a fixed version, the write-ahead log, JSON instead of pickle.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from academichub.db.engine import Database
from academichub.errors import AcademicHubError, JobsError
from academichub.jobs.home import (
    APPLICATION,
    SCHEMA,
    VERSION,
    give_back,
    move_in,
    quieten,
    serializer,
    set_deadline,
)
from academichub.jobs.job import DEFAULT_QUEUES, Job, JsonValue, QueueSpec, Role, Schedule, check_plan
from academichub.jobs.lock import HomeLock
from academichub.jobs.reaper import Reaper
from academichub.jobs.retention import forget_finished
from academichub.jobs.rollcall import Member, beat, sign_out
from academichub.jobs.steps import closing_bell, heed, step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import Self

    from dbos import DBOS, DBOSConfig

__all__ = ["DEFAULT_QUEUES", "Engine", "Job", "JsonValue", "QueueSpec", "Role", "Schedule", "Tempo", "step"]

log = logging.getLogger(__name__)

RETENTION = "jobs.retention"
THREADS = 32  # the library's own default is no limit at all


@dataclass(frozen=True, slots=True)
class Tempo:
    """How often the engine looks, in seconds, all > 0. A test may want it quicker.

    Attributes:
        polling_seconds: Between two looks at a queue. At 1.0 an idle engine costs about 2 % of a core.
        heartbeat_seconds: Between two signs of life.
        reap_after_seconds: Silence after which another worker takes a process for dead.
        drain_seconds: What `stop` gives running jobs to reach their next step.
    """

    polling_seconds: float = 1.0
    heartbeat_seconds: float = 10.0
    reap_after_seconds: float = 60.0
    drain_seconds: float = 5.0


class Engine:
    """The job engine of this process; one at a time. Call it from a thread without an event loop.

    Args:
        database_url: sqlite:////absolute/path or postgresql+psycopg://...; missing tables are made.
        jobs: All kinds of work there are. The engine adds one: the nightly jobs.retention.
        schedules: When which is due; a schedule that is no longer listed is forgotten.
        queues: Where work waits.
        role: A worker runs jobs. A web process only signs in, so that it is seen.
        executor: The name of this process start; never give the same twice. None makes one up.
        retention_days: How long finished jobs are remembered, > 0.
        tempo: How often to look.

    Raises:
        JobsError: The plan could never run (see `check_plan`).
    """

    def __init__(
        self,
        *,
        database_url: str,
        jobs: Sequence[Job],
        schedules: Sequence[Schedule] = (),
        queues: Sequence[QueueSpec] = DEFAULT_QUEUES,
        role: Role = "worker",
        executor: str | None = None,
        retention_days: float = 30.0,
        tempo: Tempo | None = None,
    ) -> None:
        self._database_url = database_url
        self._jobs = tuple(jobs)
        self._schedules = tuple(schedules)
        self._queues = tuple(queues)
        self._retention_days = retention_days
        self._tempo = tempo or Tempo()
        host = socket.gethostname()
        name = executor or f"{host}-{os.getpid()}-{secrets.token_hex(8)}"
        self._member = Member(executor=name, role=role, host=host, pid=os.getpid())
        self._add_retention()
        check_plan(jobs=self._jobs, schedules=self._schedules, queues=self._queues)
        self._bell = threading.Event()
        self._database: Database | None = None
        self._is_signed_in = False
        self._lock: HomeLock | None = None
        self._reaper: Reaper | None = None
        self._dbos: DBOS | None = None

    @property
    def executor(self) -> str:
        """The name of this process start."""
        return self._member.executor

    # -- opening and closing ------------------------------------------------------------------------------

    def start(self) -> None:
        """Sign in and begin to work. On SQLite, jobs of a process that died are taken up at once.

        Raises:
            AlreadyRunning: Another worker lives on this SQLite home.
            StoreUnreachable: The database does not answer.
            JobsError: This process already has an engine; the environment claims the engine for its maker's
                cloud; or a schedule cannot be read.
        """
        from dbos import _dbos
        from dbos._utils import GlobalParams

        if _dbos._dbos_global_instance is not None:  # noqa: SLF001  # a second one would silently be the first
            raise JobsError(job=None, reason="this process already has a job engine")
        if GlobalParams.dbos_cloud:
            # The one DBOS_* variable that our explicit configuration does not overrule.
            raise JobsError(job=None, reason="DBOS__CLOUD is set; the engine would report to its maker")
        self._bell.clear()
        try:
            self._open()
            self._launch()
            self._look_after_the_dead()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> frozenset[str]:
        """Stop in good order: take no more jobs, let each reach its next step, give the unfinished back.

        A job inside a long step cannot be ended from outside: it stays claimed by this process, and the
        reaper finds it once the process is gone. The process should then end soon; its interpreter waits
        for such threads unless it leaves by `os._exit`.

        Returns:
            The ids of jobs whose threads still run; empty after a clean stop.
        """
        self._bell.set()
        if self._reaper is not None:
            self._reaper.stop()
        stuck = self._drain()
        self._close_library(wait=not stuck)
        if self._database is not None:
            self._hand_over(self._database, keep=stuck)
            self._database.close()
        if self._lock is not None:
            self._lock.release()
        self._database = self._lock = self._reaper = None
        return stuck

    def wait_idle(self, timeout_seconds: float) -> None:
        """Wait until no job waits or runs anywhere; for tests and for one-shot commands.

        Raises:
            TimeoutError: There is still work after `timeout_seconds`.
        """
        from dbos import DBOS

        deadline = time.monotonic() + timeout_seconds
        while DBOS.list_workflows(
            status=["ENQUEUED", "DELAYED", "PENDING"], limit=1, load_input=False, load_output=False
        ):
            if time.monotonic() > deadline:
                msg = f"jobs still wait or run after {timeout_seconds} s"
                raise TimeoutError(msg)
            time.sleep(0.02)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- how a job runs -----------------------------------------------------------------------------------

    def _workflow(self, job: Job) -> Callable[..., JsonValue]:
        def workflow(*fired: object, **arguments: JsonValue) -> JsonValue:
            # A schedule gives two positions, its time and its arguments; the desk gives keywords.
            due = fired[1] if fired else arguments
            return self._run(job, due if isinstance(due, dict) else {})

        return workflow

    def _run(self, job: Job, arguments: dict[str, JsonValue]) -> JsonValue:
        from dbos import DBOS

        job_id = DBOS.workflow_id or ""
        reset = closing_bell.set(self._bell)
        try:
            heed(self._bell)
            if job.timeout_seconds is not None and self._database is not None:
                set_deadline(self._database, job_id, timeout_seconds=job.timeout_seconds)
            return job.run(**arguments)
        except AcademicHubError as error:
            log.warning("job %s (%s) failed: %s", job.name, job_id, error)
            raise
        except Exception:
            log.exception("job %s (%s) failed", job.name, job_id)
            raise
        finally:
            closing_bell.reset(reset)

    def _add_retention(self) -> None:
        """Add the nightly clearing out, in the first queue that a schedule can lead into."""
        plain = next((queue.name for queue in self._queues if not queue.partitioned), None)
        if plain is None:
            raise JobsError(job=RETENTION, reason="every queue is partitioned")

        def forget() -> dict[str, JsonValue]:
            days = self._retention_days
            return {"forgotten": step("forget", lambda: forget_finished(datetime.now(UTC), days=days))}

        self._jobs += (Job(RETENTION, forget, queue=plain),)
        self._schedules += (Schedule(RETENTION, "23 3 * * *", job=RETENTION),)

    # -- the library --------------------------------------------------------------------------------------

    def _open(self) -> None:
        self._database = Database(self._database_url)
        file = self._database.engine.url.database
        if self._database.is_sqlite and file and self._member.role == "worker":
            self._lock = HomeLock.beside(Path(file))
            self._lock.take()
        move_in(self._database)
        beat(self._database, self._member)  # before the first claim: whoever is not on the roll is dead
        self._is_signed_in = True

    def _launch(self) -> None:
        from dbos import DBOS, error

        quieten()
        is_worker = self._member.role == "worker"
        self._dbos = DBOS(config=self._config())
        if is_worker:
            for job in self._jobs:
                register = DBOS.workflow(name=job.name, max_recovery_attempts=job.max_recoveries)
                register(self._workflow(job))
        DBOS.listen_queues([queue.name for queue in self._queues] if is_worker else [])
        try:
            if is_worker:
                self._register_queues()
            DBOS.launch()
            if is_worker:
                self._register_schedules()
        except error.DBOSException as refusal:
            raise JobsError(job=None, reason=str(refusal)) from refusal

    def _config(self) -> DBOSConfig:
        return {
            "name": APPLICATION,
            "system_database_url": self._database_url,
            "dbos_system_schema": SCHEMA,
            "executor_id": self._member.executor,
            "application_version": VERSION,
            "serializer": serializer(),
            "max_executor_threads": THREADS,
            "log_level": "WARNING",
            "enable_otlp": False,
            # We send no notifications; the library's own pace (100 looks a second) costs 1 % of a core.
            "notification_listener_polling_interval_sec": self._tempo.polling_seconds,
            "notification_coalesce_sec": self._tempo.polling_seconds,
        }

    def _register_queues(self) -> None:
        """Write the queues down before the library reads them: later, it finds new ones a second late."""
        from dbos import DBOSClient

        client = DBOSClient(
            system_database_url=self._database_url,
            dbos_system_schema=SCHEMA,
            serializer=serializer(),
            application_name=APPLICATION,
            lazy=True,
        )
        try:
            for queue in self._queues:
                client.register_queue(
                    queue.name,
                    worker_concurrency=queue.worker_concurrency,
                    global_concurrency=queue.global_concurrency,
                    partition_concurrency=1 if queue.partitioned else None,
                    polling_interval_sec=self._tempo.polling_seconds,
                )
        finally:
            client.destroy()

    def _register_schedules(self) -> None:
        from dbos import DBOS

        job_by_name = {job.name: job for job in self._jobs}
        registered = DBOS.list_schedules()
        listed = {schedule.name for schedule in self._schedules}
        for known in registered:
            if known["schedule_name"] not in listed:
                DBOS.delete_schedule(known["schedule_name"])
        workflow_by_name = self._dbos._registry.workflow_info_map if self._dbos else {}  # noqa: SLF001  # what DBOS.workflow made
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": schedule.name,
                    "workflow_fn": workflow_by_name[schedule.job],
                    "schedule": schedule.cron,
                    "context": dict(schedule.arguments),
                    "automatic_backfill": schedule.catch_up,
                    "cron_timezone": schedule.time_zone,
                    "queue_name": job_by_name[schedule.job].queue,
                }
                for schedule in self._schedules
            ]
        )

    def _look_after_the_dead(self) -> None:
        if self._database is None:
            return
        self._reaper = Reaper(
            self._database,
            member=self._member,
            heartbeat_seconds=self._tempo.heartbeat_seconds,
            reap_after_seconds=self._tempo.reap_after_seconds,
            at_work=self._at_work,
        )
        if self._member.role == "worker":
            self._reaper.reap(alone=self._lock is not None)
        self._reaper.start()

    def _drain(self) -> frozenset[str]:
        """Claim no more jobs and wait for those that run; return the ones that still do at the end."""
        if self._dbos is None:
            return frozenset()
        for claims_no_more in self._dbos.background_thread_stop_events:
            claims_no_more.set()
        deadline = time.monotonic() + self._tempo.drain_seconds
        while (at_work := self._at_work()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return at_work

    def _at_work(self) -> frozenset[str]:
        """Name the jobs that threads hold; the library keeps one on this list until its result is written."""
        if self._dbos is None:
            return frozenset()
        return frozenset(self._dbos._active_workflows_set.activeList())  # noqa: SLF001  # the contract tests hold it

    def _close_library(self, *, wait: bool) -> None:
        if self._dbos is None:
            return
        from dbos import DBOS

        threads = self._dbos._executor_field  # noqa: SLF001  # destroy leaves them to end by themselves
        DBOS.destroy(destroy_registry=True)
        if wait and threads is not None:
            threads.shutdown(wait=True)
        self._dbos = None

    def _hand_over(self, database: Database, *, keep: frozenset[str]) -> None:
        """Give unfinished jobs back and sign out; what cannot be said now, the reaper will find out."""
        if not self._is_signed_in:
            return
        self._is_signed_in = False
        try:
            give_back(database, self._member.executor, keep=keep)
            if not keep:
                sign_out(database, [self._member.executor])
        except AcademicHubError as error:
            log.warning("the job engine stopped without signing out: %s", error)
