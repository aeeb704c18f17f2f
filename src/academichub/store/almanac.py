"""What stands around a day's cards: the days, the facets, the revisions, the sources' accounts.

It is the same for every page, filter and language of a day, and changes only when the pages' revision does;
so it is read once a revision and kept.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from academichub.model.shelf import DayCount, Facet, Health, RevisedRow, SourceNote
from academichub.store import questions as ask
from academichub.store.announcements import on_day
from academichub.store.sources import FAILING_AFTER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import sqlalchemy as sa

    from academichub.model.shelf import AnnouncedDay, FeedPage, FeedQuery
    from academichub.store.rows import SqlRow

STRIP_DAYS = 30
MOST_FACETS = 40
DAYS_KEPT = 64
PAGES_KEPT = 32  # of some 100 kB: the same page in another language, density or theme reads nothing again


@dataclass(frozen=True, slots=True)
class Days:
    """All days with works, oldest first, and how many each lists."""

    on: tuple[date, ...]
    works: tuple[int, ...]

    @property
    def latest(self) -> date | None:
        """The last day with works."""
        return self.on[-1] if self.on else None

    def earlier(self, day: date) -> date | None:
        """The nearest day before."""
        place = bisect_left(self.on, day)
        return self.on[place - 1] if place else None

    def later(self, day: date) -> date | None:
        """The nearest day after."""
        place = bisect_right(self.on, day)
        return self.on[place] if place < len(self.on) else None

    def strip(self, day: date, *, today: date) -> tuple[DayCount, ...]:
        """Thirty days with the given one among them, ending today at the latest, oldest first."""
        end = max(day, min(today, day + timedelta(days=STRIP_DAYS - 1)))
        first = end - timedelta(days=STRIP_DAYS - 1)
        counted = dict(
            zip(
                self.on[bisect_left(self.on, first) :], self.works[bisect_left(self.on, first) :], strict=True
            )
        )
        days = (first + timedelta(days=step) for step in range(STRIP_DAYS))
        return tuple(DayCount(one, counted.get(one, 0)) for one in days)


@dataclass(frozen=True, slots=True)
class Around:
    """One day's surroundings."""

    categories: tuple[Facet, ...]
    venues: tuple[Facet, ...]
    kinds: tuple[Facet, ...]
    totals: Mapping[tuple[str, str], tuple[int, int]]  # (facet, value): works and minutes
    revised: tuple[RevisedRow, ...]
    revised_total: int
    notes: tuple[SourceNote, ...]
    announced: tuple[AnnouncedDay, ...]


class Almanac:
    """Keeps what was read of a revision. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._revision: int | None = None
        self._days: Days | None = None
        self._around: OrderedDict[tuple[date, bool], Around] = OrderedDict()
        self._pages: OrderedDict[tuple[FeedQuery, date], FeedPage] = OrderedDict()

    def days(self, connection: sa.Connection, revision: int) -> Days:
        """Give all days with works."""
        with self._lock:
            self._turn_to(revision)
            if self._days is None:
                rows = connection.execute(ask.DAYS).all()
                self._days = Days(tuple([row.listed_on for row in rows]), tuple([row.works for row in rows]))
            return self._days

    def around(self, connection: sa.Connection, revision: int, on: date, *, is_current: bool) -> Around:
        """Give one day's surroundings; of the current day also how the sources are doing now."""
        with self._lock:
            self._turn_to(revision)
            found = self._around.get((on, is_current))
            if found is None:
                found = self._around[on, is_current] = _read_around(connection, on, is_current=is_current)
                if len(self._around) > DAYS_KEPT:
                    self._around.popitem(last=False)
            return found

    def page(self, revision: int, query: FeedQuery, today: date) -> FeedPage | None:
        """Give a page that was kept at this revision."""
        with self._lock:
            self._turn_to(revision)
            return self._pages.get((query, today))

    def keep(self, revision: int, query: FeedQuery, today: date, page: FeedPage) -> None:
        """Keep a page, unless the revision has moved on since it was read."""
        with self._lock:
            if revision == self._revision:
                self._pages[query, today] = page
                if len(self._pages) > PAGES_KEPT:
                    self._pages.popitem(last=False)

    def _turn_to(self, revision: int) -> None:
        if revision != self._revision:
            self._revision, self._days = revision, None
            self._around.clear()
            self._pages.clear()


def _read_around(connection: sa.Connection, on: date, *, is_current: bool) -> Around:
    facets: dict[str, list[Facet]] = {}
    totals: dict[tuple[str, str], tuple[int, int]] = {}
    for facet, value, works, minutes in connection.execute(ask.FACETS, {"day": on}):
        totals[facet, value] = (works, minutes)
        kept = facets.setdefault(facet, [])
        if len(kept) < MOST_FACETS:
            kept.append(Facet(value, works))
    revised_total = totals.get(("revised", ""), (0, 0))[0]
    revised = connection.execute(ask.REVISED, {"day": on}).all() if revised_total else ()
    return Around(
        categories=tuple(facets.get("category", ())),
        venues=tuple(facets.get("venue", ())),
        kinds=tuple(facets.get("kind", ())),
        totals=totals,
        revised=tuple(_revised_of(row) for row in revised),
        revised_total=revised_total,
        notes=tuple(
            note
            for row in connection.execute(ask.NOTES, {"day": on})
            if (note := _note_of(row, is_current=is_current)) is not None
        ),
        announced=tuple(on_day(connection, on)),
    )


def _revised_of(row: SqlRow) -> RevisedRow:
    return RevisedRow(
        work_id=row.id,
        title_html=row.title_html,
        language=row.language,
        version=row.version if row.counts_versions else None,
        venue=row.venue,
        listed_on=row.listed_on,
    )


def _note_of(row: SqlRow, *, is_current: bool) -> SourceNote | None:
    """Say what a source did on a day; None where there is nothing to say.

    On the latest day readers also learn of a source that is failing now, whenever it last answered, and
    of one that was never asked. A past day says only what happened on it.
    """
    was_asked = row.good is not None
    next_try_at = error_code = None
    if is_current and row.failures:
        health = Health.FAILING if row.failures >= FAILING_AFTER else Health.LATE
        next_try_at, error_code = row.next_due_at, row.error_code
    elif was_asked:
        health = Health.OK if row.good else Health.QUIET if row.quiet else Health.FAILING
    elif is_current and row.last_try_at is None:
        health = Health.NEVER
    else:
        return None
    return SourceNote(
        key=row.key,
        title=row.title,
        health=health,
        received=row.received or 0,
        new=row.new or 0,
        rejected=row.rejected or 0,
        next_try_at=next_try_at,
        error_code=error_code,
    )
