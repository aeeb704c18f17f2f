"""Find processes that died and put their jobs back into the queues.

The engine brings back only what its own id had left; ours are new at every start, so that nobody mistakes
itself for a predecessor, and every worker looks after the dead. It looks again and again: a job may be missed
by one round (the database went away in the middle of it) and is found by the next.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.jobs.home import REAPING_LOCK, give_back
from academichub.jobs.rollcall import Member, beat, heartbeats, sign_out

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from academichub.db.engine import Database

log = logging.getLogger(__name__)


class Reaper:
    """Gives this process's sign of life and, in a worker, takes back the jobs of the dead.

    Args:
        database: The jobs' database.
        member: This process.
        heartbeat_seconds: Time between two rounds, > 0.
        reap_after_seconds: Silence after which a process is dead; several heartbeats.
        at_work: Tells the ids of the jobs that this process's threads hold.
    """

    def __init__(
        self,
        database: Database,
        *,
        member: Member,
        heartbeat_seconds: float,
        reap_after_seconds: float,
        at_work: Callable[[], Collection[str]],
    ) -> None:
        self._database = database
        self._at_work = at_work
        self._member = member
        self._heartbeat_seconds = heartbeat_seconds
        self._reap_after_seconds = reap_after_seconds
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin the rounds, in a thread of their own."""
        self._thread = threading.Thread(target=self._rounds, name="jobs-reaper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the rounds; a round under way is finished first."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def reap(self, *, alone: bool = False) -> frozenset[str]:
        """Put back what the dead held, and strike from the roll the dead who hold nothing any more.

        A process is dead when it is not on the roll or has been silent for too long. One that only seemed
        dead does no harm: the engine keeps one result per job, that of the run which owns it last.

        Args:
            alone: This process knows that no other worker lives: whoever else holds a job is dead.

        Returns:
            The processes whose jobs were put back.
        """
        from dbos import DBOS

        with self._one_reaper_at_a_time() as is_mine:
            if not is_mine:
                return frozenset()
            roll = heartbeats(self._database)
            silent = {known.executor for known in roll if known.age_seconds > self._reap_after_seconds}
            alive = {known.executor for known in roll} - silent
            alive = {self._member.executor} if alone else alive | {self._member.executor}
            holders = {
                run.executor_id or ""
                for run in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
            }
            dead = frozenset(holders - alive)
            if dead:
                log.warning("jobs of dead processes go back into their queues: %s", ", ".join(sorted(dead)))
                DBOS._recover_pending_workflows(sorted(dead))  # noqa: SLF001  # its public form left with 3.0; the contract tests hold it
            gone = silent - holders
            if gone:
                sign_out(self._database, gone)
            return dead

    def let_go(self) -> int:
        """Give back what this process once claimed and does not work on; return how much that was.

        The database may go away between a claim and the thread that should have taken it up.
        """
        # First the list, then the claims: a job that ends in between has its result by then.
        at_work = self._at_work()
        stranded = give_back(
            self._database,
            self._member.executor,
            keep=at_work,
            claimed_seconds_ago=self._reap_after_seconds,
        )
        if stranded:
            log.warning("%d stranded jobs of this process go back into their queues", stranded)
        return stranded

    @contextmanager
    def _one_reaper_at_a_time(self) -> Iterator[bool]:
        if self._database.is_sqlite:  # one worker only
            yield True
            return
        with self._database.writing() as connection:
            taken = sa.text("SELECT pg_try_advisory_xact_lock(:lock)")
            yield bool(connection.execute(taken, {"lock": REAPING_LOCK}).scalar_one())

    def _rounds(self) -> None:
        # Whoever was silent itself (the database was away, the machine slept) must not take the others,
        # who were silent for the same reason, for dead: they get as long again to be heard.
        patience_seconds = 0.0
        while not self._stop.wait(self._heartbeat_seconds):
            try:
                silence_seconds = beat(self._database, self._member)
                if silence_seconds > self._reap_after_seconds:
                    patience_seconds = self._reap_after_seconds
                patience_seconds -= self._heartbeat_seconds
                if self._member.role == "worker" and patience_seconds <= 0:
                    self.let_go()
                    self.reap()
            except Exception:  # a round that fails must not be the last one
                log.exception("a round of the reaper failed; the next one follows")
