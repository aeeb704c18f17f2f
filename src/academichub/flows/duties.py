"""What workers do, and when: the jobs and schedules of a hub."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from academichub.errors import BriefingUnknown, SourceUnknown
from academichub.fetch.manners import ARXIV_GATE, gate_for
from academichub.flows.completing import CHAINS, HOMES, complete_papers, service_key
from academichub.flows.healing import heal_day, missed_days, reconcile, unreconciled
from academichub.flows.refreshing import refresh_source
from academichub.flows.rendering import render_again
from academichub.flows.tying import tie_entries
from academichub.jobs.job import Job, JsonValue, Schedule
from academichub.store import completing
from academichub.store import sources as shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from academichub.db.engine import Database
    from academichub.flows.briefingdesk import BriefingDesk
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
HARVEST_SECONDS: Final = 4 * 3600.0
COMPLETE: Final = "papers.complete"
KEEP_DAYS: Final = "days.keep"
HEAL: Final = "days.heal"
RECONCILE: Final = "days.reconcile"
RECONCILE_HOURS: Final = 4  # a list that could not be read, or has more than the shelves, is asked for again
THINK_QUEUE: Final = "think"
EMBED: Final = "works.embed"
RANK: Final = "radars.rank"
THINK_SECONDS: Final = 1800.0
WRITE_QUEUE: Final = "write"
BRIEF: Final = "briefings.write"
BRIEF_ROUND: Final = "briefings.look_round"
BELONG: Final = "works.belong"
TEXTS: Final = "works.write_texts"
TIE: Final = "entries.tie"
BRIEF_SECONDS: Final = 3 * 3600.0  # a small model on a small machine writes for hours
TEXTS_SECONDS: Final = 3600.0  # it stops by itself long before, between two texts
MOST_EMBEDDED: Final = 1_500  # of one job; its next one goes on
MOST_QUESTIONS: Final = 40  # of one job; its next one goes on


@dataclass(frozen=True, slots=True)
class Duties:
    """Everything a worker's jobs need, and the jobs made of it."""

    database: Database
    web: Asks
    desk: Desk
    clock: Callable[[], datetime]
    dice: Callable[[], float]
    radars: BriefingDesk

    def jobs(self) -> tuple[Job, ...]:
        """List the kinds of work."""
        return (
            Job(REFRESH, self.refresh, queue=FETCH_QUEUE, timeout_seconds=REFRESH_SECONDS),
            Job(LOOK_ROUND, self.look_round, queue=BULK_QUEUE, timeout_seconds=60.0),
            Job(RENDER, self.render_again, queue=BULK_QUEUE),
            Job(COMPLETE, self.complete, queue=FETCH_QUEUE, timeout_seconds=REFRESH_SECONDS),
            Job(KEEP_DAYS, self.keep_days, queue=BULK_QUEUE, timeout_seconds=60.0),
            Job(HEAL, self.heal, queue=FETCH_QUEUE, timeout_seconds=HARVEST_SECONDS),
            Job(RECONCILE, self.reconcile, queue=FETCH_QUEUE, timeout_seconds=REFRESH_SECONDS),
            Job(EMBED, self.embed, queue=THINK_QUEUE, timeout_seconds=THINK_SECONDS),
            Job(RANK, self.rank, queue=THINK_QUEUE, timeout_seconds=THINK_SECONDS),
            Job(BELONG, self.belong, queue=THINK_QUEUE, timeout_seconds=THINK_SECONDS),
            Job(BRIEF, self.brief, queue=WRITE_QUEUE, timeout_seconds=BRIEF_SECONDS),
            Job(TEXTS, self.write_texts, queue=WRITE_QUEUE, timeout_seconds=TEXTS_SECONDS),
            Job(TIE, self.tie, queue=BULK_QUEUE, timeout_seconds=THINK_SECONDS),
            Job(BRIEF_ROUND, self.order_briefings, queue=BULK_QUEUE, timeout_seconds=60.0),
        )

    def schedules(self) -> tuple[Schedule, ...]:
        """List what happens by the clock.

        Due sources are sent for every minute, days are kept hourly, new works are embedded and ranked a few
        minutes after they came.
        """
        return (
            Schedule("sources.every_minute", "* * * * *", job=LOOK_ROUND),
            Schedule("days.every_hour", "23 * * * *", job=KEEP_DAYS),
            Schedule("works.every_five_minutes", "*/5 * * * *", job=EMBED),
            Schedule("radars.every_ten_minutes", "2-59/10 * * * *", job=RANK),
            Schedule("works.every_half_hour", "7,37 * * * *", job=BELONG),
            Schedule("texts.every_half_hour", "17,47 * * * *", job=TEXTS),
            Schedule("entries.every_hour", "41 * * * *", job=TIE),
            Schedule("briefings.every_minute", "* * * * *", job=BRIEF_ROUND),
        )

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
            waiting = completing.stages(connection, now=now)
            services = {one.key: one for one in shelf.services(connection)}
        send_for(self.database, self.desk, due, now=now)
        asked = 0
        for scheme, stage, _versions in waiting:
            asked += self._send_for_completion(scheme, stage, services, now=now)
        return {"asked": len(due), "completing": asked}

    def _send_for_completion(
        self, scheme: str, stage: int, services: Mapping[str, Subscription], *, now: datetime
    ) -> bool:
        """Order one question to a provider; one that failed lately is left alone until its time comes."""
        provider = CHAINS[scheme][stage]
        service = services.get(service_key(provider))
        if service is not None and (
            service.is_paused or (service.next_due_at is not None and service.next_due_at > now)
        ):
            return False
        url = HOMES[provider][1]
        self.desk.enqueue(
            COMPLETE,
            id=f"complete:{scheme}:{stage}:{now:%Y%m%dT%H%M}",
            queue=FETCH_QUEUE,
            arguments={"scheme": scheme, "stage": stage},
            partition=gate_for(urlsplit(url).hostname or "").name,
        )
        return True

    def complete(self, *, scheme: str, stage: int) -> JsonValue:
        """Ask one provider about the papers that wait for it, until none waits or it fails."""
        asked = completed = 0
        for _ in range(MOST_QUESTIONS):
            done = complete_papers(
                self.database, self.web, scheme=scheme, stage=stage, clock=self.clock, dice=self.dice
            )
            asked, completed = asked + done.asked, completed + done.completed
            if not done.asked or done.error is not None:
                break
        return {"asked": asked, "completed": completed}

    def keep_days(self) -> JsonValue:
        """Judge arXiv's last days, and send for what is missing."""
        now = self.clock()
        missed = missed_days(self.database, now=now)
        for one in missed:
            self.desk.enqueue(
                HEAL,
                id=f"heal:{one.key}:{one.day}:{now:%Y%m%dT%H}",
                queue=FETCH_QUEUE,
                arguments={"source": one.key, "day": one.day.isoformat()},
                partition=ARXIV_GATE,
            )
        unsaid = unreconciled(self.database, now=now)
        for key, day in unsaid:
            self.desk.enqueue(
                RECONCILE,
                id=f"reconcile:{key}:{day}:{now.hour // RECONCILE_HOURS}",
                queue=FETCH_QUEUE,
                arguments={"source": key},
                partition=ARXIV_GATE,
            )
        return {"missed": len(missed), "reconciling": len(unsaid)}

    def heal(self, *, source: str, day: str) -> JsonValue:
        """Fill in a day that a feed missed."""
        try:
            done = heal_day(self.database, self.web, source, date.fromisoformat(day), clock=self.clock)
        except SourceUnknown:
            return {"source": source, "status": "removed"}
        return {"source": source, "status": done.status.value, "new": done.account.new}

    def reconcile(self, *, source: str) -> JsonValue:
        """Hold a category's day against arXiv's own list."""
        try:
            done = reconcile(self.database, self.web, source, clock=self.clock)
        except SourceUnknown:
            return {"source": source, "status": "removed"}
        return {"source": source, "missing": len(done.missing), "fetched": done.account.new}

    def embed(self) -> JsonValue:
        """Embed works that have no vector yet, newest first."""
        embedded, space = self.radars.embed(limit=MOST_EMBEDDED)
        return {"embedded": embedded, "space": space}

    def rank(self) -> JsonValue:
        """Rank for every radar the days whose works or vectors are others than when it was ranked."""
        return {"ranked": self.radars.rank_due(now=self.clock())}

    def belong(self) -> JsonValue:
        """Learn which fields papers belong to, and tell it of the works that have none yet."""
        return {"told": self.radars.tell_fields(now=self.clock())}

    def brief(self, *, briefing: str) -> JsonValue:
        """Write a briefing; one that was removed in the meantime is nothing to do."""
        try:
            return {"briefing": briefing, "state": self.radars.write_briefing(briefing).value}
        except BriefingUnknown:
            return {"briefing": briefing, "state": "removed"}

    def write_texts(self) -> JsonValue:
        """Have the model write about papers, where the settings want it to."""
        told = self.radars.write_paper_texts()
        return {
            "papers": told.papers,
            "written": told.written,
            "refused": told.refused,
            "stopped": told.stopped,
        }

    def tie(self) -> JsonValue:
        """Tie what readers brought along to the works that have come since."""
        return {"tied": tie_entries(self.database, now=self.clock())}

    def order_briefings(self) -> JsonValue:
        """Order the briefings whose hour has come."""
        return {"ordered": self.radars.order_due_briefings(now=self.clock())}

    def render_again(self) -> JsonValue:
        """Render texts of an older renderer again."""
        return {"rendered": render_again(self.database)}


def send_for_briefing(desk: Desk, key: str, *, now: datetime) -> None:
    """Order a briefing to be written."""
    desk.enqueue(
        BRIEF, id=f"brief:{key}:{now:%Y%m%dT%H%M%S.%f}", queue=WRITE_QUEUE, arguments={"briefing": key}
    )


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
