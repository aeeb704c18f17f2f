"""A shelf for tests: a migrated database and the few steps that flows do with it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.db.engine import Database
from academichub.db.migrate import migrate
from academichub.db.tables import day_tallies, works
from academichub.flows.joining import join_by_name
from academichub.flows.shelving import Tray
from academichub.intake.judging import judge
from academichub.model.shelf import FeedQuery
from academichub.store import reading
from academichub.store import sources as shelf
from academichub.store.almanac import Almanac
from academichub.store.shelving import Shelving
from tests.fakes.drafts import DAY, NOW

if TYPE_CHECKING:
    from datetime import date, datetime

    from academichub.model.papers import Draft, Verdict
    from academichub.model.shelf import FeedPage


class TestShelf:
    """Put drafts on a real shelf, batch by batch."""

    __test__ = False  # not a test class, whatever its name says

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        migrate(self.database)
        self.source_id = self.add_source("arxiv:cs.LG")

    def add_source(self, key: str, *, kind: str = "arxiv") -> int:
        with self.database.writing() as connection:
            shelf.add_source(
                connection, key=key, kind=kind, title=key, url=f"https://x.example/{key}", now=NOW
            )
            return shelf.subscription(connection, key).source_id

    def put(self, *drafts: Draft, source_id: int | None = None, now: datetime = NOW) -> list[Verdict]:
        with self.database.shelving() as connection:
            shelving = Shelving(
                connection,
                self.database,
                source_id=source_id or self.source_id,
                now=now,
                size=len(drafts),
            )
            lookalikes = shelving.lookalikes(drafts)
            tray = Tray(shelving, provider="arxiv")
            verdicts = []
            for draft in drafts:
                verdict = judge(draft, lookalikes.of(draft))
                tray.take(draft, verdict)
                verdicts.append(verdict)
            shelving.close()
            join_by_name(connection, tray.joins, now=now)
            return verdicts

    def page(self, query: FeedQuery | None = None, *, today: date = DAY) -> FeedPage:
        with self.database.reading() as connection:
            return reading.feed_page(
                connection, query or FeedQuery(), today=today, almanac=Almanac(), revision=0
            )

    def recounted_tallies(self) -> dict[tuple[object, str, str], tuple[int, int]]:
        """Count every tally again from the works themselves."""
        counted: Counter[tuple[object, str, str]] = Counter()
        minutes: Counter[tuple[object, str, str]] = Counter()
        with self.database.reading() as connection:
            for row in connection.execute(sa.select(works)):
                facets = [("all", ""), ("venue", row.venue), ("kind", row.kind)]
                for facet, value in facets + [("category", name) for name in row.categories]:
                    counted[row.listed_on, facet, value] += 1
                    minutes[row.listed_on, facet, value] += row.minutes
        return {key: (count, minutes[key]) for key, count in counted.items()}

    def stored_tallies(self) -> dict[tuple[object, str, str], tuple[int, int]]:
        with self.database.reading() as connection:
            return {
                (row.listed_on, row.facet, row.value): (row.works, row.minutes)
                for row in connection.execute(sa.select(day_tallies))
                if row.works and row.facet != "revised"
            }

    def count(self, table: sa.Table) -> int:
        with self.database.reading() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())

    def close(self) -> None:
        self.database.close()
