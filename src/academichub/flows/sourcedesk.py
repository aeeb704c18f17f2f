"""Everything that doors may ask about sources, their past, and works that may be one: a part of the hub."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from academichub.flows import backfilling, duties, finding, subscribing
from academichub.flows.completing import complete_papers
from academichub.flows.refreshing import refresh_source
from academichub.flows.reviewing import decide, undo_merge
from academichub.store import merging, reviewing
from academichub.store import sources as shelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from academichub.db.engine import Database
    from academichub.fetch.client import Fetcher
    from academichub.flows.backfilling import BackfillPlan
    from academichub.flows.completing import Completion
    from academichub.flows.harvesting import Harvested
    from academichub.flows.refreshing import Outcome
    from academichub.jobs.desk import Desk
    from academichub.model.kinship import ReviewPage
    from academichub.model.shelf import CatalogueRow, FieldRow, FoundFeed, OpmlReport


class SourceDesk(ABC):
    """Sources: subscribe, find, fetch, fill in the past; and settle which works are one. The hub is one."""

    database: Database
    clock: Callable[[], datetime]

    @property
    @abstractmethod
    def desk(self) -> Desk:
        """The counter where jobs are ordered."""

    @abstractmethod
    def make_fetcher(self) -> Fetcher:
        """Make the polite client of this hub."""

    @abstractmethod
    def allowed_addresses(self) -> frozenset[str]:
        """Name the private "host:port" pairs that may be fetched."""

    # -- sources ----------------------------------------------------------------------------------

    def add_source(self, url: str, *, now: datetime) -> str:
        """Subscribe a category, a catalogue key or an address; give its key."""
        key = subscribing.subscribe(self.database, url, now=now, allow=self.allowed_addresses())
        self.fetch_now(key, now=now)
        return key

    def catalogue(self, words: str, *, field: str = "", access: str = "") -> tuple[CatalogueRow, ...]:
        """Search the catalogue of sources; all of it where nothing is asked for."""
        return finding.search_catalogue(self.database, words, field=field, access=access)

    def fields(self) -> tuple[FieldRow, ...]:
        """List the broad fields of the catalogue."""
        return finding.broad_fields()

    def discover(self, url: str) -> tuple[FoundFeed, ...]:
        """Ask an address what feeds it offers, or is. Raises FetchError."""
        web = self.make_fetcher()
        try:
            return finding.find_feeds(web, url, now=self.clock(), allow=self.allowed_addresses())
        finally:
            web.close()

    def import_opml(self, body: bytes, *, now: datetime) -> OpmlReport:
        """Subscribe everything in a file of subscriptions. Raises FeedError."""
        return finding.import_opml(self.database, body, now=now, allow=self.allowed_addresses())

    def export_opml(self, *, now: datetime) -> bytes:
        """Write all subscriptions as OPML."""
        return finding.export_opml(self.database, now=now)

    def subscribe_starters(self, *, now: datetime) -> int:
        """Subscribe the starter sources of an empty hub; give how many."""
        return subscribing.subscribe_starters(self.database, now=now)

    def remove_source(self, key: str) -> None:
        """Forget a source; its papers stay. Raises SourceUnknown."""
        with self.database.writing() as connection:
            shelf.remove_source(connection, key)

    def pause(self, key: str, *, paused: bool, now: datetime) -> None:
        """Stop fetching a source, or start again. Raises SourceUnknown."""
        with self.database.writing() as connection:
            shelf.pause(connection, key, is_paused=paused, now=now)

    def fetch_now(self, key: str | None, *, now: datetime) -> int:
        """Order a refresh of one source, or of all that are not paused; give how many were ordered.

        The worker does the work; nothing is fetched inside this call. Raises SourceUnknown.
        """
        with self.database.writing() as connection:
            if key is not None:
                shelf.subscription(connection, key)
            shelf.ask_now(connection, None if key is None else [key], now)
            wanted = [
                source
                for source in shelf.subscriptions(connection)
                if (key is None and not source.is_paused) or source.key == key
            ]
        return duties.send_for(self.database, self.desk, wanted, now=now)

    def send_for_due(self, *, now: datetime) -> int:
        """Order a refresh of every source whose time has come; give how many."""
        with self.database.reading() as connection:
            due = shelf.due_sources(connection, now)
        return duties.send_for(self.database, self.desk, due, now=now)

    def has_sources(self) -> bool:
        """Tell whether any source is subscribed; files are none."""
        with self.database.reading() as connection:
            return bool(shelf.subscriptions(connection))

    def active_keys(self) -> tuple[str, ...]:
        """List the keys of the sources that are not paused."""
        with self.database.reading() as connection:
            return tuple(one.key for one in shelf.subscriptions(connection) if not one.is_paused)

    def refresh(self, key: str, *, progress: Callable[[int], None] | None = None) -> Outcome:
        """Fetch one source here and now, behind the same gates as the workers. Raises SourceUnknown."""
        web = self.make_fetcher()
        try:
            return refresh_source(
                self.database,
                web,
                key,
                run=f"{key}@hand:{self.clock():%Y%m%dT%H%M%S.%f}",
                clock=self.clock,
                dice=random.random,
                progress=progress,
            )
        finally:
            web.close()

    # -- the past ---------------------------------------------------------------------------------

    def backfill_plan(self, key: str, *, since: date, until: date) -> BackfillPlan:
        """Say how a source's past can be had. Raises SourceUnknown, BackfillImpossible."""
        return backfilling.plan(self.database, key, since=since, until=until, now=self.clock())

    def backfill(
        self,
        key: str,
        *,
        since: date,
        until: date,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> Harvested:
        """Harvest a stretch of a source's past, here and now. Raises SourceUnknown, BackfillImpossible."""
        web = self.make_fetcher()
        try:
            return backfilling.backfill(
                self.database, web, key, since=since, until=until, clock=self.clock, progress=progress
            )
        finally:
            web.close()

    def complete(self, *, scheme: str, stage: int) -> Completion:
        """Ask one provider, here and now, about papers that lack something."""
        web = self.make_fetcher()
        try:
            return complete_papers(
                self.database, web, scheme=scheme, stage=stage, clock=self.clock, dice=random.random
            )
        finally:
            web.close()

    # -- one work or two --------------------------------------------------------------------------

    def review(self) -> ReviewPage:
        """Read the doubtful pairs and the merge log."""
        with self.database.reading() as connection:
            return reviewing.review_page(connection)

    def decide(self, doubt_id: int, *, is_same: bool, now: datetime) -> int:
        """Settle a doubtful pair; give the work that stays. Raises DoubtUnknown."""
        return decide(self.database, doubt_id, is_same=is_same, now=now)

    def undo_merge(self, merge_id: int, *, now: datetime) -> int:
        """Take a merge back; give the work that is back. Raises MergeUnknown."""
        return undo_merge(self.database, merge_id, now=now)

    def where_it_went(self, work_id: int) -> int | None:
        """Follow a work that was merged to the one that holds it now."""
        with self.database.reading() as connection:
            return merging.where_it_went(connection, work_id)
