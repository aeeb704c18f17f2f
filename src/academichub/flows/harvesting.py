"""Ask a server page after page, and shelve each: a harvest that goes on wherever it was stopped."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from academichub.errors import AcademicHubError, AnswerTokenExpired, FeedError, StoreUnreachable
from academichub.fetch.client import Ask
from academichub.fetch.limits import MEBIBYTE
from academichub.flows.shelving import shelve
from academichub.model.shelf import Account, FetchStatus
from academichub.sources.announced import with_announcements
from academichub.sources.harvest import Step, Window
from academichub.sources.limits import DEFAULT_LIMITS
from academichub.store import harvests, log
from academichub.store import sources as shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime
    from typing import Any

    from academichub.db.engine import Database
    from academichub.flows.refreshing import Asks
    from academichub.sources.harvest import Connector, Page
    from academichub.store.harvests import OpenHarvest
    from academichub.store.sources import Subscription

API_BYTES: Final = 64 * MEBIBYTE
MOST_RESTARTS: Final = 3
MOST_TRIES: Final = 3  # of a page that lies; the server may have been in the middle of something
MOST_PAGES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Harvested:
    """What a harvest, or the part of it that this call did, brought."""

    run: str
    status: FetchStatus
    account: Account
    pages: int
    seen: int
    total: int | None
    elapsed_ms: int = 0
    error: AcademicHubError | None = None


@dataclass(frozen=True, slots=True)
class Harvest:
    """What is to be harvested."""

    source: Subscription
    connector: Connector
    scope: str
    run: str
    purpose: str  # "refresh", "backfill", "heal"
    since: date | None
    until: date | None


def harvest(
    database: Database,
    web: Asks,
    wanted: Harvest,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int, int | None], None] | None = None,
) -> Harvested:
    """Ask for page after page, shelve each, and remember the next question in the same transaction.

    Killed anywhere, the same call goes on with the page it was at; a page that was half shelved is
    continued by its content. A page that lies (empty before the end, the same again, a cursor that stands
    still) is asked for anew, and a token that expired begins the harvest again: what is on the shelves
    already counts as unchanged.

    Args:
        database: The hub's database.
        web: The polite client.
        wanted: What to harvest.
        clock: The present, UTC.
        progress: Called with the entries seen so far and, where the server tells, their total.

    Returns:
        What came. An error of the server ends the call, with status FAILED; the next one goes on.

    Raises:
        StoreUnreachable: The database went away; nothing of the open page was kept.
        SourceUnknown: Somebody removed the source.
    """
    opened = _open(database, wanted, now=clock())
    total, account, pages, elapsed = opened.total, Account(), 0, 0
    tries = 0
    while opened.status is not FetchStatus.OK and opened.pages < MOST_PAGES:
        step = _step(wanted, opened, now=clock())
        try:
            page, reply_ms, part = _take_page(database, web, wanted, opened, step, clock=clock)
        except AnswerTokenExpired as error:
            if opened.restarts >= MOST_RESTARTS:
                return _stand_still(database, wanted, opened, error, account, pages, now=clock())
            with database.writing() as connection:
                harvests.begin_again(connection, opened, now=clock())
        except (FeedError, AcademicHubError) as error:
            if isinstance(error, StoreUnreachable) or not _is_theirs(error):
                raise
            tries += 1
            if not (isinstance(error, FeedError) and error.retryable and tries < MOST_TRIES):
                return _stand_still(database, wanted, opened, error, account, pages, now=clock())
        else:
            tries = 0
            account += part
            pages += 1
            elapsed += reply_ms
            total = page.total if page.total is not None else total
        opened = _open(database, wanted, now=clock())
        if progress is not None:
            progress(opened.seen, total)
    return Harvested(wanted.run, opened.status, account, pages, opened.seen, total, elapsed)


def _open(database: Database, wanted: Harvest, *, now: datetime) -> OpenHarvest:
    with database.writing() as connection:
        return harvests.open_harvest(
            connection,
            source_id=wanted.source.source_id,
            run=wanted.run,
            purpose=wanted.purpose,
            since=wanted.since,
            until=wanted.until,
            now=now,
        )


def _step(wanted: Harvest, opened: OpenHarvest, *, now: datetime) -> Step:
    if opened.step is not None:
        return Step(**opened.step)
    if wanted.connector.first is None:
        msg = f"{wanted.connector.name} cannot be harvested"
        raise ValueError(msg)
    return wanted.connector.first(wanted.scope, Window(wanted.since, wanted.until, now))


def _take_page(
    database: Database,
    web: Asks,
    wanted: Harvest,
    opened: OpenHarvest,
    step: Step,
    *,
    clock: Callable[[], datetime],
) -> tuple[Page, int, Account]:
    ask = Ask(url=step.url, accept=step.accept, post=step.post, max_bytes=API_BYTES)
    reply = web.get(ask, now=clock())
    page = wanted.connector.read(reply.body, step, DEFAULT_LIMITS)
    feed = replace(page.feed, provider=wanted.connector.name)
    if wanted.connector.name == "oai":
        feed = with_announcements(feed, scope=wanted.scope)
    fingerprint = hashlib.sha256(reply.body).hexdigest()
    now = clock()
    with database.writing() as connection:
        shelf.subscription(connection, wanted.source.key)  # it may have been removed while we asked
        name = f"{wanted.run}#{opened.restarts}.{opened.pages}:{fingerprint[:16]}"
        fetch = log.open_fetch(
            connection,
            source_id=wanted.source.source_id,
            run=name,
            address=reply.url,
            fingerprint=fingerprint,
            byte_count=len(reply.body),
            now=now,
        )
    if not fetch.is_finished:
        shelve(database, feed, fetch, now=now, provider=wanted.connector.name)
    entries = len(feed.records) + len(feed.rejected)
    with database.writing() as connection:
        log.hold(connection, fetch)
        account = log.finish_fetch(
            connection,
            fetch,
            status=FetchStatus.OK if entries else FetchStatus.EMPTY,
            now=clock(),
            http_status=reply.status,
            elapsed_ms=reply.elapsed_ms,
        )
        harvests.move_on(
            connection,
            opened,
            step=_written(page.next),
            entries=entries,
            total=page.total,
            now=clock(),
        )
    return page, reply.elapsed_ms, account


def _written(step: Step | None) -> Mapping[str, Any] | None:
    if step is None:
        return None
    # Marks and tokens are a server's words, and may hold what no database keeps.
    return {
        name: log.storable(value) if isinstance(value, str) else value for name, value in asdict(step).items()
    }


def _is_theirs(error: AcademicHubError) -> bool:
    """Tell a trouble of the server from one of the hub itself."""
    is_ours = error.code == "source.unknown"
    return not is_ours and error.code.startswith(("source.", "feed.", "answer.", "address.", "gate."))


def _stand_still(
    database: Database,
    wanted: Harvest,
    opened: OpenHarvest,
    error: AcademicHubError,
    account: Account,
    pages: int,
    *,
    now: datetime,
) -> Harvested:
    with database.writing() as connection:
        harvests.give_up(connection, opened, error=error, now=now)
    return Harvested(wanted.run, FetchStatus.FAILED, account, pages, opened.seen, opened.total, error=error)
