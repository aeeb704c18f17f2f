"""Fill in the days that a feed missed, and hold what came against what arXiv says it announced."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from academichub.errors import AcademicHubError
from academichub.fetch.client import Ask
from academichub.flows.harvesting import Harvest, harvest
from academichub.flows.honesty import judge_source_day
from academichub.flows.refreshing import OURS
from academichub.flows.shelving import shelve
from academichub.model.shelf import Account, FetchStatus
from academichub.sources import arxivcalendar, timing
from academichub.sources.announced import announced
from academichub.sources.arxivlisting import listing_step, read_listing
from academichub.sources.connectors import connector
from academichub.sources.limits import DEFAULT_LIMITS
from academichub.sources.oaiarxiv import category_scope
from academichub.store import announcements, log
from academichub.store import sources as shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from academichub.db.engine import Database
    from academichub.flows.harvesting import Harvested
    from academichub.flows.refreshing import Asks
    from academichub.model.shelf import AnnouncedDay
    from academichub.sources.arxivlisting import Listing
    from academichub.store.sources import Subscription

DAYS_BACK: Final = 10  # how far back a missed day is looked for
AGAIN_AFTER: Final = timedelta(hours=6)  # a harvest that did not come through is sent for again
OVERLAP: Final = timedelta(days=1)  # the archive dates by a clock of its own
RECONCILED: Final = frozenset({"there", "healed"})
SETTLED: Final = frozenset({"there", "healed", "weekend", "holiday", "quiet"})


@dataclass(frozen=True, slots=True)
class Missed:
    """A day of a source that is to be filled in."""

    key: str
    day: date


def missed_days(database: Database, *, now: datetime) -> list[Missed]:
    """Judge the last days of arXiv's feeds anew, and list those that nothing came for.

    A day that a harvest was sent for in the last hours is left out.
    """
    found: list[Missed] = []
    today = timing.arxiv_day(now)
    with database.writing() as connection:
        for source, created_at in shelf.arxiv_sources(connection):
            since = max(today - timedelta(days=DAYS_BACK), timing.arxiv_day(created_at))
            known = announcements.days_of(connection, source_id=source.source_id, since=since)
            for back in range((today - since).days, -1, -1):
                day = today - timedelta(days=back)
                if not arxivcalendar.mailing_day(day).may_bring_papers:
                    continue
                kept = known.get(day)
                if kept is not None and kept.verdict in SETTLED:
                    continue
                verdict = judge_source_day(
                    connection, source.source_id, day, now=now, next_due_at=source.next_due_at
                )
                is_sent = kept is not None and kept.healing_at and now - kept.healing_at < AGAIN_AFTER
                if verdict == "missed" and not is_sent:
                    announcements.note_healing(connection, source.source_id, day, now=now)
                    found.append(Missed(source.key, day))
        log.touch_pages(connection)
    return found


def heal_day(
    database: Database, web: Asks, key: str, day: date, *, clock: Callable[[], datetime]
) -> Harvested:
    """Harvest what arXiv's archive has of a day that the feed missed.

    Raises:
        SourceUnknown: The source was removed.
        StoreUnreachable: The database went away; the harvest goes on when it is asked for again.
    """
    with database.reading() as connection:
        source = shelf.subscription(connection, key)
    wanted = Harvest(
        source=source,
        connector=connector("oai"),
        scope=oai_scope(source),
        run=f"{key}@heal:{day}",
        purpose="heal",
        since=day - OVERLAP,
        until=day,
    )
    done = harvest(database, web, wanted, clock=clock)
    if done.status is not FetchStatus.OK:
        return done
    with database.writing() as connection:
        stored = announcements.stored_on(connection, source.source_id, day)
        announcements.note_healed(connection, source.source_id, day, stored=stored)
        log.touch_pages(connection)
    return done


def oai_scope(source: Subscription) -> str:
    """Name arXiv's archive of a source's category, as `sources.oai` takes it."""
    return category_scope(source.key.removeprefix("arxiv:"))


# -- reconciling ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What arXiv's own list of a day said, against what is on the shelves."""

    key: str
    day: date | None
    missing: tuple[str, ...]  # identifiers that the list has and the shelves had not
    account: Account  # of fetching those
    error: AcademicHubError | None = None


def reconcile(database: Database, web: Asks, key: str, *, clock: Callable[[], datetime]) -> Reconciled:
    """Read arXiv's daily list of a category, note its counts, and fetch by identifier what is missing.

    A feed is cut at 2,000 rows, and drops the new papers first; the list is not.

    Raises:
        SourceUnknown: The source was removed.
        StoreUnreachable: The database went away.
    """
    with database.reading() as connection:
        source = shelf.subscription(connection, key)
    step = listing_step(key.removeprefix("arxiv:"))
    try:
        reply = web.get(Ask(url=step.url, accept=step.accept), now=clock())
        listing = read_listing(reply.body, DEFAULT_LIMITS)
        missing = _note_listing(database, source, listing)
        account = _fetch_missing(database, web, source, listing, missing, clock=clock)
    except AcademicHubError as error:
        if isinstance(error, OURS):
            raise
        return Reconciled(key, None, (), Account(), error)
    return Reconciled(key, listing.announced_on, tuple(missing), account)


def unreconciled(database: Database, *, now: datetime) -> list[tuple[str, date]]:
    """List today's batches of which the own list has not been read, or has more: (source's key, day)."""
    today = timing.arxiv_day(now)
    with database.reading() as connection:
        days = announcements.on_day(connection, today)
    return [(one.source_key, today) for one in days if one.verdict in RECONCILED and _is_short(one)]


def _is_short(day: AnnouncedDay) -> bool:
    # Replacements are not looked at: a feed leaves out the later ones, though their papers are here.
    return day.said_new is None or day.stored_new + day.stored_cross < day.said_new + (day.said_cross or 0)


def _note_listing(database: Database, source: Subscription, listing: Listing) -> list[str]:
    sections = (listing.new, listing.cross, listing.replace)
    counts = [len(one.ids) if one.count_said is None else one.count_said for one in sections]
    with database.writing() as connection:
        if listing.announced_on is not None:
            announcements.note_said(
                connection,
                source.source_id,
                listing.announced_on,
                new=counts[0],
                cross=counts[1],
                replace=counts[2],
            )
        log.touch_pages(connection)
        return announcements.not_on_shelf(connection, [one.id for part in sections for one in part.ids])


def _fetch_missing(
    database: Database,
    web: Asks,
    source: Subscription,
    listing: Listing,
    missing: Sequence[str],
    *,
    clock: Callable[[], datetime],
) -> Account:
    api = connector("arxivapi")
    day = listing.announced_on
    if not missing or day is None or api.lookup is None:
        return Account()
    kinds = {one.id: "new" for one in listing.new.ids}
    kinds |= {one.id: "cross" for one in listing.cross.ids} | {
        one.id: "replace" for one in listing.replace.ids
    }
    total = Account()
    for start in range(0, len(missing), api.most_lookups):
        asked = missing[start : start + api.most_lookups]
        step = api.lookup(asked)
        reply = web.get(Ask(url=step.url, accept=step.accept), now=clock())
        feed = api.read(reply.body, step, DEFAULT_LIMITS).feed
        records = tuple(announced(one, kinds, day) for one in feed.records)
        fingerprint = hashlib.sha256(reply.body).hexdigest()
        now = clock()
        with database.writing() as connection:
            fetch = log.open_fetch(
                connection,
                source_id=source.source_id,
                # The API may know a paper an hour later: other bytes are another fetch.
                run=f"{source.key}@missing:{day}:{fingerprint[:16]}",
                address=reply.url,
                fingerprint=fingerprint,
                byte_count=len(reply.body),
                now=now,
            )
        if not fetch.is_finished:
            shelve(database, replace(feed, records=records), fetch, now=now, provider="arxivapi")
        with database.writing() as connection:
            total += log.finish_fetch(
                connection,
                fetch,
                status=FetchStatus.OK if records or feed.rejected else FetchStatus.EMPTY,
                now=clock(),
                http_status=reply.status,
                elapsed_ms=reply.elapsed_ms,
                received=log.Received.ADDS_UP,
            )
            stored = announcements.stored_on(connection, source.source_id, day)
            announcements.note_stored(connection, source.source_id, day, stored=stored)
    return total
