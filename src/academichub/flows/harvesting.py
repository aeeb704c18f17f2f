"""Ask a server page after page, and shelve each: a harvest that goes on wherever it was stopped."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Final

from academichub.errors import (
    AcademicHubError,
    AnswerMovedCursor,
    AnswerPageEmpty,
    AnswerPageRepeated,
    AnswerTokenExpired,
    FeedTooManyEntries,
    SourceGone,
    SourceNotFound,
    SourceUnknown,
)
from academichub.flows.ahead import Ahead, Here
from academichub.flows.shelving import shelve_cleaned
from academichub.model.shelf import Account, FetchStatus
from academichub.sources.harvest import Step, Window
from academichub.store import harvests, log
from academichub.store import sources as shelf
from academichub.store.log import Received

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime
    from typing import Any

    from academichub.db.engine import Database
    from academichub.flows.ahead import Arrival, Pages
    from academichub.flows.refreshing import Asks
    from academichub.sources.harvest import Connector
    from academichub.store.harvests import OpenHarvest
    from academichub.store.log import OpenFetch
    from academichub.store.sources import Subscription

MOST_RESTARTS: Final = 3  # of one call
MOST_TRIES: Final = 3  # of a page that lies; the server may have been in the middle of something
MOST_PAGES: Final = 100_000  # a server that always has one more is lying
# A page that says what cannot be: asked for again it may be right, for an error is no part of the stock.
LIES: Final = (AnswerPageEmpty, AnswerPageRepeated, AnswerMovedCursor)
LIE_CODES: Final = frozenset(lie.code for lie in LIES)
STEP_FIELDS: Final = frozenset(one.name for one in fields(Step))


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


@dataclass(slots=True)
class _Brought:
    """What one call has brought, and what it has put up with, so far."""

    account: Account = field(default_factory=Account)
    pages: int = 0
    elapsed_ms: int = 0
    total: int | None = None
    tries: int = 0  # of the page that is asked for now
    restarts: int = 0


def harvest(
    database: Database,
    web: Asks,
    wanted: Harvest,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int, int | None], None] | None = None,
    is_long: bool = False,
) -> Harvested:
    """Ask for page after page, shelve each, and remember the next question in the same transaction.

    Killed anywhere, the same call goes on with the page it was at; a page that was half shelved is
    continued by its content. A page that lies (empty before the end, the same again, a cursor that stands
    still) is asked for anew, and a token that expired begins the harvest again: what is on the shelves
    already counts as unchanged. So does a harvest that a lie had stopped before, and stops again.

    Args:
        database: The hub's database.
        web: The polite client.
        wanted: What to harvest.
        clock: The present, UTC.
        progress: Called with the entries seen so far and, where the server tells, their total.
        is_long: Many pages are expected: a second process reads and cleans ahead (`flows.ahead`).

    Returns:
        What came. An error of the server ends the call, with status FAILED; the next one goes on.

    Raises:
        StoreUnreachable: The database went away; nothing of the open page was kept.
        SourceUnknown: Somebody removed the source.
    """
    name, scope = wanted.connector.name, wanted.scope
    pages = Ahead(web, name=name, scope=scope) if is_long else Here(web, name=name, scope=scope)
    try:
        return _harvest(database, pages, wanted, clock=clock, progress=progress)
    finally:
        pages.close()


def _harvest(
    database: Database,
    pages: Pages,
    wanted: Harvest,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int, int | None], None] | None,
) -> Harvested:
    opened = _open(database, wanted, now=clock())
    brought = _Brought(total=opened.total)
    was_stuck = opened.status is FetchStatus.FAILED and opened.error_code in LIE_CODES
    while opened.status is not FetchStatus.OK:
        try:
            _take_page(database, pages, wanted, opened, brought, clock=clock)
        except AcademicHubError as error:
            if not _is_theirs(error):
                raise
            brought.tries += 1
            if isinstance(error, LIES) and brought.tries < MOST_TRIES:
                continue
            if not _may_begin_again(error, opened, brought, was_stuck=was_stuck):
                return _stand_still(database, wanted, opened, error, brought, now=clock())
            with database.writing() as connection:
                harvests.begin_again(connection, opened, now=clock())
            brought.restarts += 1
        else:
            was_stuck = False
        brought.tries = 0
        opened = _open(database, wanted, now=clock())
        if progress is not None:
            progress(opened.seen, brought.total)
    return _harvested(wanted, opened, brought)


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
        # Another version of the hub may have written it.
        return Step(**{name: value for name, value in opened.step.items() if name in STEP_FIELDS})
    if wanted.connector.first is None:
        msg = f"{wanted.connector.name} cannot be harvested"
        raise ValueError(msg)
    window = Window(wanted.since, wanted.until, now, is_past=wanted.purpose == "backfill")
    return wanted.connector.first(wanted.scope, window)


def _take_page(
    database: Database,
    pages: Pages,
    wanted: Harvest,
    opened: OpenHarvest,
    brought: _Brought,
    *,
    clock: Callable[[], datetime],
) -> None:
    if opened.pages >= MOST_PAGES:
        raise FeedTooManyEntries(entries=opened.seen, limit=MOST_PAGES)
    page = pages.take(_step(wanted, opened, now=clock()), now=clock())
    fetch = _open_page(database, wanted, opened, page.arrival, now=clock())
    if not fetch.is_finished:
        cleaned = page.cleaned(fetch.done)
        shelve_cleaned(database, cleaned, fetch, now=clock(), provider=wanted.connector.name)
    with database.writing() as connection:
        log.hold(connection, fetch)
        account = log.finish_fetch(
            connection,
            fetch,
            status=FetchStatus.OK if page.entries else FetchStatus.EMPTY,
            now=clock(),
            http_status=page.arrival.status,
            elapsed_ms=page.arrival.elapsed_ms,
            received=Received.NOT_COUNTED if wanted.purpose == "backfill" else Received.ADDS_UP,
        )
        is_ours = harvests.move_on(
            connection,
            opened,
            step=_written(page.next),
            entries=page.entries,
            total=page.total,
            now=clock(),
        )
    if is_ours:  # otherwise another process has counted it
        brought.account += account
        brought.pages += 1
        brought.elapsed_ms += page.arrival.elapsed_ms
        brought.total = page.total if page.total is not None else brought.total


def _open_page(
    database: Database, wanted: Harvest, opened: OpenHarvest, arrival: Arrival, *, now: datetime
) -> OpenFetch:
    run = opened.page_run(arrival.fingerprint)
    with database.writing() as connection:
        source = shelf.subscription(connection, wanted.source.key)
        if source.source_id != opened.source_id:  # removed while we asked, and subscribed again
            raise SourceUnknown(source=wanted.source.key, suggestion=None)
        harvests.close_left(connection, opened, but_run=run, now=now)
        return log.open_fetch(
            connection,
            source_id=source.source_id,
            run=run,
            address=arrival.url,
            fingerprint=arrival.fingerprint,
            byte_count=arrival.byte_count,
            now=now,
        )


def _written(step: Step | None) -> Mapping[str, Any] | None:
    if step is None:
        return None
    # Marks and tokens are a server's words, and may hold what no database keeps.
    return {
        name: log.storable(value) if isinstance(value, str) else value for name, value in asdict(step).items()
    }


# -- when it does not get on ----------------------------------------------------------------------


def _is_theirs(error: AcademicHubError) -> bool:
    """Tell a trouble of the server from one of the hub itself."""
    is_ours = isinstance(error, SourceUnknown)
    return not is_ours and error.code.startswith(("source.", "feed.", "answer.", "address.", "gate."))


def _may_begin_again(
    error: AcademicHubError, opened: OpenHarvest, brought: _Brought, *, was_stuck: bool
) -> bool:
    """Tell whether the first question may help where this one does not."""
    if isinstance(error, AnswerTokenExpired):
        return brought.restarts < MOST_RESTARTS
    # Some servers forget a place in their list without a word; and a lie may hang on one cursor.
    is_lost = isinstance(error, SourceNotFound | SourceGone) or (was_stuck and isinstance(error, LIES))
    return is_lost and opened.step is not None and brought.restarts == 0


def _stand_still(
    database: Database,
    wanted: Harvest,
    opened: OpenHarvest,
    error: AcademicHubError,
    brought: _Brought,
    *,
    now: datetime,
) -> Harvested:
    with database.writing() as connection:
        harvests.give_up(connection, opened, error=error, now=now)
    return replace(_harvested(wanted, opened, brought), status=FetchStatus.FAILED, error=error)


def _harvested(wanted: Harvest, opened: OpenHarvest, brought: _Brought) -> Harvested:
    return Harvested(
        run=wanted.run,
        status=opened.status,
        account=brought.account,
        pages=brought.pages,
        seen=opened.seen,
        total=brought.total,
        elapsed_ms=brought.elapsed_ms,
    )
