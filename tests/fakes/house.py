"""A hub's insides for tests of flows: a migrated database, a scripted web, a clock that stands still."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.db.engine import Database
from academichub.db.migrate import migrate
from academichub.flows.refreshing import Outcome, refresh_source
from academichub.flows.subscribing import subscribe
from academichub.model.shelf import FeedQuery
from academichub.store import reading
from academichub.store import sources as shelf
from academichub.store.almanac import Almanac

if TYPE_CHECKING:
    from datetime import date

    from academichub.fetch.client import Fetcher
    from academichub.flows.refreshing import Asks
    from academichub.model.shelf import FeedPage, FetchRow, QuarantineRow, SourceRow

# A Friday, half an hour after arXiv's batch of the day is there (00:15 in New York).
FRIDAY = datetime(2026, 6, 19, 4, 45, tzinfo=UTC)
SCRIPT = "//rss.arxiv.org/rss/cs.LG"
KEY = "arxiv:cs.LG"


@dataclass(slots=True)
class StillClock:
    """A clock that moves only when it is told to."""

    now: datetime = FRIDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass(slots=True)
class House:
    """Lead answers through the house, and look at what is left of them."""

    database: Database
    fetcher: Fetcher
    clock: StillClock = field(default_factory=StillClock)
    dice: float = 0.0
    runs: int = 0

    @classmethod
    def build(cls, url: str, fetcher: Fetcher) -> House:
        database = Database(url)
        migrate(database)
        return cls(database, fetcher)

    def subscribe(self, name: str = KEY) -> str:
        return subscribe(self.database, name, now=self.clock())

    def refresh(
        self, key: str = KEY, *, run: str | None = None, web: Asks | None = None, **more: Any
    ) -> Outcome:
        self.runs += 1
        return refresh_source(
            self.database,
            web or self.fetcher,
            key,
            run=run or f"{key}@{self.runs}",
            clock=self.clock,
            dice=lambda: self.dice,
            **more,
        )

    def row(self, key: str = KEY) -> SourceRow:
        with self.database.reading() as connection:
            return shelf.source_rows(connection, now=self.clock(), key=key)[0]

    def log(self, key: str = KEY) -> list[FetchRow]:
        with self.database.reading() as connection:
            return shelf.source_log(connection, shelf.subscription(connection, key).source_id)

    def quarantine(self, key: str = KEY) -> list[QuarantineRow]:
        with self.database.reading() as connection:
            return shelf.quarantined(connection, shelf.subscription(connection, key).source_id)

    def page(self, on: date | None = None) -> FeedPage:
        with self.database.reading() as connection:
            return reading.feed_page(
                connection,
                FeedQuery(on=on, size=200),
                today=self.clock().date(),
                almanac=Almanac(),
                revision=0,
            )

    def rows(self, table: sa.Table) -> list[sa.Row[Any]]:
        with self.database.reading() as connection:
            return list(connection.execute(sa.select(table).order_by(*table.primary_key.columns)))
