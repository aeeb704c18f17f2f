"""A hub in a replayed web: its jobs done one after another, by the replay's clock.

What the workers do through the job engine happens here in one thread: sources that are due are fetched, days
are kept every hour, what is missing is completed. Gates keep their intervals by moving the clock, so a month
takes minutes, and politeness shows in the server's log in the replay's own seconds.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from academichub.db.engine import Database
from academichub.db.migrate import migrate
from academichub.fetch.client import Fetcher
from academichub.fetch.limits import Limits
from academichub.flows.completing import CHAINS, complete_papers
from academichub.flows.healing import heal_day, missed_days, reconcile, unreconciled
from academichub.flows.refreshing import refresh_source
from academichub.store import completing
from academichub.store import sources as shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from academichub.flows.harvesting import Harvested
    from academichub.flows.healing import Reconciled
    from academichub.flows.refreshing import Outcome
    from evaluation.replay import Replay, ReplayClock

HOUR = timedelta(hours=1)


class ReplayGate:
    """Gates whose waiting moves the replay's clock."""

    def __init__(self, clock: ReplayClock) -> None:
        self._clock = clock
        self._opens_at: dict[str, datetime] = {}

    @contextmanager
    def turn(
        self, name: str, *, interval_seconds: float, hold_seconds: float, timeout_seconds: float
    ) -> Iterator[None]:
        """Wait until the gate opens, and shut it again behind the request."""
        del hold_seconds, timeout_seconds  # one thread: nobody holds a gate for another
        opens_at = self._opens_at.get(name)
        if opens_at is not None and opens_at > self._clock.now():
            self._clock.travel(opens_at)
        try:
            yield
        finally:
            self._opens_at[name] = self._clock.now() + timedelta(seconds=interval_seconds)


@dataclass(slots=True)
class Simulation:
    """A hub on SQLite that lives by the replay's clock."""

    database: Database
    web: Fetcher
    clock: ReplayClock
    dice: random.Random
    outcomes: list[tuple[datetime, Outcome]] = field(default_factory=list)
    healed: list[tuple[str, date, Harvested]] = field(default_factory=list)
    reconciled: list[Reconciled] = field(default_factory=list)
    watchers: list[Callable[[datetime], None]] = field(default_factory=list)  # called after every round

    def now(self) -> datetime:
        """Tell the replay's time."""
        return self.clock.now()

    def run(self, until: datetime, *, step: timedelta = timedelta(minutes=1), restarts: bool = False) -> None:
        """Live until an instant; with `restarts`, as if the program were started anew every day.

        Args:
            until: Aware.
            step: The longest between two looks round.
            restarts: A restart forgets what is not stored.
        """
        next_hour = self.now() + HOUR
        next_start = self.now() + timedelta(days=1)
        while self.now() < until:
            self.look_round()
            if self.now() >= next_hour:
                self.keep_days()
                next_hour = self.now() + HOUR
            if restarts and self.now() >= next_start:
                self.database.close()
                next_start = self.now() + timedelta(days=1)
            for watch in self.watchers:
                watch(self.now())
            self._sleep(until, next_hour, step)

    def look_round(self) -> None:
        """Fetch what is due, and complete what lacks something."""
        with self.database.reading() as connection:
            due = shelf.due_sources(connection, self.now())
        for source in due:
            outcome = refresh_source(
                self.database,
                self.web,
                source.key,
                run=f"{source.key}@{self.now():%Y%m%dT%H%M%S.%f}",
                clock=self.now,
                dice=self.dice.random,
            )
            self.outcomes.append((self.now(), outcome))
        with self.database.reading() as connection:
            waiting = completing.stages(connection, now=self.now())
            services = {one.connector: one for one in shelf.services(connection)}
        for scheme, stage, _ in waiting:
            service = services.get(CHAINS[scheme][stage])
            if service is None or service.next_due_at is None or service.next_due_at <= self.now():
                complete_papers(
                    self.database,
                    self.web,
                    scheme=scheme,
                    stage=stage,
                    clock=self.now,
                    dice=self.dice.random,
                )

    def keep_days(self) -> None:
        """Judge arXiv's days, fill in what was missed, and hold the rest against arXiv's lists."""
        for missed in missed_days(self.database, now=self.now()):
            done = heal_day(self.database, self.web, missed.key, missed.day, clock=self.now)
            self.healed.append((missed.key, missed.day, done))
        for key, _ in unreconciled(self.database, now=self.now()):
            self.reconciled.append(reconcile(self.database, self.web, key, clock=self.now))

    def _sleep(self, until: datetime, next_hour: datetime, step: timedelta) -> None:
        """Go on to the next moment at which anything can be due."""
        with self.database.reading() as connection:
            turns = [
                one.next_due_at for one in shelf.subscriptions(connection) if one.next_due_at is not None
            ]
        soonest = min([until, next_hour, *turns])
        self.clock.travel(max(soonest, self.now() + step))


@contextmanager
def simulation(folder: Path, replay: Replay, *, seed: int = 0) -> Iterator[Simulation]:
    """Build a hub in a folder that lives in a replayed web."""
    database = Database(f"sqlite:///{folder / 'hub.sqlite'}")
    migrate(database)
    web = Fetcher(
        gate=ReplayGate(replay.clock),
        contact="evaluation@example.org",
        version="evaluation",
        replay=replay.address,
        limits=Limits(connect_seconds=2.0, read_seconds=2.0, total_seconds=6.0),
        sleep=lambda _: None,
    )
    try:
        yield Simulation(database, web, replay.clock, random.Random(seed))  # noqa: S311  no secret
    finally:
        web.close()
        database.close()


def at_home(on: date, hour: int = 0) -> datetime:
    """Give an hour of a day in UTC."""
    return datetime(on.year, on.month, on.day, hour, tzinfo=UTC)
