"""Ask a source, and shelve what it answers. Everything that can go wrong ends in the log."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from academichub.errors import AcademicHubError, SourceThrottled, SourceUnknown, StoreUnreachable
from academichub.fetch.client import Ask
from academichub.flows.answers import read_answer
from academichub.flows.shelving import shelve
from academichub.model.shelf import Account, FetchStatus
from academichub.sources import timing
from academichub.store import log
from academichub.store import sources as shelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from academichub.db.engine import Database
    from academichub.fetch.client import Reply
    from academichub.model.papers import Feed
    from academichub.store.log import OpenFetch
    from academichub.store.sources import Subscription

HTTP_NOT_MODIFIED = 304
# Troubles of the hub itself; every other error is the source's, and goes into its log.
OURS = (StoreUnreachable, SourceUnknown)


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
    next_due_at: datetime
    error: AcademicHubError | None = None


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
    if source.kind == "file":
        raise SourceUnknown(source=key, suggestion=None)
    if finished is not None:
        return Outcome(key, *finished, source.next_due_at or clock())
    ask = Ask(url=source.url, etag=source.etag, last_modified=source.last_modified)
    started_at = clock()
    try:
        reply = web.get(ask, now=started_at)
        return _take_in(database, source, reply, run=run, clock=clock, dice=dice, progress=progress)
    except AcademicHubError as error:
        if isinstance(error, OURS):
            raise
        return _note_failure(database, source, error, run=run, now=clock(), dice=dice())


def _take_in(
    database: Database,
    source: Subscription,
    reply: Reply,
    *,
    run: str,
    clock: Callable[[], datetime],
    dice: Callable[[], float],
    progress: Callable[[int], None] | None,
) -> Outcome:
    fingerprint = hashlib.sha256(reply.body).hexdigest() if reply.body else None
    is_same = reply.status == HTTP_NOT_MODIFIED or fingerprint == source.fingerprint
    feed = None if is_same else read_answer(reply.body, content_type=reply.content_type, base=reply.url)
    fetch = _open(database, source, reply, run=run, fingerprint=fingerprint, now=clock())
    if feed is not None:
        shelve(database, feed, fetch, now=clock(), progress=progress)
    status = _status(feed)
    now = clock()
    with database.writing() as connection:
        log.hold(connection, fetch)
        due = timing.next_after_answer(
            source.kind,
            feed=feed,
            has_batch=shelf.has_announced(connection, source.source_id, on=timing.arxiv_day(now)),
            now=now,
            max_age_seconds=reply.max_age_seconds,
            dice=dice(),
        )
        account = log.finish_fetch(
            connection,
            fetch,
            status=status,
            now=now,
            http_status=reply.status,
            elapsed_ms=reply.elapsed_ms,
        )
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
        )
    return Outcome(source.key, status, account, due)


def _open(
    database: Database,
    source: Subscription,
    reply: Reply,
    *,
    run: str,
    fingerprint: str | None,
    now: datetime,
) -> OpenFetch:
    # The bytes are part of the name: a retry that brings another body is another fetch.
    name = f"{run}:{fingerprint[:16]}" if fingerprint else run
    with database.writing() as connection:
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


def _note_failure(
    database: Database,
    source: Subscription,
    error: AcademicHubError,
    *,
    run: str,
    now: datetime,
    dice: float,
) -> Outcome:
    wish = error.facts.get("retry_after_seconds") if isinstance(error, SourceThrottled) else None
    due = timing.next_after_failure(
        failures=source.failures + 1,
        now=now,
        retry_after_seconds=float(wish) if isinstance(wish, int | float) else None,
        dice=dice,
    )
    status = error.facts.get("status")
    with database.writing() as connection:
        shelf.subscription(connection, source.key)
        fetch = log.open_fetch(
            connection,
            source_id=source.source_id,
            run=f"{run}:failed:{now.isoformat()}",
            address=source.url,
            fingerprint=None,
            byte_count=0,
            now=now,
        )
        log.close_interrupted(connection, source.source_id, but_run=fetch.run, now=now)
        log.finish_fetch(
            connection,
            fetch,
            status=FetchStatus.FAILED,
            now=now,
            http_status=status if isinstance(status, int) else None,
            error=error,
        )
        shelf.note_failure(connection, source.source_id, error=error, now=now, next_due_at=due)
    return Outcome(source.key, FetchStatus.FAILED, Account(), due, error)
