"""What workers do, and when: the jobs and schedules of a hub."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from academichub.errors import SourceUnknown
from academichub.fetch.manners import gate_for
from academichub.flows.refreshing import refresh_source
from academichub.flows.rendering import render_again
from academichub.jobs.job import Job, JsonValue, Schedule
from academichub.store import sources as shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from academichub.db.engine import Database
    from academichub.flows.refreshing import Asks
    from academichub.jobs.desk import Desk
    from academichub.store.sources import Subscription

REFRESH: Final = "sources.refresh"
LOOK_ROUND: Final = "sources.look_round"
RENDER: Final = "texts.render_again"
FETCH_QUEUE: Final = "fetch"
BULK_QUEUE: Final = "bulk"
# While its job is on the way a source is not due; if the job vanishes, it is asked for again after this.
ON_THE_WAY: Final = timedelta(minutes=30)
REFRESH_SECONDS: Final = 900.0


@dataclass(frozen=True, slots=True)
class Duties:
    """Everything a worker's jobs need, and the jobs made of it."""

    database: Database
    web: Asks
    desk: Desk
    clock: Callable[[], datetime]
    dice: Callable[[], float]

    def jobs(self) -> tuple[Job, ...]:
        """List the kinds of work."""
        return (
            Job(REFRESH, self.refresh, queue=FETCH_QUEUE, timeout_seconds=REFRESH_SECONDS),
            Job(LOOK_ROUND, self.look_round, queue=BULK_QUEUE, timeout_seconds=60.0),
            Job(RENDER, self.render_again, queue=BULK_QUEUE),
        )

    def schedules(self) -> tuple[Schedule, ...]:
        """List what happens by the clock: every minute the sources that are due are sent for."""
        return (Schedule("sources.every_minute", "* * * * *", job=LOOK_ROUND),)

    def refresh(self, *, source: str, run: str) -> JsonValue:
        """Fetch one source. One that was removed in the meantime is nothing to do."""
        try:
            outcome = refresh_source(
                self.database, self.web, source, run=run, clock=self.clock, dice=self.dice
            )
        except SourceUnknown:
            return {"source": source, "status": "removed"}
        return {
            "source": source,
            "status": outcome.status.value,
            "new": outcome.account.new,
            "received": outcome.account.received,
        }

    def look_round(self) -> JsonValue:
        """Send for every source whose time has come."""
        now = self.clock()
        with self.database.reading() as connection:
            due = shelf.due_sources(connection, now)
        send_for(self.database, self.desk, due, now=now)
        return {"asked": len(due)}

    def render_again(self) -> JsonValue:
        """Render texts of an older renderer again."""
        return {"rendered": render_again(self.database)}


def send_for(database: Database, desk: Desk, wanted: Sequence[Subscription], *, now: datetime) -> int:
    """Order a refresh of each source, one queue per gate so that no host delays another.

    The order is named by the source and its turn: however many processes look round, one turn is one
    fetch.
    """
    for source in wanted:
        turn = (source.next_due_at or now).strftime("%Y%m%dT%H%M%S.%f")
        run = f"{source.key}@{turn}"
        desk.enqueue(
            REFRESH,
            id=f"refresh:{run}",
            queue=FETCH_QUEUE,
            arguments={"source": source.key, "run": run},
            partition=gate_for(urlsplit(source.url).hostname or "").name,
        )
        with database.writing() as connection:
            shelf.put_off(connection, source, now + ON_THE_WAY)
    return len(wanted)
