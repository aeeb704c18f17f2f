"""Ask a source, and shelve what it answers. Everything that can go wrong ends in the log."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from academichub.errors import AcademicHubError, SourceUnknown, StoreUnreachable
from academichub.fetch.client import Ask
from academichub.flows.answers import read_answer
from academichub.flows.checking import check_error, check_feed
from academichub.flows.harvesting import Harvest, harvest
from academichub.flows.honesty import has_batch, judge_today
from academichub.flows.policies import other_way, patience_of, policy_of
from academichub.flows.shelving import shelve
from academichub.model.shelf import Account, FetchStatus
from academichub.sources import policy, timing
from academichub.sources.connectors import connector
from academichub.store import harvests, log
from academichub.store import sources as shelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from academichub.db.engine import Database
    from academichub.fetch.client import Reply
    from academichub.flows.harvesting import Harvested
    from academichub.model.papers import Feed
    from academichub.store.log import OpenFetch
    from academichub.store.sources import Subscription

HTTP_NOT_MODIFIED = 304
# Troubles of the hub itself; every other error is the source's, and goes into its log.
OURS = (StoreUnreachable, SourceUnknown)
FIRST_HARVEST = timedelta(days=7)  # what a newly subscribed service is asked for
OVERLAP = timedelta(days=1)  # servers date by their own clock, and index late
WAY_ROUND_AGAIN = timedelta(hours=1)  # after the other server failed that is asked for a parked source


class Asks(Protocol):
    """What this flow needs of `fetch`."""

    def get(self, ask: Ask, *, now: datetime) -> Reply:
        """Make one polite request."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a refresh ended."""

    key: str
    status: FetchStatus
    account: Account
    next_due_at: datetime | None
    error: AcademicHubError | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """What one refresh works with."""

    database: Database
    web: Asks
    source: Subscription
    run: str
    clock: Callable[[], datetime]
    dice: Callable[[], float]
    progress: Callable[[int], None] | None


def refresh_source(
    database: Database,
    web: Asks,
    key: str,
    *,
    run: str,
    clock: Callable[[], datetime],
    dice: Callable[[], float],
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Fetch one source, shelve its entries, and set its next turn.

    A journal whose server refuses us is asked for through Crossref while it is left alone.

    Args:
        database: The hub's database.
        web: The polite client.
        key: The source.
        run: A name for this refresh. Running it again under the same name continues an interrupted one
            where the same bytes come back, and asks nobody where it was finished.
        clock: The present, UTC.
        dice: Random numbers in [0, 1) for spreading turns.
        progress: Called with the number of entries done after each batch.

    Raises:
        SourceUnknown: There is no such source, or it was removed in the meantime; files are none.
        StoreUnreachable: The database went away; nothing of the open batch was kept.
    """
    with database.reading() as connection:
        source = shelf.subscription(connection, key)
        finished = log.finished_run(connection, run)
    if source.kind in shelf.UNFETCHED:
        raise SourceUnknown(source=key, suggestion=None)
    if finished is not None and source.kind != "api":
        return Outcome(key, *finished, source.next_due_at or clock())
    this = Round(database, web, source, run, clock, dice, progress)
    if source.kind == "api":
        return _harvest_newest(this, source.connector, source.scope)
    way = other_way(source)
    patience = patience_of(source)
    if way is not None and patience.needs_another_way and patience.is_parked(clock()):
        return _harvest_newest(this, *way, parked_until=patience.parked_until)
    started_at = clock()
    try:
        reply = web.get(Ask(source.url, etag=source.etag, last_modified=source.last_modified), now=started_at)
        return _take_in(this, reply)
    except AcademicHubError as error:
        if isinstance(error, OURS):
            raise
        return _note_failure(this, error)


# -- feeds ----------------------------------------------------------------------------------------


def _take_in(this: Round, reply: Reply) -> Outcome:
    database, source, clock = this.database, this.source, this.clock
    fingerprint = hashlib.sha256(reply.body).hexdigest() if reply.body else None
    is_same = reply.status == HTTP_NOT_MODIFIED or fingerprint == source.fingerprint
    feed = None if is_same else read_answer(reply.body, content_type=reply.content_type, base=reply.url)
    fetch = _open(this, reply, fingerprint=fingerprint)
    if feed is not None:
        shelve(
            database,
            feed,
            fetch,
            now=clock(),
            provider=feed.provider or source.kind,
            progress=this.progress,
        )
    now = clock()
    checked = None if feed is None or source.is_checked else check_feed(feed, reply, now=now)
    with database.writing() as connection:
        log.hold(connection, fetch)
        account = log.finish_fetch(
            connection,
            fetch,
            status=_status(feed),
            now=now,
            http_status=reply.status,
            elapsed_ms=reply.elapsed_ms,
        )
        wishes = timing.wishes_of(
            feed,
            max_age_seconds=reply.max_age_seconds,
            retry_after_seconds=reply.retry_after_seconds,
            entries_last_week=shelf.new_since(connection, source.source_id, now.date() - timedelta(days=7)),
        )
        due = timing.next_turn(
            policy_of(source),
            wishes=wishes,
            has_batch=has_batch(connection, source, feed, now=now),
            now=now,
            dice=this.dice(),
        )
        judge_today(connection, source, feed, now=now, next_due_at=due)
        shelf.note_answer(
            connection,
            source.source_id,
            now=now,
            next_due_at=due,
            elapsed_ms=reply.elapsed_ms,
            etag=reply.etag,
            last_modified=reply.last_modified,
            fingerprint=fingerprint,
            title=_better_title(source, feed),
            url=reply.moved_permanently_to,
            checked=checked,
        )
    return Outcome(source.key, _status(feed), account, due)


def _open(this: Round, reply: Reply, *, fingerprint: str | None) -> OpenFetch:
    # The bytes are part of the name: a retry that brings another body is another fetch.
    name = f"{this.run}:{fingerprint[:16]}" if fingerprint else this.run
    source, now = this.source, this.clock()
    with this.database.writing() as connection:
        shelf.subscription(connection, source.key)  # it may have been removed while we asked
        log.close_interrupted(connection, source.source_id, but_run=name, now=now)
        return log.open_fetch(
            connection,
            source_id=source.source_id,
            run=name,
            address=reply.url,
            fingerprint=fingerprint,
            byte_count=len(reply.body),
            now=now,
        )


def _status(feed: Feed | None) -> FetchStatus:
    if feed is None:
        return FetchStatus.UNCHANGED
    return FetchStatus.OK if feed.records or feed.rejected else FetchStatus.EMPTY


def _better_title(source: Subscription, feed: Feed | None) -> str | None:
    """Take the channel's own title for an address that somebody typed in; catalogued names stay."""
    is_typed = source.key.startswith("feed:")
    return feed.title.strip()[:200] if is_typed and feed is not None and feed.title.strip() else None


# -- services -------------------------------------------------------------------------------------


def _harvest_newest(this: Round, name: str, scope: str, *, parked_until: datetime | None = None) -> Outcome:
    """Harvest what a server has added since the last time; an interrupted harvest is finished first."""
    source, started_at = this.source, this.clock()
    since = (source.harvested_to - OVERLAP) if source.harvested_to else started_at.date() - FIRST_HARVEST
    run = f"{source.key}@harvest:{since}:{started_at:%Y%m%dT%H%M%S.%f}"
    with this.database.reading() as connection:
        left = harvests.newest_unfinished(connection, source.source_id, purpose="refresh")
    if left is not None:
        run, since, started_at = left.run, left.since or since, left.started_at
    wanted = Harvest(
        source=source,
        connector=connector(name),
        scope=scope,
        run=run,
        purpose="refresh",
        since=since,
        until=None,
    )
    done = harvest(this.database, this.web, wanted, clock=this.clock, progress=_counting(this.progress))
    if done.error is not None:
        return _note_failure(this, done.error, account=done.account, parked_until=parked_until)
    # What was added while the harvest went on may be in it or not: the next one begins where this one began.
    return _note_harvest(this, done, upto=started_at.date(), parked_until=parked_until)


def _note_harvest(this: Round, done: Harvested, *, upto: date, parked_until: datetime | None) -> Outcome:
    source, now = this.source, this.clock()
    with this.database.writing() as connection:
        wishes = timing.wishes_of(
            None,
            entries_last_week=shelf.new_since(connection, source.source_id, now.date() - timedelta(days=7)),
        )
        due = timing.next_turn(
            policy_of(source) if source.kind == "api" else policy.policy_for("api"),
            wishes=wishes,
            has_batch=True,
            now=now,
            dice=this.dice(),
        )
        due = min(due, parked_until) if parked_until is not None else due
        checked = (
            None if source.is_checked or not done.seen else {"at": now.isoformat(), "entries": done.seen}
        )
        shelf.note_answer(
            connection,
            source.source_id,
            now=now,
            next_due_at=due,
            elapsed_ms=done.elapsed_ms // max(done.pages, 1),
            harvested_to=upto,
            checked=checked,
            keeps_patience=parked_until is not None,
        )
        log.touch_pages(connection)
    status = FetchStatus.OK if done.seen else FetchStatus.EMPTY
    return Outcome(source.key, status, done.account, due)


def _counting(progress: Callable[[int], None] | None) -> Callable[[int, int | None], None] | None:
    """Turn "so many by now" into "so many more"."""
    if progress is None:
        return None
    seen = 0

    def count(now: int, _total: int | None) -> None:
        nonlocal seen
        progress(max(now - seen, 0))
        seen = now

    return count


# -- failures -------------------------------------------------------------------------------------


def _note_failure(
    this: Round,
    error: AcademicHubError,
    *,
    account: Account | None = None,
    parked_until: datetime | None = None,
) -> Outcome:
    """Write a failure down, and choose the next turn.

    Args:
        this: The refresh.
        error: What went wrong.
        account: Of what came before it did.
        parked_until: Another server was asked while this source's own is left alone: its failure is not the
            source's, and takes nothing from its parking.
    """
    source, now = this.source, this.clock()
    status = error.facts.get("status")
    status = status if isinstance(status, int) else None
    with this.database.writing() as connection:
        shelf.subscription(connection, source.key)
        fetch = log.open_fetch(
            connection,
            source_id=source.source_id,
            run=f"{this.run}:failed:{now.isoformat()}",
            address=str(error.facts.get("url", source.url)),
            fingerprint=None,
            byte_count=0,
            now=now,
        )
        log.close_interrupted(connection, source.source_id, but_run=fetch.run, now=now)
        log.finish_fetch(
            connection, fetch, status=FetchStatus.FAILED, now=now, http_status=status, error=error
        )
        if parked_until is not None:
            wait = max(WAY_ROUND_AGAIN, timedelta(seconds=_wish(error) or 0.0))
            due = min(now + wait, parked_until)
            shelf.note_try(connection, source.source_id, now=now, next_due_at=due)
            return Outcome(source.key, FetchStatus.FAILED, account or Account(), due, error)
        patience, next_due_at = _after_failure(this, error, http_status=status, now=now)
        shelf.note_failure(
            connection,
            source.source_id,
            error=error,
            now=now,
            next_due_at=next_due_at,
            patience=patience.as_json(),
            checked=None if source.is_checked else check_error(error, now=now),
        )
        judge_today(connection, source, None, now=now, next_due_at=next_due_at)
    return Outcome(source.key, FetchStatus.FAILED, account or Account(), next_due_at, error)


def _after_failure(
    this: Round, error: AcademicHubError, *, http_status: int | None, now: datetime
) -> tuple[policy.Patience, datetime | None]:
    patience, due = policy.after_failure(
        patience_of(this.source),
        error_code=error.code,
        http_status=http_status,
        retry_after_seconds=_wish(error),
        now=now,
        dice=this.dice(),
    )
    if patience.needs_another_way and other_way(this.source) is not None:
        due = now + timedelta(minutes=1)  # its papers come through Crossref meanwhile
    return patience, due


def _wish(error: AcademicHubError) -> float | None:
    said = error.facts.get("retry_after_seconds")
    return float(said) if isinstance(said, int | float) else None
